"""Alerts that nobody takes go on to the next person, and then to all, until somebody does.

What somebody took and nobody closed comes back. `due_at` is the one moment for either.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tracker.clinical.findings import Tier
from tracker.models import Alert, AlertEvent, AlertMoment
from tracker.models.alert import AlertState, AlertStep
from tracker.services import deliveries, on_call
from tracker.services.alert_steps import move, record_step
from tracker.services.on_call import Policy

STARTED = ["policy", "level", "due_at", "exhausted_at"]
"""The fields that `start` sets."""
ASKED_AGAIN = "Everybody on call is asked again."


def start(alert: Alert, *, now: datetime) -> None:
    """Begin to escalate an alert that was raised just now; the caller saves it.

    The clinic's settings of this moment hold until it is raised again.
    """
    policy = on_call.policy_for(clinic=alert.clinic, tier=Tier(alert.tier), now=now)
    alert.policy = policy.as_json()
    _begin(alert, policy, now)


def note_exhausted(alert: Alert, *, now: datetime) -> AlertEvent | None:
    """Write down that nobody could be told at all; the queue shows it red at once."""
    if alert.exhausted_at != now:
        return None
    return record_step(alert, AlertStep.EXHAUSTED, now, note="Nobody is on call.")


def _begin(alert: Alert, policy: Policy, now: datetime) -> None:
    alert.level = 0
    alert.exhausted_at = None
    alert.due_at = policy.after(now, policy.waits[0]) if policy.waits else None
    if policy.waits and not on_call.whom_to_tell(alert):
        alert.exhausted_at = now


@transaction.atomic
def escalate_one(*, alert_id: UUID, now: datetime) -> AlertEvent | None:
    """Take the next step of an alert; None if none is due.

    The row lock decides between this and an acknowledgement: whoever commits first wins, and the
    messages of a step are rows of its transaction.
    """
    alert = (
        Alert.objects.select_for_update(skip_locked=True, of=["self"])
        .select_related("clinic")
        .exclude(state=AlertState.RESOLVED)
        .filter(_is_due(now), pk=alert_id)
        .first()
    )
    if alert is None:
        return None
    if alert.state == AlertState.ACKNOWLEDGED:
        return _come_back(alert, now)
    policy = on_call.policy_of(alert)
    if policy.waits and not on_call.whom_to_tell(alert):
        return _wait_for_somebody(alert, policy, now)
    return _ask_further(alert, policy, now)


def _ask_further(alert: Alert, policy: Policy, now: datetime) -> AlertEvent:
    """Tell the next person, then everybody; then say so, and ask everybody again and again."""
    step, note, wait = AlertStep.LEVEL, "", policy.again
    if alert.exhausted_at is not None:
        note = ASKED_AGAIN
    elif on_call.is_last(alert.level, policy):
        step, alert.exhausted_at = AlertStep.EXHAUSTED, now
    else:
        alert.level += 1
        wait = policy.waits[alert.level]
    alert.due_at = policy.after(now, wait)
    alert.save(update_fields=["level", "due_at", "exhausted_at"])
    event = record_step(alert, step, now, note=note)
    deliveries.owe_staff_level(alert=alert, now=now)
    return event


def _wait_for_somebody(alert: Alert, policy: Policy, now: datetime) -> AlertEvent | None:
    """Nobody can be told (any more): say so once; whoever comes on call is, soon after."""
    alert.exhausted_at = alert.exhausted_at or now
    alert.due_at = policy.after(now, policy.waits[0])
    alert.save(update_fields=["due_at", "exhausted_at"])
    return note_exhausted(alert, now=now)


def _come_back(alert: Alert, now: datetime) -> AlertEvent:
    """Somebody took it and nobody closed it: it is anybody's again, and staff are told anew."""
    move(alert, AlertStep.RETURN)
    policy = on_call.policy_of(alert)
    _begin(alert, policy, now)
    alert.save(update_fields=["state", "level", "due_at", "exhausted_at"])
    event = record_step(alert, AlertStep.RETURN, now)
    if policy.waits:
        note_exhausted(alert, now=now)
        deliveries.owe_staff_level(alert=alert, now=now)
    return event


def due_alerts(*, now: datetime) -> QuerySet[AlertMoment]:
    """Whose next step is due, at whichever clinic."""
    return AlertMoment.objects.filter(_is_due(now)).order_by("due_at")


def _is_due(now: datetime) -> Q:
    """Or further ahead than anything plans an emergency's next step: a clock was put back since.

    Nobody may wait until that hour comes again. Tiers that count opening hours are looked at by
    the reconciliation (`untold.put_back`).
    """
    emergency = Q(tier__gte=int(Tier.EMERGENCY))
    return Q(due_at__lte=now) | emergency & Q(due_at__gt=now + on_call.FURTHEST)
