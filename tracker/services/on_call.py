"""Whom an alert reaches, after how long: the policy, frozen into the alert when it is raised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tracker.clinical.findings import Tier
from tracker.models import Alert, Clinic, Membership
from tracker.models.alert import AlertState
from tracker.policy import ALLOWED, Action
from tracker.services import business_hours
from tracker.services.business_hours import Hours

MINUTE = timedelta(minutes=1)
WAITS = {Tier.EMERGENCY: (15, 15, 30), Tier.CALL_TODAY: (60, 60, 60)}
"""Minutes that each level has: the first person, the next as well, everybody on call."""
ASK_ALL_AGAIN = 60
RETURNS = {Tier.EMERGENCY: 60, Tier.CALL_TODAY: 4 * 60}
"""Minutes after which what somebody took, and nobody closed, comes back."""
LATEST_TRY = timedelta(minutes=15)
"""How far ahead the next try of an emergency may be planned."""
FURTHEST = MINUTE * (1 + max(*WAITS[Tier.EMERGENCY], ASK_ALL_AGAIN, RETURNS[Tier.EMERGENCY]))
"""How far ahead any step of an emergency is; a minute more, because clocks differ a little."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is told when, whatever the clinic's settings say later."""

    order: tuple[int, ...]
    """Memberships, first to last."""
    waits: tuple[int, ...]
    """Minutes that each level has; none for a watch, which never escalates."""
    again: int
    returns: int | None
    business: bool
    """Whether only opening time counts."""
    hours: Hours
    holidays: frozenset[date]
    zone: str

    def after(self, start: datetime, minutes: int) -> datetime:
        """When a wait of so many minutes is over."""
        if not self.business:
            return start + minutes * MINUTE
        return business_hours.add_business_minutes(
            start, minutes, self.hours, self.holidays, ZoneInfo(self.zone)
        )

    def next_day_ends(self, at: datetime) -> datetime:
        return business_hours.next_day_ends(at, self.hours, self.holidays, ZoneInfo(self.zone))

    def as_json(self) -> dict[str, Any]:
        return {
            "order": list(self.order),
            "waits": list(self.waits),
            "again": self.again,
            "returns": self.returns,
            "business": self.business,
            "hours": dict(self.hours),
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "zone": self.zone,
        }


def policy_for(*, clinic: Clinic, tier: Tier, now: datetime) -> Policy:
    """The policy as the clinic's settings make it now."""
    today = now.astimezone(ZoneInfo(clinic.timezone)).date()
    return Policy(
        order=tuple(each.pk for each in on_call_now(clinic.pk)),
        waits=WAITS.get(tier, ()),
        again=ASK_ALL_AGAIN,
        returns=RETURNS.get(tier),
        business=tier < Tier.EMERGENCY,
        hours=business_hours.readable(clinic.opening_hours),
        holidays=frozenset(day for day in clinic.holidays if day >= today),
        zone=clinic.timezone,
    )


def policy_of(alert: Alert) -> Policy:
    """The policy that the alert was raised with; today's for one that has none."""
    frozen = alert.policy
    if not frozen:
        return policy_for(clinic=alert.clinic, tier=Tier(alert.tier), now=alert.raised_at)
    return policy_from(frozen)


def policy_from(frozen: dict[str, Any]) -> Policy:
    return Policy(
        order=tuple(frozen["order"]),
        waits=tuple(frozen["waits"]),
        again=frozen["again"],
        returns=frozen["returns"],
        business=frozen["business"],
        hours=frozen["hours"],
        holidays=frozenset(map(date.fromisoformat, frozen["holidays"])),
        zone=frozen["zone"],
    )


def whom_to_tell(alert: Alert) -> list[Membership]:
    """Everybody whom the alert's level reaches. Losing nobody matters more than the order.

    Who has left since is passed over; when nobody is left, or nobody answered, those who are on
    call today are told.
    """
    policy = policy_of(alert)
    active = _active(alert.clinic_id).in_bulk(list(policy.order))
    chain = [active[pk] for pk in policy.order if pk in active]
    if not chain or alert.exhausted_at:
        chain += [each for each in on_call_now(alert.clinic_id) if each not in chain]
    return chain if alert.exhausted_at or is_last(alert.level, policy) else chain[: alert.level + 1]


def is_last(level: int, policy: Policy) -> bool:
    return level >= len(policy.waits) - 1


def on_call_now(clinic_id: object) -> list[Membership]:
    rows = _active(clinic_id).filter(on_call_order__isnull=False)
    return list(rows.order_by("on_call_order", "pk"))


def who_may_act(clinic_id: object) -> list[Membership]:
    """Everybody at the clinic who may work an alert."""
    return list(_active(clinic_id).order_by("user__name", "pk"))


def _active(clinic_id: Any) -> Any:
    # Whoever may only read could not take it, and nobody else would know.
    rows = Membership.objects.filter(
        clinic_id=clinic_id,
        ended_at__isnull=True,
        user__is_active=True,
        role__in=ALLOWED[Action.ALERT_WORK],
    )
    return rows.select_related("user")


def is_open(clinic: Clinic, now: datetime) -> bool:
    """Whether the clinic is open, as far as anybody told us; without hours it always is."""
    hours = business_hours.readable(clinic.opening_hours)
    zone = ZoneInfo(clinic.timezone)
    return not hours or business_hours.is_open(now, hours, clinic.holidays, zone)


def target_at(alert: Alert) -> datetime | None:
    """By when somebody should have taken the alert; None where no hour is promised."""
    return target_under(policy_of(alert), alert.raised_at)


def target_under(policy: Policy, start: datetime) -> datetime | None:
    return policy.after(start, policy.waits[0]) if policy.waits else None


def latest_try_at(alert: Alert, now: datetime) -> datetime:
    """The latest moment for which the next try to reach the patient may be planned.

    Each try of an emergency is soon, and all of them end when it would come back anyhow.
    """
    if alert.tier < Tier.EMERGENCY:
        return policy_of(alert).next_day_ends(now)
    is_taken = alert.state == AlertState.ACKNOWLEDGED
    began = alert.acknowledged_at or now if is_taken else now
    return min(now + LATEST_TRY, began + RETURNS[Tier.EMERGENCY] * MINUTE)
