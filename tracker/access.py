"""Who somebody is, and whose rows they may see. A missing scope finds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from tracker import across, policy
from tracker.models import Caregiver, Clinic, DeviceSession, Membership, Patient, User
from tracker.policy import Action
from tracker.scope import clinic_scope

LONGEST_TOKEN = 200
M = TypeVar("M", bound=Model)


class NotAllowed(Exception):
    """The table of permissions says no (any more)."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A signed-in phone: the patient's own, or that of somebody whom they let in."""

    session: DeviceSession
    patient: Patient

    is_authenticated = True

    @property
    def clinic(self) -> Clinic:
        return self.patient.clinic

    @property
    def caregiver(self) -> Caregiver | None:
        """Who holds it; nobody but the patient on a phone of their own."""
        return self.session.caregiver

    @property
    def audit_name(self) -> str:
        if self.caregiver is not None:
            return f"caregiver:{self.caregiver.pk}"
        return f"patient:{self.patient.pk}"


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff at one clinic; the clinic comes from the membership, never the request."""

    user: User
    membership: Membership

    is_authenticated = True

    @property
    def clinic(self) -> Clinic:
        return self.membership.clinic

    @property
    def audit_name(self) -> str:
        return f"user:{self.user.pk}"

    @property
    def may_act(self) -> bool:
        return self.may(Action.ALERT_WORK)

    def may(self, action: Action | None) -> bool:
        """Ask the one table of permissions."""
        return policy.may(self.membership.role, action)


def digest(secret: str) -> str:
    """Secrets of 256 bits are looked up by digest; the database never holds one."""
    return sha256(secret.encode()).hexdigest()


def clinic_of(token: str | None) -> UUID | None:
    """At which clinic to look for the phone that holds this token."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return across.clinic_of_phone(digest(token))


def phone_for(token: str | None) -> Phone | None:
    """Find the signed-in phone that holds this token, unless it was revoked."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    session = (
        DeviceSession.objects.select_related("patient__clinic", "caregiver")
        .filter(token_digest=digest(token), revoked_at__isnull=True)
        .first()
    )
    return Phone(session=session, patient=session.patient) if session else None


def memberships_of(user: Any) -> list[Membership]:
    """Where this user works now; nowhere when the account is closed."""
    if not isinstance(user, User) or not user.is_active:
        return []
    return [each for clinic_id in across.clinics_of_user(user.pk) for each in _at(clinic_id, user)]


def _at(clinic_id: UUID, user: User) -> list[Membership]:
    working = Membership.objects.filter(clinic_id=clinic_id, user=user, ended_at__isnull=True)
    with clinic_scope(clinic_id):
        return list(working.select_related("clinic"))


def staff_for(user: Any, clinic_id: str | None = None) -> Staff | None:
    """Find the membership under which this user works.

    Whoever works at several clinics must have chosen one: nobody is at two desks at once.
    """
    memberships = memberships_of(user)
    if len(memberships) > 1:
        memberships = [each for each in memberships if str(each.clinic_id) == clinic_id]
    return Staff(user=user, membership=memberships[0]) if memberships else None


def of_clinic(staff: Staff, rows: QuerySet[M]) -> QuerySet[M]:
    """Narrow rows to those of the clinic where this person works."""
    return rows.filter(clinic_id=staff.clinic.pk)


def of_patient(phone: Phone, rows: QuerySet[M]) -> QuerySet[M]:
    """Narrow rows to the patient's own."""
    return rows.filter(clinic_id=phone.clinic.pk, patient_id=phone.patient.pk)
