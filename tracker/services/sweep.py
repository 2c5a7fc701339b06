"""Find what is due and do it: the promise that no message depends on the broker or on beat.

Each row is done at the time that the clock tells then, and a row that fails stays due a little
later, so that it can keep neither its neighbours nor the next step waiting.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import OperationalError, connection
from django.db.models import QuerySet

from tracker import clock
from tracker.models import (
    Alert,
    Delivery,
    DeliveryMoment,
    Procedure,
    ProcedureMoment,
    Reminder,
    ReminderMoment,
)
from tracker.models.delivery import DeliveryState, Priority
from tracker.models.reminder import ReminderState
from tracker.scope import clinic_scope
from tracker.services import (
    assessments,
    escalation,
    health,
    next_channel,
    reminder_plans,
    reminders,
)

logger = logging.getLogger(__name__)

BATCH = 100
REMINDERS = 500  # in one transaction
MOST_BATCHES = 10
MOST_TIME = 2.0  # seconds of the monotonic clock for one step; what is left is done a second later
AGAIN_AFTER = 60  # seconds of the world; a row that failed comes last until then
TOGETHER = 0.05  # seconds; what is due so close together is done in one sweep
Clock = Callable[[], datetime]
Row = TypeVar("Row")


def sweep(*, tell_time: Clock) -> None:
    """Apply signs, escalate, and turn due reminders into owed messages; senders do the rest.

    A step that fails keeps no other waiting, but the sweep was not whole: no beat.
    """
    done = [guarded(step, now=tell_time()) for step in STEPS]
    if all(done):
        health.beat()


def apply_due_warning_signs(*, now: datetime) -> None:
    due = ProcedureMoment.objects.filter(next_assessment_at__lte=now).order_by("next_assessment_at")
    for pk, clinic_id in _in_time(_whose(due)):
        with clinic_scope(clinic_id):
            if not guarded(assessments.apply_warning_signs, procedure_id=str(pk), now=now):
                _put_off(Procedure.objects.filter(pk=pk), next_assessment_at=_later(now))


def apply_warning_signs(*, procedure_id: str, now: datetime) -> None:
    """Apply them to one procedure, at whichever clinic."""
    for pk, clinic_id in _whose(ProcedureMoment.objects.filter(pk=procedure_id)):
        with clinic_scope(clinic_id):
            assessments.apply_warning_signs(procedure_id=str(pk), now=now)


def escalate_due_alerts(*, now: datetime) -> None:
    for pk, clinic_id in _in_time(_whose(escalation.due_alerts(now=now))):
        with clinic_scope(clinic_id):
            if not guarded(escalation.escalate_one, alert_id=pk, now=now):
                _put_off(Alert.objects.filter(pk=pk, due_at__isnull=False), due_at=_later(now))


def plan_due_reminders(*, now: datetime) -> None:
    """Write the next stretch of reminders where the last one comes to its end."""
    due = ProcedureMoment.objects.filter(plan_due_at__lte=now).order_by("plan_due_at")
    for pk, clinic_id in _in_time(_whose(due)):
        with clinic_scope(clinic_id):
            if not guarded(reminder_plans.plan_one, procedure_id=pk, now=now):
                _put_off(Procedure.objects.filter(pk=pk), plan_due_at=_later(now))


def send_due_reminders(*, now: datetime) -> None:
    """In bulk; row by row only where one of them fails, so that it stops no other."""
    guarded(reminders.expire_stale, now=now)
    for _ in _in_time(range(MOST_BATCHES)):
        due = reminders.due_reminders(now=now, limit=REMINDERS)
        if not due:
            return
        for clinic_id, ids in due.items():
            with clinic_scope(clinic_id):
                _send_reminders(ids, now)


def _send_reminders(ids: list[int], now: datetime) -> None:
    if guarded(reminders.send_all, reminder_ids=ids, now=now):
        return
    for reminder_id in _in_time(ids):
        if not guarded(reminders.send_all, reminder_ids=[reminder_id], now=now):
            _put_off(Reminder.objects.filter(pk=reminder_id), due_at=_later(now))


def owe_unconfirmed(*, now: datetime) -> None:
    """Owe by the next channel what no phone confirmed in time."""
    for pk, clinic_id in _in_time(_whose(next_channel.unconfirmed(now=now))):
        with clinic_scope(clinic_id):
            if not guarded(next_channel.owe_one_unconfirmed, delivery_id=pk, now=now):
                _put_off(Delivery.objects.filter(pk=pk), confirm_by=_later(now))


STEPS = (
    apply_due_warning_signs,
    escalate_due_alerts,
    send_due_reminders,
    owe_unconfirmed,
    plan_due_reminders,
)


def seconds_until_next(*, now: datetime, at_most: float) -> float:
    """How long a sweeper may wait and not be late for a reminder or an alert's next try."""
    scheduled = ReminderMoment.objects.filter(state=ReminderState.SCHEDULED)
    owed = DeliveryMoment.objects.filter(state=DeliveryState.PENDING, priority=Priority.ALERT)
    waits = [at_most]
    for rows in (scheduled, owed):
        soon = rows.filter(due_at__gt=now).order_by("due_at")
        due_at = soon.values_list("due_at", flat=True).first()
        if due_at is not None:
            waits.append(max(TOGETHER, (due_at - now) / clock.real(1)))
    return min(waits)


def guarded(step: Callable[..., Any], **arguments: Any) -> bool:
    """Do one row; say whether it worked. Only a database that is away ends the sweep."""
    try:
        step(**arguments)
    except Exception as error:
        if isinstance(error, OperationalError) and not connection.is_usable():
            raise
        logger.exception("%s failed; its row stays due", step.__name__)
        return False
    return True


def _in_time(rows: Iterable[Row]) -> Iterator[Row]:
    """Give one after the other until the step's time is over: the next step must not wait."""
    ends_at = time.monotonic() + MOST_TIME
    for row in rows:
        if time.monotonic() >= ends_at:
            return
        yield row


def _whose(due: QuerySet[Any]) -> Iterable[tuple[Any, UUID]]:
    """The first of what is due, and the clinic in whose scope to go on."""
    return due.values_list("pk", "clinic_id")[:BATCH]


def _put_off(row: QuerySet[Any], **until: datetime) -> None:
    """Let a row that failed come last. Whoever made it fail may hold it still: then it stays."""
    guarded(row.update, **until)


def _later(now: datetime) -> datetime:
    return now + clock.real(AGAIN_AFTER)
