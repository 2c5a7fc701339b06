"""Messages that are owed: written with their cause in one transaction, sent by workers."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from tracker import clock, queue
from tracker.clinical.findings import Tier
from tracker.delivery import channels
from tracker.delivery.failures import AddressGone, PermanentFailure, TemporaryFailure
from tracker.models import (
    Alert,
    AlertEvent,
    Delivery,
    Membership,
    Patient,
    Procedure,
    PushSubscription,
    Reminder,
)
from tracker.models.alert import AlertState, AlertStep
from tracker.models.delivery import Channel, DeliveryState, MessageKind, Priority
from tracker.models.reminder import ReminderState

logger = logging.getLogger(__name__)

LEASE = 15  # seconds of the world: three times the longest send
MOST_ATTEMPTS = 8
LONGEST_WAIT = 60  # seconds of the world
NOTIFYING = {AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE}
TIMER_STALE_AFTER = timedelta(minutes=5)


# --- owed -------------------------------------------------------------------------------------


def owe_alert_messages(
    *, procedure: Procedure, events: Iterable[AlertEvent], now: datetime
) -> None:
    """Owe one message to the patient and one to staff, however many signs fired at once."""
    notifying = [each for each in events if each.step in NOTIFYING]
    if not notifying:
        return
    worst = max(notifying, key=lambda each: each.tier or 0)
    # The event's own number makes the key: the same firing can never owe two messages.
    _owe_patient(
        patient=procedure.patient,
        kind=MessageKind.PATIENT_ALERT,
        key=f"alert-event:{worst.pk}",
        priority=Priority.ALERT,
        alert=worst.alert,
        now=now,
    )
    if (worst.tier or 0) >= Tier.CALL_TODAY:
        owe_staff_level(alert=worst.alert, now=now)


def owe_staff_level(*, alert: Alert, now: datetime) -> bool:
    """Owe a message to everybody on call up to the alert's level; True when all were told."""
    on_call = list(
        Membership.objects.filter(
            clinic_id=alert.clinic_id, on_call_order__isnull=False, user__is_active=True
        )
        .select_related("user")
        .order_by("on_call_order", "pk")
    )
    told = on_call[: alert.level + 1]
    last_event = alert.events.order_by("-pk").values_list("pk", flat=True).first() or 0
    for membership in told:
        _owe(
            clinic_id=alert.clinic_id,
            user=membership.user,
            kind=MessageKind.STAFF_ALERT,
            channel=Channel.EMAIL,
            key=f"alert:{alert.pk}:{last_event}:{alert.level}:user:{membership.user_id}",
            priority=Priority.ALERT,
            alert=alert,
            now=now,
        )
    return len(told) >= len(on_call)


def owe_reminder(*, reminder: Reminder, now: datetime) -> None:
    """Owe the message of a due reminder on each of the patient's phones."""
    is_timer = reminder.ice_session_id is not None
    _owe_patient(
        patient=reminder.patient,
        kind=MessageKind(reminder.kind),
        key=f"reminder:{reminder.pk}",
        priority=Priority.TIMER if is_timer else Priority.REMINDER,
        reminder=reminder,
        expires_at=reminder.expires_at,
        now=now,
    )


def owe_test(*, subscription: PushSubscription, now: datetime) -> Delivery:
    """Owe a test message to one phone, so that its owner sees whether messages arrive."""
    return _owe(
        clinic_id=subscription.clinic_id,
        patient=subscription.patient,
        subscription=subscription,
        kind=MessageKind.TEST,
        channel=Channel.PUSH,
        key=f"test:{subscription.pk}:{now.isoformat()}",
        priority=Priority.REMINDER,
        expires_at=now + TIMER_STALE_AFTER,
        now=now,
    )


def _owe_patient(*, patient: Patient, key: str, **fields: Any) -> None:
    """One delivery a phone; by e-mail when the patient has no phone that takes messages."""
    phones = list(patient.push_subscriptions.filter(ended_at__isnull=True))
    for phone in phones:
        _owe(
            clinic_id=patient.clinic_id,
            patient=patient,
            subscription=phone,
            channel=Channel.PUSH,
            key=f"{key}:push:{phone.pk}",
            **fields,
        )
    if not phones and patient.email:
        _owe(
            clinic_id=patient.clinic_id,
            patient=patient,
            channel=Channel.EMAIL,
            key=f"{key}:email",
            **fields,
        )


def _owe(*, key: str, now: datetime, **fields: Any) -> Delivery:
    delivery, created = Delivery.objects.get_or_create(
        key=key, defaults={"due_at": now, "created_at": now, **fields}
    )
    if created:
        queue.after_commit("tracker.deliver", delivery_id=delivery.pk)
    return delivery


