"""Who looked at a patient's data: the audit, as its patient may read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet

from tracker import access
from tracker.access import Phone
from tracker.models import AuditEvent, Caregiver, Membership, User
from tracker.models.audit_event import AuditOutcome


class Kind(StrEnum):
    """What somebody did, as plainly as it can be said."""

    OPENED = "opened"
    LISTED = "listed"
    EXPORTED = "exported"
    BREAK_GLASS = "break_glass"
    WORKED = "worked"


@dataclass(frozen=True, slots=True)
class Somebody:
    """Whoever it was; the role is theirs today, and empty when they work here no more."""

    kind: str
    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    at: datetime
    who: Somebody
    what: Kind


def looks_at(phone: Phone) -> QuerySet[AuditEvent]:
    """What others did with the data of whoever holds this phone; not what they did themselves."""
    patient = phone.patient
    others = Q(actor__startswith="user:") | Q(actor__startswith="caregiver:")
    theirs = Q(patient_id=patient.pk) | Q(shown__contains=[patient.pk])
    rows = AuditEvent.objects.filter(others, theirs, outcome=AuditOutcome.OK)
    return rows.filter(clinic_id=phone.clinic.pk)


def reader(phone: Phone) -> Callable[[AuditEvent], Look]:
    """Tell what an event says; who everybody is, is asked once."""
    known = _people(phone)

    def read(event: AuditEvent) -> Look:
        kind = "caregiver" if event.actor.startswith("caregiver:") else "staff"
        who = known.get(event.actor, Somebody(kind, ""))
        return Look(event.at, who, kind_of(event))

    return read


def kind_of(event: AuditEvent) -> Kind:
    if event.action.startswith("break_glass."):
        return Kind.BREAK_GLASS
    if "export" in event.action:
        return Kind.EXPORTED
    if event.patient_id is None or event.action.endswith(".list"):
        return Kind.LISTED
    return Kind.OPENED if event.action.endswith((".view", ".open")) else Kind.WORKED


def _people(phone: Phone) -> dict[str, Somebody]:
    """Everybody who could stand in this patient's audit, by the name that they have there."""
    members = Membership.objects.filter(clinic_id=phone.clinic.pk).select_related("user")
    caregivers = access.of_patient(phone, Caregiver.objects.all())
    return {
        **{f"user:{each.user_id}": _member(each, each.user) for each in members},
        **{f"caregiver:{each.pk}": Somebody("caregiver", each.name) for each in caregivers},
    }


def _member(membership: Membership, user: User) -> Somebody:
    # An address of e-mail is no name to show to patients.
    role = "" if membership.ended_at else membership.role.lower()
    return Somebody("staff", user.name, role)
