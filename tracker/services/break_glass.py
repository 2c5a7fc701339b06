"""Let somebody without patient data open one patient for an hour, for a reason that stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tracker import access
from tracker.access import NotAllowed, Staff
from tracker.models import BreakGlass, Patient
from tracker.policy import Action
from tracker.services import audit

LASTS = timedelta(hours=1)


class GiveAReason(Exception):
    """Whoever opens a record this way says why; its patient and the manager read it."""


@transaction.atomic
def break_glass(*, staff: Staff, phone: str, reason: str, now: datetime) -> BreakGlass:
    """Open the one patient with this phone number; `Patient.DoesNotExist` for any other."""
    if not staff.may(Action.BREAK_GLASS):
        raise NotAllowed
    if not reason.strip():
        raise GiveAReason("Say why you need this record.")
    patients = list(access.of_clinic(staff, Patient.objects.filter(phone=phone))[:2])
    if len(patients) != 1:
        raise Patient.DoesNotExist
    opened = BreakGlass.objects.create(
        clinic=staff.clinic,
        patient=patients[0],
        user=staff.user,
        reason=reason.strip(),
        opened_at=now,
        closes_at=now + LASTS,
    )
    audit.record(
        clinic_id=staff.clinic.pk,
        actor=staff.audit_name,
        action="break_glass.open",
        subject=f"break_glass:{opened.pk}",
        patient_id=opened.patient_id,
        now=now,
    )
    return opened


def is_open(*, staff: Staff, patient_id: UUID, now: datetime) -> bool:
    """Whether this person may look at this patient for now."""
    rows = access.of_clinic(staff, BreakGlass.objects.filter(user=staff.user))
    return rows.filter(patient_id=patient_id, opened_at__lte=now, closes_at__gt=now).exists()
