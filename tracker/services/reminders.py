"""Reminders: rows that are due at a moment, and stale a little later."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tracker.models import IceSession, Reminder
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.services import deliveries

ICE_STALE_AFTER = timedelta(minutes=5)
"""A timer that rings later than this would only confuse."""


def schedule_ice(*, session: IceSession) -> None:
    """Owe both ends of a session; the caller's transaction holds the session itself."""
    _schedule(session, ReminderKind.ICE_OFF, session.off_at)
    _schedule(session, ReminderKind.ICE_AGAIN, session.again_at)


def reschedule_ice(*, session: IceSession) -> None:
    """The ice came off early: nothing to take off any more, and the rest ends sooner."""
    pending = session.reminders.filter(state=ReminderState.SCHEDULED)
    pending.update(state=ReminderState.CANCELLED)
    _schedule(session, ReminderKind.ICE_AGAIN, session.again_at)


def _schedule(session: IceSession, kind: ReminderKind, due_at: datetime) -> None:
    Reminder.objects.get_or_create(
        procedure_id=session.procedure_id,
        kind=kind,
        asked_at=due_at,
        defaults={
            "due_at": due_at,
            "clinic_id": session.clinic_id,
            "patient_id": session.patient_id,
            "ice_session": session,
            "expires_at": due_at + ICE_STALE_AFTER,
        },
    )


def due_reminders(*, now: datetime, limit: int) -> list[int]:
    rows = Reminder.objects.filter(state=ReminderState.SCHEDULED, due_at__lte=now)
    return list(rows.order_by("due_at").values_list("pk", flat=True)[:limit])


@transaction.atomic
def send_one(*, reminder_id: int, now: datetime) -> None:
    """Turn a due reminder into owed messages, unless it is stale or somebody else has it."""
    reminder = (
        Reminder.objects.select_for_update(skip_locked=True, of=["self"])
        .filter(pk=reminder_id, state=ReminderState.SCHEDULED, due_at__lte=now)
        .select_related("patient")
        .first()
    )
    if reminder is None:
        return
    if reminder.expires_at <= now:
        reminder.state = ReminderState.EXPIRED
    else:
        deliveries.owe_reminder(reminder=reminder, now=now)
        reminder.state = ReminderState.SENT
    reminder.save(update_fields=["state"])
