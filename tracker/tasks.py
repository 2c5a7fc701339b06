"""Celery's ways in: ids by keyword; `**_future` lets an old worker meet a new message."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from tracker import clock, watchdog
from tracker.services import sending, sweep


@shared_task(name="tracker.apply_warning_signs")
def apply_warning_signs(procedure_id: str | None = None, **_future: Any) -> None:
    """Apply the signs that time decides: to one procedure, or to all that are due."""
    if procedure_id is None:
        sweep.apply_due_warning_signs(now=clock.now())
    else:
        sweep.apply_warning_signs(procedure_id=procedure_id, now=clock.now())


@shared_task(name="tracker.send_due_reminders")
def send_due_reminders(**_future: Any) -> None:
    sweep.send_due_reminders(now=clock.now())


@shared_task(name="tracker.deliver")
def deliver(delivery_id: int, **_future: Any) -> None:
    with watchdog.turn(f"delivery {delivery_id}"):
        sending.deliver(delivery_id=delivery_id, now=clock.now())


@shared_task(name="tracker.escalate_alerts")
def escalate_alerts(**_future: Any) -> None:
    sweep.escalate_due_alerts(now=clock.now())
