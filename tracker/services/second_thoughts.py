"""Record a form that may be sent more than once, and what its sender thought better of."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from tracker.models import Caregiver, CheckIn, Patient
from tracker.services import check_ins
from tracker.services.check_ins import CheckInIdTaken
from tracker.services.kept_answers import as_kept

SECOND_THOUGHTS = timedelta(minutes=15)
"""A form that is sent again within this time corrects what it sent; later it is a new check-in."""


def record_form(
    *,
    patient: Patient,
    form_id: uuid.UUID,
    answers: dict[str, Any],
    now: datetime,
    caregiver: Caregiver | None = None,
) -> CheckIn:
    """Record a form once, however often it is sent; sent again with other answers, correct it."""
    try:
        return check_ins.record_check_in(
            patient=patient, client_id=form_id, answers=answers, now=now, caregiver=caregiver
        ).check_in
    except CheckInIdTaken:
        earlier = newest_of(CheckIn.objects.get(patient=patient, client_id=form_id))
    if _content(earlier.answers) == _content(answers):
        return earlier
    if now - earlier.recorded_at < SECOND_THOUGHTS:
        answers = {**answers, "corrects": str(earlier.client_id)}
    again = uuid.uuid5(form_id, _content(answers))
    return record_form(
        patient=patient, form_id=again, answers=answers, now=now, caregiver=caregiver
    )


def newest_of(check_in: CheckIn) -> CheckIn:
    """Follow the corrections of a check-in to the one that counts."""
    while hasattr(check_in, "corrected_by"):
        check_in = check_in.corrected_by
    return check_in


def _content(answers: dict[str, Any]) -> str:
    """What was said, apart from when it was said and what it replaces."""
    said_only = {key: answers[key] for key in answers if key not in ("observed_at", "corrects")}
    return json.dumps(as_kept(said_only), sort_keys=True)
