"""When a clinic is open and who is told when: set by its manager, for alerts from then on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tracker import access
from tracker.access import NotAllowed, Staff
from tracker.models import Clinic, Membership
from tracker.policy import ALLOWED, Action
from tracker.services import audit


@dataclass(frozen=True, slots=True)
class OnCall:
    """A colleague's place in the order (1 is told first; None is not on call), and their mobile."""

    order: int | None
    mobile: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What a manager may set, whole."""

    opening_hours: dict[str, list[list[str]]]
    holidays: list[date]
    after_hours_phone: str
    after_hours_text: str
    on_call: Mapping[int, OnCall]
    """By membership; who is missing stays as they are."""


def who_can_be_on_call(*, staff: Staff) -> list[Membership]:
    """Whoever works here and may take an alert, in the order in which they are told."""
    here = access.of_clinic(staff, Membership.objects.select_related("user"))
    working = here.filter(ended_at__isnull=True, role__in=ALLOWED[Action.ALERT_WORK])
    return list(working.order_by("on_call_order", "user__name", "pk"))


@transaction.atomic
def change_cover(*, staff: Staff, cover: Cover, now: datetime) -> None:
    """Set the clinic's hours and who is on call; standing alerts keep the policy that they have."""
    if not staff.may(Action.CLINIC_SET):
        raise NotAllowed
    clinic = Clinic.objects.select_for_update().get(pk=staff.clinic.pk)
    clinic.opening_hours, clinic.holidays = cover.opening_hours, cover.holidays
    clinic.after_hours_phone = cover.after_hours_phone
    clinic.after_hours_text = cover.after_hours_text
    clinic.save(
        update_fields=["opening_hours", "holidays", "after_hours_phone", "after_hours_text"]
    )
    for membership in who_can_be_on_call(staff=staff):
        if membership.pk in cover.on_call:
            _put(membership, cover.on_call[membership.pk])
    audit.record(
        clinic_id=clinic.pk,
        actor=staff.audit_name,
        action="clinic.cover",
        subject=f"clinic:{clinic.pk}",
        patient_id=None,
        now=now,
    )


def _put(membership: Membership, on_call: OnCall) -> None:
    membership.on_call_order = on_call.order
    membership.save(update_fields=["on_call_order"])
    membership.user.mobile = on_call.mobile
    membership.user.save(update_fields=["mobile"])
