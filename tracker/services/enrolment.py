"""Take a patient into the clinic's care and hand over the card, in one step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tracker import access
from tracker.access import Staff
from tracker.models import Patient
from tracker.models.consent import ConsentKind
from tracker.services import caregivers, consents, invitations, procedures
from tracker.services.caregivers import Added
from tracker.services.invitations import Invited


class AlreadyEnrolled(Exception):
    """The same form arrived twice; `patient` is who the first one enrolled."""

    def __init__(self, patient: Patient) -> None:
        super().__init__("This patient is already enrolled.")
        self.patient = patient


@dataclass(frozen=True, slots=True)
class Carded:
    """A patient, and the secrets for their phone, which are shown once."""

    patient: Patient
    invited: Invited
    helper: Added | None = None
    """Somebody who helps, with secrets of their own."""


def enrol_patient(
    *,
    staff: Staff,
    patient_id: UUID,
    patient: dict[str, Any],
    procedure: dict[str, Any],
    agreed: Collection[ConsentKind] | None = None,
    helper: dict[str, Any] | None = None,
    now: datetime,
) -> Carded:
    """Enrol a patient with one procedure, and invite a phone; and a helper's, if there is one.

    The form brings the patient's id, made by the server, so that sending it twice enrols once.
    """
    try:
        with transaction.atomic():
            enrolled = procedures.enrol(
                staff=staff, patient={"id": patient_id, **patient}, procedure=procedure, now=now
            )
            if agreed is not None:
                _record_consents(staff, enrolled.patient, agreed, now)
            return _carded(staff, enrolled.patient, now, helper)
    except IntegrityError:
        twin = access.of_clinic(staff, Patient.objects.all()).filter(pk=patient_id).first()
        if twin is None:
            raise
        raise AlreadyEnrolled(twin) from None


@transaction.atomic
def invite_again(*, staff: Staff, patient_id: UUID, now: datetime) -> Carded:
    """Make a new card for a patient of this clinic; `Patient.DoesNotExist` for any other."""
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    return _carded(staff, patient, now)


def _record_consents(
    staff: Staff, patient: Patient, agreed: Collection[ConsentKind], now: datetime
) -> None:
    consents.give(patient=patient, kinds=agreed, recorded_by=staff.user, now=now)
    if patient.email and ConsentKind.EMAIL not in agreed:
        # The address is there for staff; the product writes to it only when they may.
        consents.withdraw(
            patient=patient, kind=ConsentKind.EMAIL, through=consents.STAFF,
            actor=staff.audit_name, now=now,
        )  # fmt: skip


def _carded(
    staff: Staff, patient: Patient, now: datetime, helper: dict[str, Any] | None = None
) -> Carded:
    invited = invitations.invite(patient=patient, invited_by=staff.user, now=now)
    if not helper:
        return Carded(patient, invited)
    added = caregivers.add_by_staff(staff=staff, patient_id=patient.pk, **helper, now=now)
    return Carded(patient, invited, added)
