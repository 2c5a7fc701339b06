"""Messages that are owed: written with their cause in one transaction; `sending.py` sends them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from tracker.clinical.findings import Tier
from tracker.models import (
    Alert,
    AlertEvent,
    Delivery,
    Message,
    Patient,
    Procedure,
    PushSubscription,
    Reminder,
    User,
)
from tracker.models.alert import AlertStep
from tracker.models.delivery import Channel, DeliveryState, MessageKind, Priority
from tracker.services import next_channel, on_call, owing, reachability

NOTIFYING = {AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE}
TIMER_STALE_AFTER = timedelta(minutes=5)
LOOK_STALE_AFTER = timedelta(hours=12)


# --- owed -------------------------------------------------------------------------------------


def owe_alert_messages(
    *, procedure: Procedure, events: Iterable[AlertEvent], now: datetime
) -> None:
    """Owe one message to the patient and one to staff, however many signs fired at once."""
    notifying = [each for each in events if each.step in NOTIFYING]
    if not notifying:
        return
    worst = max(notifying, key=lambda each: each.tier or 0)
    owe_patient_alert(patient=procedure.patient, event=worst, now=now)
    if (worst.tier or 0) >= Tier.CALL_TODAY:
        owe_staff_level(alert=worst.alert, now=now)


def owe_patient_alert(*, patient: Patient, event: AlertEvent, now: datetime) -> None:
    """Owe the patient the message of a firing.

    The event's own number makes the key: the same firing can never owe two messages.
    """
    _owe_patient(
        patient=patient,
        kind=MessageKind.PATIENT_ALERT,
        key=f"alert-event:{event.pk}",
        priority=Priority.ALERT,
        alert=event.alert,
        now=now,
    )


def owe_staff_level(*, alert: Alert, now: datetime) -> None:
    """Owe a message to everybody whom the alert's level reaches."""
    last_event = alert.events.order_by("-pk").values_list("pk", flat=True).first() or 0
    for membership in on_call.whom_to_tell(alert):
        person = membership.user
        key = f"alert:{alert.pk}:{last_event}:{alert.level}:user:{person.pk}"
        owe_to_person(user=person, alert=alert, channel=Channel.EMAIL, key=key, now=now)
        if alert.tier >= Tier.EMERGENCY and person.mobile and settings.SMS:
            owe_to_person(user=person, alert=alert, channel=Channel.SMS, key=f"{key}:sms", now=now)


def owe_to_person(*, alert: Alert, **address: Any) -> None:
    """Owe one member of staff a message about an alert."""
    owing.owe(
        clinic_id=alert.clinic_id,
        kind=MessageKind.STAFF_ALERT,
        priority=Priority.ALERT,
        alert=alert,
        **address,
    )


def owe_unseen(*, alert: Alert, now: datetime) -> None:
    """Owe the word that nobody has looked yet; alerts that were raised together owe it once."""
    _owe_patient(
        patient=alert.patient,
        kind=MessageKind.UNSEEN,
        key=f"unseen:{alert.procedure_id}:{alert.raised_at.isoformat()}",
        priority=Priority.ALERT,
        alert=alert,
        now=now,
    )


def owe_look(*, clinic_id: UUID, user: User, key: str, now: datetime) -> None:
    """Owe one member of staff the word that the queue wants looking at; no alert speaks of it."""
    owing.owe(
        clinic_id=clinic_id,
        user=user,
        kind=MessageKind.STAFF_ALERT,
        channel=Channel.EMAIL,
        key=key,
        priority=Priority.ALERT,
        expires_at=now + LOOK_STALE_AFTER,
        now=now,
    )


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


def owe_message(*, message: Message, now: datetime) -> None:
    """Owe the announcement that the clinic wrote; it says nothing of what."""
    _owe_patient(
        patient=message.patient,
        kind=MessageKind.MESSAGE,
        key=f"message:{message.pk}",
        priority=Priority.REMINDER,
        now=now,
    )


def owe_test(*, subscription: PushSubscription, now: datetime) -> Delivery:
    """Owe a test message to one phone, so that its owner sees whether messages arrive."""
    return owing.owe(
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


def _owe_patient(*, patient: Patient, key: str, **message: Any) -> None:
    """One delivery a phone; by the next channel when the patient has no phone for messages."""
    if not owing.owe_to_phones(patient=patient, cause=key, **message):
        next_channel.owe_first(patient=patient, cause=key, **message)


def confirm_receipt(*, receipt_id: UUID, patient: Patient, now: datetime) -> bool:
    """Note that a phone has shown a message; False when the message is not this patient's."""
    rows = Delivery.objects.select_related("subscription__device_session")
    delivery = rows.filter(receipt_id=receipt_id, patient=patient).first()
    if delivery is None:
        return False
    Delivery.objects.filter(pk=delivery.pk, seen_at__isnull=True).update(
        state=DeliveryState.SEEN, seen_at=now
    )
    if delivery.subscription_id is not None:
        PushSubscription.objects.filter(pk=delivery.subscription_id).update(seen_at=now)
    if not delivery.is_for_caregiver:
        reachability.note_reached(patient=patient, now=now)
    return True
