"""What people answer to a text: STOP ends texts at once; nothing else is read."""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from tracker import across
from tracker.models import Patient
from tracker.models.consent import ConsentKind
from tracker.scope import clinic_scope
from tracker.services import audit, consents

NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
STOPS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "ALTO", "BAJA", "PARAR", "CANCELAR"}
)
"""What carriers know in English, and what people write in Spanish. START begins nothing: agreeing
needs the words, so it is done on the phone or with staff."""


class NotANumber(Exception):
    """The sender is not a number as the world dials it."""


def hear(*, sender: str, text: str, now: datetime) -> int:
    """Take an answer; give how many patients with this number get no texts any more."""
    if not NUMBER.fullmatch(sender):
        raise NotANumber
    if not is_stop(text):
        return 0
    return sum(_end(sender, now, clinic_id) for clinic_id in across.clinics())


def is_stop(text: str) -> bool:
    """The whole answer must be the word: a sentence with it in may say anything."""
    return text.strip().strip(".!\"'").strip().upper() in STOPS


def _end(sender: str, now: datetime, clinic_id: UUID) -> int:
    with clinic_scope(clinic_id):
        patients = list(Patient.objects.filter(clinic_id=clinic_id, phone=sender))
        return sum(
            consents.withdraw(
                patient=each, kind=ConsentKind.SMS, through=consents.STOP,
                actor=audit.UNKNOWN, now=now,
            )
            for each in patients
        )  # fmt: skip
