"""Planned reminders as rows: what is missing is written, what is not asked any more is ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tracker.models import Delivery, Procedure, Reminder
from tracker.models.delivery import DeliveryState
from tracker.models.reminder import ReminderKind, ReminderState

TIMERS = [ReminderKind.ICE_OFF, ReminderKind.ICE_AGAIN]
PLANNED = [kind for kind in ReminderKind if kind not in TIMERS]
AT_ANY_HOUR = [*TIMERS, ReminderKind.RECHECK]
"""What the patient started, or just entered, is told at night too."""
MAY_BE_DONE = [ReminderState.SCHEDULED, ReminderState.SENT]
Key = tuple[str, datetime, int]
"""Kind, the moment that it is about, and which repeat: as unique in the database as here."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A reminder as it should stand: `is_answered` when nobody needs it any more."""

    due_at: datetime
    expires_at: datetime
    is_answered: bool = False


def planned(procedure: Procedure) -> QuerySet[Reminder]:
    """All but the timers: those belong to an ice session."""
    return Reminder.objects.filter(procedure=procedure, kind__in=PLANNED)


def found(procedure: Procedure, *, since: datetime, until: datetime) -> dict[Key, Reminder]:
    """What is written about that time, and every offer of ice."""
    near = Q(asked_at__range=(since, until)) | Q(kind=ReminderKind.ICE_OFFER)
    return {(row.kind, row.asked_at, row.repeat): row for row in planned(procedure).filter(near)}


def reconcile(
    procedure: Procedure, found: dict[Key, Reminder], wanted: dict[Key, Wanted], now: datetime
) -> None:
    """Make the rows say what is wanted. Doing it twice changes nothing."""
    _write(procedure, {key: each for key, each in wanted.items() if key not in found}, now)
    done: list[Reminder] = []
    stale: list[Reminder] = []
    for key, row in found.items():
        each = wanted.get(key)
        if each is None:
            # A recheck that is not asked for any more was made.
            (done if row.kind == ReminderKind.RECHECK else stale).append(row)
        elif each.is_answered:
            done.append(row)
        else:
            _restore(row, each, now)
    _mark_done([row.pk for row in done if row.state in MAY_BE_DONE and row.expires_at > now])
    _cancel([row.pk for row in stale if row.state == ReminderState.SCHEDULED])


def _write(procedure: Procedure, missing: dict[Key, Wanted], now: datetime) -> None:
    rows = [
        Reminder(
            clinic_id=procedure.clinic_id,
            patient_id=procedure.patient_id,
            procedure=procedure,
            kind=kind,
            asked_at=asked_at,
            repeat=repeat,
            due_at=each.due_at,
            expires_at=each.expires_at,
        )
        for (kind, asked_at, repeat), each in missing.items()
        if each.expires_at > now and not each.is_answered
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _restore(row: Reminder, wanted: Wanted, now: datetime) -> None:
    """Asked for again after all, or moved by other quiet hours; what was sent stays sent."""
    is_back = row.state == ReminderState.CANCELLED and wanted.due_at > now
    is_moved = row.state == ReminderState.SCHEDULED and row.expires_at != wanted.expires_at
    if is_back or is_moved:
        # Only if nobody has sent it since it was read.
        Reminder.objects.filter(pk=row.pk, state=row.state).update(
            state=ReminderState.SCHEDULED, due_at=wanted.due_at, expires_at=wanted.expires_at
        )


def _mark_done(ids: list[int]) -> None:
    """Answered. A message that is written but has not left is not needed any more, either."""
    if ids:
        not_left = Delivery.objects.filter(reminder__in=ids, state=DeliveryState.PENDING)
        is_unsent = Q(state=ReminderState.SCHEDULED) | Q(pk__in=not_left.values("reminder_id"))
        Reminder.objects.filter(is_unsent, pk__in=ids).update(state=ReminderState.DONE)


def _cancel(ids: list[int]) -> None:
    if ids:
        rows = Reminder.objects.filter(pk__in=ids, state=ReminderState.SCHEDULED)
        rows.update(state=ReminderState.CANCELLED)
