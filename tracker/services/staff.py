"""Who works at a clinic, as what, and the way out. tracker/services/staff_links.py lets them in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from tracker import access, policy
from tracker.access import NotAllowed, Staff
from tracker.models import Alert, Clinic, Membership
from tracker.models.alert import AlertState
from tracker.models.clinic import Role
from tracker.policy import Action
from tracker.services import audit, staff_links
from tracker.services.staff_links import Invited


class AskSomebodyElse(Exception):
    """Nobody does this to their own account, so that a clinic never loses its last manager."""


class AskTheServer(Exception):
    """What reaches beyond one clinic is done on the server, by whoever operates it."""


class AlreadyHere(Exception):
    """This person works here already."""


class GiveAReason(Exception):
    """Setting up somebody's sign-in anew needs a reason that can be read later."""


def members(*, staff: Staff) -> QuerySet[Membership]:
    """Everybody who works or has worked here, those who do first."""
    everybody = access.of_clinic(staff, Membership.objects.select_related("user"))
    return everybody.order_by(F("ended_at").asc(nulls_first=True), "user__name", "pk")


@transaction.atomic
def invite(*, staff: Staff, email: str, name: str, role: Role, now: datetime) -> Invited:
    """Make a link for a colleague of this clinic."""
    clinic = _managed(staff)
    if role not in policy.GIVEN_BY_MANAGERS:
        raise AskTheServer("Operators are made on the server, not at a clinic.")
    if clinic.memberships.filter(user__email__iexact=email, ended_at__isnull=True).exists():
        raise AlreadyHere("This person works here already: change their role in the list.")
    return staff_links.to_join(
        clinic=clinic, email=email, name=name, role=role, created_by=staff.user, now=now
    )


@transaction.atomic
def change_role(*, staff: Staff, membership_id: int, role: Role, now: datetime) -> None:
    """Give a colleague another role from their next request on."""
    _managed(staff)
    membership = _colleague(staff, membership_id)
    if Role.OPERATOR in (role, membership.role):
        raise AskTheServer("Operators are made and unmade on the server, not at a clinic.")
    # A link that was handed out before must not bring the old role back.
    staff_links.open_links(membership=membership).update(role=role)
    membership.role = role
    membership.save(update_fields=["role"])
    _audit(staff, "staff.role", membership, now)


@transaction.atomic
def deactivate(*, staff: Staff, membership_id: int, now: datetime) -> None:
    """Let somebody work here no longer, from their next request on."""
    _managed(staff)
    membership = _colleague(staff, membership_id)
    # First, as whoever accepts one does: who comes in by it meanwhile is put out below.
    staff_links.open_links(membership=membership).update(used_at=now)
    membership.ended_at, membership.on_call_order = now, None
    membership.save(update_fields=["ended_at", "on_call_order"])
    staff_links.end_sessions(user=membership.user)
    # What they had taken comes back with the next sweep, whatever its tier.
    taken = Alert.objects.filter(clinic=membership.clinic, owner=membership.user)
    taken.filter(state=AlertState.ACKNOWLEDGED).update(due_at=now)
    _audit(staff, "staff.deactivate", membership, now)


@transaction.atomic
def reset_second_factor(*, staff: Staff, membership_id: int, reason: str, now: datetime) -> Invited:
    """Forget how a colleague signs in, and give a link to set it up anew."""
    _managed(staff)
    membership = _colleague(staff, membership_id)
    if not reason.strip():
        raise GiveAReason("Say how you know that it is them, and what was lost.")
    if membership.role == Role.OPERATOR or len(access.memberships_of(membership.user)) > 1:
        raise AskTheServer("This account reaches beyond your clinic: ask whoever runs the server.")
    _audit(staff, "staff.reset_second_factor", membership, now)
    return staff_links.to_recover(
        membership=membership, reason=reason.strip(), created_by=staff.user, now=now
    )


def _managed(staff: Staff) -> Clinic:
    """Lock the clinic, and look again: two managers may be removing each other."""
    # No key: a check-in must be able to name the clinic, and holds alerts that are wanted here.
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=staff.clinic.pk)
    still = Membership.objects.filter(pk=staff.membership.pk, ended_at__isnull=True).first()
    if still is None or not policy.may(still.role, Action.STAFF_MANAGE):
        raise NotAllowed
    return clinic


def _colleague(staff: Staff, membership_id: int) -> Membership:
    here = access.of_clinic(staff, Membership.objects.select_related("user", "clinic"))
    membership = here.get(pk=membership_id, ended_at__isnull=True)
    if membership.user_id == staff.user.pk:
        raise AskSomebodyElse("Ask another manager: nobody does this to their own account.")
    return membership


def _audit(staff: Staff, action: str, membership: Membership, now: datetime) -> None:
    audit.record(
        clinic_id=staff.clinic.pk,
        actor=staff.audit_name,
        action=action,
        subject=f"membership:{membership.pk}",
        patient_id=None,
        now=now,
    )
