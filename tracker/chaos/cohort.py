"""Enrols fictional patients in the trial's own database: `python -m tracker.chaos.cohort N`."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

NAME = "Trial patient {}"


def enrol(count: int) -> list[str]:
    """Make patients two days after their block, and give the codes that sign their phones in."""
    from tracker import clock
    from tracker.access import staff_for
    from tracker.models import User
    from tracker.services import invitations, procedures
    from tracker.services.demo import STAFF

    nurse = staff_for(User.objects.get(email=STAFF[0][0]))
    if nurse is None:
        raise RuntimeError("there is no demo clinic")
    now = clock.now()
    codes = []
    for number in range(count):
        enrolled = procedures.enrol(
            staff=nurse,
            patient={"name": NAME.format(number), "phone": "+15555550199"},
            procedure={
                "nerves": ["superior_cluneal"],
                "side": "right",
                "kind": "therapeutic",
                "ended_at": now - timedelta(hours=50),
                "baseline_pain": 6,
            },
            now=now,
        )
        invited = invitations.invite(patient=enrolled.patient, invited_by=None, now=now)
        codes.append(invited.code)
    return codes


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(enrol(int(sys.argv[1]))))
