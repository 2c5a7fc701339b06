"""Reminders that are due become owed messages, in bulk, unless they are of no use any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Manager, Q, QuerySet

from tracker.models import Delivery, DeliveryMoment, IceSession, Reminder, ReminderMoment
from tracker.models.delivery import DeliveryState
from tracker.models.procedure import ProcedureState
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.scope import clinic_scope
from tracker.services import courses, reminder_messages
from tracker.services.reminder_rows import AT_ANY_HOUR, TIMERS

M = TypeVar("M", Reminder, ReminderMoment)

MOST_EXPIRED = 10_000


def due_reminders(*, now: datetime, limit: int) -> dict[UUID, list[int]]:
    """Name what is due, the longest due first, by clinic."""
    due: dict[UUID, list[int]] = defaultdict(list)
    rows = _due(ReminderMoment.objects, now).order_by("due_at").values_list("clinic_id", "pk")
    for clinic_id, pk in rows[:limit]:
        due[clinic_id].append(pk)
    return due


def expire_stale(*, now: datetime) -> int:
    """End what is too late to be of use, all at once: it must not storm after an outage."""
    ended = 0
    for clinic_id in _clinics_with(_due(ReminderMoment.objects, now).filter(expires_at__lte=now)):
        with clinic_scope(clinic_id):
            ended += _expire_here(now)
    return ended


def _expire_here(now: datetime) -> int:
    # Whoever sends a row holds it: it is left alone here.
    stale = _due(Reminder.objects, now).filter(expires_at__lte=now)
    with transaction.atomic():
        held = stale.select_for_update(skip_locked=True)
        ids = list(held.values_list("pk", flat=True)[:MOST_EXPIRED])
        return Reminder.objects.filter(pk__in=ids).update(state=ReminderState.EXPIRED)


def restore_expired(*, now: datetime) -> int:
    """A clock that was put back: what ended in a time that has not come is due after all."""
    ahead = Q(state=ReminderState.EXPIRED, expires_at__gt=now)
    restored = 0
    for clinic_id in _clinics_with(ReminderMoment.objects.filter(ahead)):
        with clinic_scope(clinic_id):
            restored += Reminder.objects.filter(ahead).update(state=ReminderState.SCHEDULED)
    return restored + _restore_messages(now)


def _restore_messages(now: datetime) -> int:
    """Those that were owed before the clock ran ahead: their hour had come."""
    ended = DeliveryMoment.objects.filter(state=DeliveryState.EXPIRED, reminder__expires_at__gt=now)
    restored = 0
    for clinic_id in _clinics_with(ended):
        with clinic_scope(clinic_id):
            restored += Delivery.objects.filter(
                state=DeliveryState.EXPIRED, expires_at__gt=now, reminder__isnull=False
            ).update(state=DeliveryState.PENDING, due_at=now)
    return restored


def _clinics_with(rows: QuerySet[Any]) -> Iterable[UUID]:
    return rows.values_list("clinic_id", flat=True).order_by().distinct()


@transaction.atomic
def send_all(*, reminder_ids: Sequence[int], now: datetime) -> None:
    """Turn due reminders into owed messages, but those that are stale or in other hands."""
    due = _due(Reminder.objects, now).filter(pk__in=reminder_ids)
    held = due.select_for_update(skip_locked=True, of=["self"])
    rows = list(held.select_related("patient__clinic", "procedure").order_by("due_at"))
    icing = _icing_now(rows, now)
    ended: dict[ReminderState, list[Reminder]] = defaultdict(list)
    for row in rows:
        ended[_outcome(row, row.procedure_id in icing, now)].append(row)
    reminder_messages.owe(reminders=ended[ReminderState.SENT], now=now)
    for state, each in ended.items():
        Reminder.objects.filter(pk__in=[row.pk for row in each]).update(state=state)


def _due(rows: Manager[M], now: datetime) -> QuerySet[M]:
    # A kind that only newer code knows is left to it.
    return rows.filter(state=ReminderState.SCHEDULED, due_at__lte=now, kind__in=ReminderKind.values)


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
