"""Find what is due and do it: the promise that no message depends on the broker or on beat."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import OperationalError

from tracker.models import Procedure, SweeperBeat
from tracker.services import alerts, assessments, deliveries, reminders

logger = logging.getLogger(__name__)

BATCH = 100


def sweep(*, now: datetime) -> None:
    """Do everything that is due, alerts before reminders; one failure does not stop the rest."""
    for step in (apply_due_warning_signs, escalate_due_alerts, send_due_reminders, deliver_due):
        _guarded(step, now=now)
    SweeperBeat.objects.update_or_create(pk=1, defaults={"swept_at": datetime.now(UTC)})


def apply_due_warning_signs(*, now: datetime) -> int:
    due = Procedure.objects.filter(next_assessment_at__lte=now).order_by("next_assessment_at")
    ids = list(due.values_list("pk", flat=True)[:BATCH])
    for procedure_id in ids:
        _guarded(assessments.apply_warning_signs, procedure_id=str(procedure_id), now=now)
    return len(ids)


def escalate_due_alerts(*, now: datetime) -> int:
    ids = alerts.due_alerts(now=now, limit=BATCH)
    for alert_id in ids:
        _guarded(alerts.escalate_one, alert_id=alert_id, now=now)
    return len(ids)


def send_due_reminders(*, now: datetime) -> int:
    return reminders.send_due_reminders(now=now, limit=BATCH)


def deliver_due(*, now: datetime) -> int:
    ids = deliveries.due_deliveries(now=now, limit=BATCH)
    for delivery_id in ids:
        _guarded(deliveries.deliver, delivery_id=delivery_id, now=now)
    return len(ids)


def _guarded(step: Callable[..., object], **arguments: object) -> None:
    """One row that fails must not keep its neighbours waiting; it stays due."""
    try:
        step(**arguments)
    except OperationalError:
        raise  # the database is away: nothing else would work either
    except Exception:
        logger.exception("sweep: %s failed; its row stays due", step.__name__)
