"""Find what is due and do it: the promise that no message depends on the broker or on beat.

Each row is done at the time that the clock tells then, and a row that fails stays due a little
later, so that it can keep neither its neighbours nor the next step waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError, connection

from tracker import clock
from tracker.models import Alert, Procedure, Reminder, SweeperBeat
from tracker.services import assessments, escalation, reminders

logger = logging.getLogger(__name__)

BATCH = 100
AGAIN_AFTER = 60  # seconds of the world; a row that failed comes last until then
Clock = Callable[[], datetime]


def sweep(*, tell_time: Clock) -> None:
    """Apply signs, escalate, and turn due reminders into owed messages; senders do the rest."""
    for step in (apply_due_warning_signs, escalate_due_alerts, send_due_reminders):
        step(now=tell_time())
    SweeperBeat.objects.update_or_create(pk=1, defaults={"swept_at": datetime.now(UTC)})


def apply_due_warning_signs(*, now: datetime) -> None:
    due = Procedure.objects.filter(next_assessment_at__lte=now).order_by("next_assessment_at")
    for pk in list(due.values_list("pk", flat=True)[:BATCH]):
        if not guarded(assessments.apply_warning_signs, procedure_id=str(pk), now=now):
            Procedure.objects.filter(pk=pk).update(next_assessment_at=_later(now))


def escalate_due_alerts(*, now: datetime) -> None:
    for alert_id in escalation.due_alerts(now=now, limit=BATCH):
        if not guarded(escalation.escalate_one, alert_id=alert_id, now=now):
            Alert.objects.filter(pk=alert_id, due_at__isnull=False).update(due_at=_later(now))


def send_due_reminders(*, now: datetime) -> None:
    for reminder_id in reminders.due_reminders(now=now, limit=BATCH):
        if not guarded(reminders.send_one, reminder_id=reminder_id, now=now):
            Reminder.objects.filter(pk=reminder_id).update(due_at=_later(now))


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


def _later(now: datetime) -> datetime:
    return now + clock.real(AGAIN_AFTER)
