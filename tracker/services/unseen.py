"""Tell a patient that nobody has looked at their alert in time: once each time it is raised.

Looked for by itself, not when an alert goes on to the next person: that may happen early.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tracker.models import Alert, AlertEvent
from tracker.models.alert import AlertState, AlertStep, AlertTier
from tracker.services import deliveries, on_call
from tracker.services.alert_steps import record_step

SOONEST = timedelta(minutes=min(waits[0] for waits in on_call.WAITS.values()))
_TOLD = AlertEvent.objects.filter(
    alert=OuterRef("pk"), step=AlertStep.UNSEEN, at__gte=OuterRef("raised_at")
)


def tell_patients(*, now: datetime) -> None:
    """Owe the patients of one clinic the message that says: please call."""
    for alert_id in list(_waiting(now).values_list("pk", flat=True)):
        tell_one(alert_id=alert_id, now=now)


@transaction.atomic
def tell_one(*, alert_id: UUID, now: datetime) -> AlertEvent | None:
    """None if it is too soon, or if somebody has looked meanwhile."""
    rows = _waiting(now).select_for_update(skip_locked=True, of=["self"])
    alert = rows.select_related("patient", "clinic").filter(pk=alert_id).first()
    target_at = on_call.target_at(alert) if alert else None
    if alert is None or target_at is None or target_at > now:
        return None
    event = record_step(alert, AlertStep.UNSEEN, now)
    deliveries.owe_unseen(alert=alert, now=now)
    return event


def _waiting(now: datetime) -> QuerySet[Alert]:
    """Alerts that ask for a call, that nobody has looked at since they were raised.

    Whom the clinic follows no more it asks no more; what is entered after that counts.
    """
    asking = Alert.objects.filter(state=AlertState.OPEN, tier__gte=AlertTier.CALL_TODAY)
    asking = asking.exclude(procedure__closed_at__gte=F("raised_at"))
    seen = Q(acknowledged_at__gte=F("raised_at"))
    return asking.filter(
        ~seen | Q(acknowledged_at=None), ~Exists(_TOLD), raised_at__lte=now - SOONEST
    )
