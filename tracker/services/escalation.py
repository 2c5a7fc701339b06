"""Alerts that nobody takes go on to the next person, and then to all, until somebody does."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tracker.clinical.findings import Tier
from tracker.models import Alert, AlertEvent
from tracker.models.alert import AlertState, AlertStep
from tracker.services import deliveries
from tracker.services.alert_steps import record_step

ESCALATE_AFTER = {
    Tier.EMERGENCY: timedelta(minutes=15),
    Tier.CALL_TODAY: timedelta(minutes=60),
}
"""How long staff have before the next person is told (docs/how-it-works.md)."""
ASK_ALL_AGAIN = timedelta(minutes=60)


def first_step(tier: Tier, now: datetime) -> datetime | None:
    """When an alert of this tier goes on to the next person; a watch never does."""
    wait = ESCALATE_AFTER.get(tier)
    return now + wait if wait else None


@transaction.atomic
def escalate_one(*, alert_id: UUID, now: datetime) -> AlertEvent | None:
    """Pass an alert that nobody acknowledged on to the next person; None if it is not due."""
    alert = (
        Alert.objects.select_for_update(skip_locked=True)
        .filter(pk=alert_id, state=AlertState.OPEN, due_at__lte=now)
        .first()
    )
    if alert is None:
        return None
    alert.level += 1
    told_all = deliveries.owe_staff_level(alert=alert, now=now)
    # Whoever has not answered is asked again, more slowly, until somebody takes it.
    alert.due_at = now + (ASK_ALL_AGAIN if told_all else ESCALATE_AFTER[Tier(alert.tier)])
    alert.save(update_fields=["level", "due_at"])
    return record_step(alert, AlertStep.LEVEL, now)


def due_alerts(*, now: datetime, limit: int) -> list[UUID]:
    rows = Alert.objects.filter(due_at__lte=now).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])
