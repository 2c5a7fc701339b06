"""What a patient says while staff are on the phone with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from tracker import access
from tracker.access import NotAllowed, Staff
from tracker.models import Patient
from tracker.policy import LETS_YOU_READ, Action
from tracker.services import check_ins
from tracker.services.check_ins import Recorded


def record_on_the_phone(
    *, staff: Staff, patient_id: UUID, client_id: UUID, answers: dict[str, Any], now: datetime
) -> Recorded:
    """Record a check-in in the name of whoever types it; it is judged like any other.

    `Patient.DoesNotExist` for a patient of any other clinic.
    """
    if not staff.may(Action.PATIENT_CHANGE):
        raise NotAllowed(LETS_YOU_READ)
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    return check_ins.record_check_in(
        patient=patient, client_id=client_id, answers=answers, now=now, entered_by=staff.user
    )
