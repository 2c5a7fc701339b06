"""What a manager says about the clinic: how patients know it, and by which ways messages may go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from tracker.access import NotAllowed, Staff
from tracker.models import Clinic
from tracker.policy import Action
from tracker.services import audit
from tracker.services.corrections import refuse_undoing

FIELDS = (
    "name",
    "phone",
    "emergency_number",
    "hours",
    "booking_link",
    "timezone",
    "language",
    "temperature_unit",
    "glucose_unit",
    "email_allowed",
    "sms_allowed",
    "sms_sender",
    "digest_at",
    "keep_years",
)
"""Hours and who is on call are set in services/cover.py."""


@transaction.atomic
def change_clinic(
    *, staff: Staff, values: Mapping[str, Any], shown: Mapping[str, Any], now: datetime
) -> list[str]:
    """Set what differs, and name it; units and language hold for patients enrolled from now on.

    `shown` is what stood on the page: `ChangedMeanwhile` where a colleague has changed the same.
    """
    if not staff.may(Action.CLINIC_SET):
        raise NotAllowed
    # No key: a check-in must be able to name the clinic meanwhile.
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=staff.clinic.pk)
    standing = {name: getattr(clinic, name) for name in FIELDS if name in values}
    refuse_undoing(standing=standing, fields=values, shown=shown)
    changed = [name for name, value in standing.items() if value != values[name]]
    for name in changed:
        setattr(clinic, name, values[name])
    if changed:
        clinic.save(update_fields=changed)
        audit.record(
            clinic_id=clinic.pk,
            actor=staff.audit_name,
            action="clinic.change",
            subject=f"clinic:{clinic.pk}",
            patient_id=None,
            now=now,
        )
    return changed
