"""When a clinic is open and who is told when: set by its manager, for alerts from then on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tracker import access
from tracker.access import NotAllowed, Staff
from tracker.models import Clinic, Membership
from tracker.policy import ALLOWED, Action
from tracker.services import audit, business_hours
from tracker.services.business_hours import DAYS, Hours
from tracker.services.corrections import refuse_undoing

AFTER_HOURS = ("after_hours_phone", "after_hours_text", "after_hours_text_es")


@dataclass(frozen=True, slots=True)
class OnCall:
    """A colleague's place in the order (1 is told first; None is not on call), and their mobile."""

    order: int | None
    mobile: str


@dataclass(frozen=True, slots=True)
class Cover:
    """What a manager may set, whole."""

    opening_hours: Hours
    holidays: list[date]
    after_hours_phone: str
    after_hours_text: str
    after_hours_text_es: str
    on_call: Mapping[int, OnCall]
    """By membership; who is missing stays as they are."""

    def by_field(self) -> dict[str, Any]:
        """The same under one name for each thing that can be changed by itself."""
        return {
            **{day: self.opening_hours.get(day, []) for day in DAYS},
            "holidays": sorted(self.holidays),
            "after_hours_phone": self.after_hours_phone,
            "after_hours_text": self.after_hours_text,
            "after_hours_text_es": self.after_hours_text_es,
            **{f"order-{pk}": each.order for pk, each in self.on_call.items()},
            **{f"mobile-{pk}": each.mobile for pk, each in self.on_call.items()},
        }


def who_can_be_on_call(*, staff: Staff) -> list[Membership]:
    """Whoever works here and may take an alert, in the order in which they are told."""
    here = access.of_clinic(staff, Membership.objects.select_related("user"))
    working = here.filter(ended_at__isnull=True, role__in=ALLOWED[Action.ALERT_WORK])
    return list(working.order_by("on_call_order", "user__name", "pk"))


def is_shared(membership: Membership) -> bool:
    """Whether the account is another clinic's too: then no one manager changes what it holds."""
    return len(access.memberships_of(membership.user)) > 1


def cover_of(clinic: Clinic, people: Iterable[Membership]) -> Cover:
    """What stands."""
    return Cover(
        opening_hours=business_hours.readable(clinic.opening_hours),
        holidays=clinic.holidays,
        after_hours_phone=clinic.after_hours_phone,
        after_hours_text=clinic.after_hours_text,
        after_hours_text_es=clinic.after_hours_text_es,
        on_call={each.pk: OnCall(each.on_call_order, each.user.mobile) for each in people},
    )


@transaction.atomic
def change_cover(
    *, staff: Staff, fields: Mapping[str, Any], shown: Mapping[str, Any], now: datetime
) -> None:
    """Set the clinic's hours and who is on call; standing alerts keep the policy that they have.

    `fields` are some of `Cover.by_field`; `shown` is what stood on the page: `ChangedMeanwhile`
    where a colleague has changed the same.
    """
    if not staff.may(Action.CLINIC_SET):
        raise NotAllowed
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=staff.clinic.pk)
    people = who_can_be_on_call(staff=staff)
    standing = cover_of(clinic, people).by_field()
    refuse_undoing(standing=standing, fields=fields, shown=shown)
    wanted = {**standing, **fields}
    clinic.opening_hours = {day: wanted[day] for day in DAYS if wanted[day]}
    clinic.holidays = wanted["holidays"]
    for name in AFTER_HOURS:
        setattr(clinic, name, wanted[name])
    clinic.save(update_fields=["opening_hours", "holidays", *AFTER_HOURS])
    for each in people:
        if is_shared(each):
            wanted[f"mobile-{each.pk}"] = each.user.mobile
        if fields.keys() & {f"order-{each.pk}", f"mobile-{each.pk}"}:
            _put(each, OnCall(wanted[f"order-{each.pk}"], wanted[f"mobile-{each.pk}"]))
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
    if membership.user.mobile == on_call.mobile:
        return
    membership.user.mobile = on_call.mobile
    membership.user.save(update_fields=["mobile"])