# --- sent -------------------------------------------------------------------------------------


def due_deliveries(*, now: datetime, limit: int) -> list[int]:
    """Name the deliveries that are due, alerts first."""
    rows = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now)
    return list(rows.order_by("priority", "due_at").values_list("pk", flat=True)[:limit])


def deliver(*, delivery_id: int, now: datetime) -> None:
    """Send one owed message: claim it, check that it still matters, hand it over, mark it.

    A holder that dies between claim and mark leaves a row that becomes due again.
    """
    delivery = _claim(delivery_id, now)
    if delivery is None:
        return
    no_longer = _no_longer_wanted(delivery, now)
    if no_longer is not None:
        _mark(delivery, state=no_longer)
        return
    try:
        channels.send(delivery)
    except AddressGone as error:
        _gone(delivery, str(error), now)
    except PermanentFailure as error:
        _mark(delivery, state=DeliveryState.DEAD, last_error=str(error)[:200])
    except TemporaryFailure as error:
        _again(delivery, str(error), now)
    else:
        _mark(delivery, state=DeliveryState.SENT, sent_at=now, last_error="")


def _claim(delivery_id: int, now: datetime) -> Delivery | None:
    # One UPDATE decides which worker sends; no lock is held during the network call.
    claimed = Delivery.objects.filter(
        pk=delivery_id, state=DeliveryState.PENDING, due_at__lte=now
    ).update(due_at=now + clock.real(LEASE), attempts=F("attempts") + 1)
    if not claimed:
        return None
    related = ("patient", "user", "subscription", "alert", "reminder")
    return Delivery.objects.select_related(*related).get(pk=delivery_id)


def _no_longer_wanted(delivery: Delivery, now: datetime) -> DeliveryState | None:
    """Ask again just before sending: answered, acknowledged and cancelled need no message."""
    if delivery.expires_at is not None and delivery.expires_at <= now:
        return DeliveryState.EXPIRED
    if delivery.reminder and delivery.reminder.state == ReminderState.CANCELLED:
        return DeliveryState.CANCELLED
    if delivery.subscription and delivery.subscription.ended_at:
        return DeliveryState.GONE
    alert = delivery.alert
    if alert and delivery.kind == MessageKind.STAFF_ALERT and alert.state != AlertState.OPEN:
        return DeliveryState.CANCELLED
    if alert and alert.state == AlertState.RESOLVED:
        return DeliveryState.CANCELLED
    return None


def _mark(delivery: Delivery, **fields: object) -> None:
    # Fenced: a holder whose lease ran out must not overwrite what the next one wrote.
    Delivery.objects.filter(
        pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.PENDING
    ).update(**fields)


def _again(delivery: Delivery, error: str, now: datetime) -> None:
    if delivery.attempts >= MOST_ATTEMPTS and delivery.priority != Priority.ALERT:
        _mark(delivery, state=DeliveryState.DEAD, last_error=error[:200])
        return
    wait = min(2**delivery.attempts, LONGEST_WAIT)
    _mark(delivery, due_at=now + clock.real(wait), last_error=error[:200])


@transaction.atomic
def _gone(delivery: Delivery, error: str, now: datetime) -> None:
    """The phone's address is no more: end it, and use e-mail when no phone is left."""
    _mark(delivery, state=DeliveryState.GONE, last_error=error[:200])
    if delivery.subscription is not None:
        PushSubscription.objects.filter(pk=delivery.subscription.pk).update(ended_at=now)
    patient = delivery.patient
    if patient is None or not patient.email:
        return
    if patient.push_subscriptions.filter(ended_at__isnull=True).exists():
        return
    _owe(
        clinic_id=delivery.clinic_id,
        patient=patient,
        alert=delivery.alert,
        reminder=delivery.reminder,
        kind=delivery.kind,
        channel=Channel.EMAIL,
        key=f"{delivery.key}:email",
        priority=delivery.priority,
        expires_at=delivery.expires_at,
        now=now,
    )


def confirm_receipt(*, receipt_id: UUID, patient: Patient, now: datetime) -> bool:
    """Note that a phone has shown a message; False when the message is not this patient's."""
    delivery = Delivery.objects.filter(receipt_id=receipt_id, patient=patient).first()
    if delivery is None:
        return False
    Delivery.objects.filter(pk=delivery.pk, seen_at__isnull=True).update(
        state=DeliveryState.SEEN, seen_at=now
    )
    if delivery.subscription_id is not None:
        PushSubscription.objects.filter(pk=delivery.subscription_id).update(seen_at=now)
    return True
