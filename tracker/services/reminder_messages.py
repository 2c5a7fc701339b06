"""The messages of many reminders, owed in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from tracker import queue
from tracker.models import Delivery, PushSubscription, Reminder
from tracker.models.delivery import PATIENTS_OWN, Channel, Priority
from tracker.services import deliveries
from tracker.services.reminder_rows import TIMERS

MOST_HINTS = 20
"""Of a flood no worker needs to be told: the sweeper's senders are at it already."""


def owe(*, reminders: Sequence[Reminder], now: datetime) -> None:
    """Owe the message of each due reminder on each of its patient's phones.

    A reminder has one key a phone, so that it is owed once, whatever happens.
    """
    phones = _phones({row.patient_id for row in reminders})
    owed = [_message(row, phone, now) for row in reminders for phone in phones[row.patient_id]]
    Delivery.objects.bulk_create(owed, ignore_conflicts=True)
    _hint([each.key for each in owed])
    for row in reminders:
        if not phones[row.patient_id]:
            deliveries.owe_reminder(reminder=row, now=now)


def _phones(patients: set[UUID]) -> dict[UUID, list[PushSubscription]]:
    phones: dict[UUID, list[PushSubscription]] = defaultdict(list)
    if patients:
        own = PushSubscription.objects.filter(PATIENTS_OWN, patient__in=patients)
        for phone in own.filter(ended_at__isnull=True):
            phones[phone.patient_id].append(phone)
    return phones


def _message(reminder: Reminder, phone: PushSubscription, now: datetime) -> Delivery:
    return Delivery(
        clinic_id=reminder.clinic_id,
        patient_id=reminder.patient_id,
        subscription=phone,
        reminder=reminder,
        kind=reminder.kind,
        channel=Channel.PUSH,
        key=f"reminder:{reminder.pk}:push:{phone.pk}",
        priority=Priority.TIMER if reminder.kind in TIMERS else Priority.REMINDER,
        due_at=now,
        created_at=now,
        expires_at=reminder.expires_at,
    )


def _hint(keys: Sequence[str]) -> None:
    if not 0 < len(keys) <= MOST_HINTS:
        return
    for delivery_id in Delivery.objects.filter(key__in=keys).values_list("pk", flat=True):
        queue.after_commit("tracker.deliver", delivery_id=delivery_id)
