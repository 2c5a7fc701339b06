"""Reminders that are due become owed messages, in bulk, unless they are of no use any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tracker.models import IceSession, Reminder
from tracker.models.procedure import ProcedureState
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.services import courses, reminder_messages
from tracker.services.reminder_rows import AT_ANY_HOUR, TIMERS

MOST_EXPIRED = 10_000


def due_reminders(*, now: datetime, limit: int) -> list[int]:
    return list(_due(now).order_by("due_at").values_list("pk", flat=True)[:limit])


def expire_stale(*, now: datetime) -> int:
    """End what is too late to be of use, all at once: it must not storm after an outage."""
    # Whoever sends a row holds it: it is left alone here.
    stale = _due(now).filter(expires_at__lte=now).select_for_update(skip_locked=True)
    with transaction.atomic():
        ids = list(stale.values_list("pk", flat=True)[:MOST_EXPIRED])
        return Reminder.objects.filter(pk__in=ids).update(state=ReminderState.EXPIRED)


def restore_expired(*, now: datetime) -> int:
    """A clock that was put back: what ended in a time that has not come is due after all."""
    ahead = Reminder.objects.filter(state=ReminderState.EXPIRED, expires_at__gt=now)
    return ahead.update(state=ReminderState.SCHEDULED)


@transaction.atomic
def send_all(*, reminder_ids: Sequence[int], now: datetime) -> None:
    """Turn due reminders into owed messages, but those that are stale or in other hands."""
    held = _due(now).filter(pk__in=reminder_ids).select_for_update(skip_locked=True, of=["self"])
    rows = list(held.select_related("patient__clinic", "procedure").order_by("due_at"))
    icing = _icing_now(rows, now)
    ended: dict[ReminderState, list[Reminder]] = defaultdict(list)
    for row in rows:
        ended[_outcome(row, row.procedure_id in icing, now)].append(row)
    reminder_messages.owe(reminders=ended[ReminderState.SENT], now=now)
    for state, each in ended.items():
        Reminder.objects.filter(pk__in=[row.pk for row in each]).update(state=state)


def _due(now: datetime) -> QuerySet[Reminder]:
    # A kind that only newer code knows is left to it.
    return Reminder.objects.filter(
        state=ReminderState.SCHEDULED, due_at__lte=now, kind__in=ReminderKind.values
    )


def _outcome(reminder: Reminder, is_icing: bool, now: datetime) -> ReminderState:
    """What becomes of a due reminder, asked again at the last moment."""
    if reminder.expires_at <= now:
        return ReminderState.EXPIRED
    if reminder.kind in TIMERS:
        return ReminderState.SENT
    if reminder.procedure.state != ProcedureState.DONE:
        return ReminderState.CANCELLED
    if reminder.kind == ReminderKind.ICE_OFFER:
        if is_icing:
            return ReminderState.DONE
        if reminder.patient.ice_contraindicated:
            return ReminderState.CANCELLED
    if reminder.kind not in AT_ANY_HOUR and courses.hours_of(reminder.patient).are_quiet(now):
        return ReminderState.EXPIRED
    return ReminderState.SENT


def _icing_now(reminders: Iterable[Reminder], now: datetime) -> set[UUID]:
    """Whose ice is on, or rests: they need no offer."""
    offered = {row.procedure_id for row in reminders if row.kind == ReminderKind.ICE_OFFER}
    if not offered:
        return set()
    sessions = IceSession.objects.filter(procedure__in=offered, again_at__gt=now)
    return set(sessions.values_list("procedure_id", flat=True))
