"""People whom a patient lets in: added by the patient or by staff, let go at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.db.models import QuerySet

from tracker import access
from tracker.access import NotAllowed, Phone, Staff
from tracker.models import Caregiver, DeviceSession, Invitation, Patient, PushSubscription, User
from tracker.services import audit, invitations
from tracker.services.invitations import Invited

MOST = 5


class TooManyCaregivers(Exception):
    """A patient lets in five at once: one has to go before the next comes."""


class NameMissing(Exception):
    """Somebody without a name cannot be told from the others."""


@dataclass(frozen=True, slots=True)
class Added:
    caregiver: Caregiver
    invited: Invited


@dataclass(frozen=True, slots=True)
class _By:
    """Who lets somebody in, or puts them out."""

    audit_name: str
    user: User | None


def caregivers_of(*, patient: Patient) -> QuerySet[Caregiver]:
    """Give those who are let in now, in the order in which they came."""
    return patient.caregivers.filter(revoked_at__isnull=True).order_by("created_at", "pk")


def add(
    *, phone: Phone, name: str, may_log: bool, now: datetime, client_id: UUID | None = None
) -> Added:
    """Let somebody in, from the patient's own phone.

    The same form sent again lets nobody in twice: it makes a new code for the same person.
    `Caregiver.DoesNotExist` if they were let go meanwhile.
    """
    by = _patient_of(phone)
    # Within the patient: an id from a phone never meets one of somebody else.
    caregiver_id = uuid5(phone.patient.pk, str(client_id or uuid4()))
    return _add(phone.patient, by, name, may_log, now, caregiver_id)


def add_by_staff(
    *, staff: Staff, patient_id: UUID, name: str, may_log: bool, now: datetime
) -> Added:
    """Let somebody in at the patient's word; `Patient.DoesNotExist` for any other clinic's."""
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    return _add(patient, _By(staff.audit_name, staff.user), name, may_log, now, uuid4())


def invite_again(*, phone: Phone, caregiver_id: UUID, now: datetime) -> Added:
    """Make a new code for somebody who lost theirs, or who has a new phone."""
    _patient_of(phone)
    return _again(phone.patient, caregiver_id, now)


def _again(patient: Patient, caregiver_id: UUID, now: datetime) -> Added:
    caregiver = caregivers_of(patient=patient).get(pk=caregiver_id)
    return Added(caregiver, _invite(caregiver, None, now))


def revoke(*, phone: Phone, caregiver_id: UUID, now: datetime) -> None:
    """Put somebody out, from the patient's own phone: their next request is refused."""
    _revoke(phone.patient, caregiver_id, _patient_of(phone), now)


def revoke_by_staff(*, staff: Staff, caregiver_id: UUID, now: datetime) -> None:
    """Put somebody out at the patient's word; `Caregiver.DoesNotExist` for any other clinic's."""
    rows = access.of_clinic(staff, Caregiver.objects.select_related("patient"))
    caregiver = rows.get(pk=caregiver_id)
    _revoke(caregiver.patient, caregiver_id, _By(staff.audit_name, staff.user), now)


def _patient_of(phone: Phone) -> _By:
    if phone.caregiver is not None:
        raise NotAllowed("Only the patient lets people in, or puts them out.")
    return _By(phone.audit_name, None)


@transaction.atomic
def _add(
    patient: Patient, by: _By, name: str, may_log: bool, now: datetime, caregiver_id: UUID
) -> Added:
    if not name.strip():
        raise NameMissing("Give the name of this person.")
    # Two may be added at the same moment: the second sees what the first has left.
    Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    if patient.caregivers.filter(pk=caregiver_id).exists():
        return _again(patient, caregiver_id, now)
    if caregivers_of(patient=patient).count() >= MOST:
        raise TooManyCaregivers(f"At most {MOST} people: end the access of somebody first.")
    caregiver = Caregiver.objects.create(
        id=caregiver_id,
        clinic_id=patient.clinic_id,
        patient=patient,
        name=name.strip(),
        may_log=may_log,
        added_by=by.user,
        created_at=now,
    )
    _audit(caregiver, by, "caregiver.add", now)
    return Added(caregiver, _invite(caregiver, by.user, now))


def _invite(caregiver: Caregiver, invited_by: User | None, now: datetime) -> Invited:
    return invitations.invite(
        patient=caregiver.patient, caregiver=caregiver, invited_by=invited_by, now=now
    )


@transaction.atomic
def _revoke(patient: Patient, caregiver_id: UUID, by: _By, now: datetime) -> None:
    rows = Caregiver.objects.select_for_update().filter(patient=patient)
    caregiver = rows.get(pk=caregiver_id)
    if caregiver.revoked_at is not None:
        return
    caregiver.revoked_at = now
    caregiver.save(update_fields=["revoked_at"])
    sessions = DeviceSession.objects.filter(caregiver=caregiver, revoked_at__isnull=True)
    standing = PushSubscription.objects.filter(device_session__in=sessions, ended_at__isnull=True)
    standing.update(ended_at=now)
    sessions.update(revoked_at=now)
    unused = Invitation.objects.filter(caregiver=caregiver, used_at__isnull=True)
    unused.filter(expires_at__gt=now).update(expires_at=now)
    _audit(caregiver, by, "caregiver.revoke", now)


def _audit(caregiver: Caregiver, by: _By, action: str, now: datetime) -> None:
    audit.record(
        clinic_id=caregiver.clinic_id,
        actor=by.audit_name,
        action=action,
        subject=f"caregiver:{caregiver.pk}",
        patient_id=caregiver.patient_id,
        now=now,
    )
