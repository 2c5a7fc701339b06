"""Messages that are owed: written with their cause in one transaction; `sending.py` sends them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tracker import queue
from tracker.clinical.findings import Tier
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
from tracker.models.alert import AlertStep
from tracker.models.delivery import Channel, DeliveryState, MessageKind, Priority

NOTIFYING = {AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE}
ON_THE_WAY = [DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.SEEN]
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


def owe_instead(*, failed: Delivery, now: datetime) -> None:
    """A phone did not take its message: owe it to the patient's other phones, else by e-mail.

    Two phones of one patient may fail at the same moment; the patient's row lock makes the second
    see what the first has left.
    """
    if failed.patient is None or failed.channel != Channel.PUSH:
        return
    patient = Patient.objects.select_for_update().get(pk=failed.patient.pk)
    cause = failed.key.rsplit(":push:", 1)[0]
    sent_to = Delivery.objects.filter(
        key__startswith=f"{cause}:push:", state__in=ON_THE_WAY
    ).exclude(pk=failed.pk)
    reached = set(sent_to.values_list("subscription_id", flat=True))
    live = patient.push_subscriptions.filter(ended_at__isnull=True)
    if failed.subscription is not None:
        live = live.exclude(pk=failed.subscription.pk)
    again: dict[str, Any] = {
        "clinic_id": failed.clinic_id,
        "patient": patient,
        "alert": failed.alert,
        "reminder": failed.reminder,
        "kind": failed.kind,
        "priority": failed.priority,
        "expires_at": failed.expires_at,
        "now": now,
    }
    for phone in live:
        if phone.pk not in reached:
            key = f"{cause}:push:{phone.pk}"
            _owe(subscription=phone, channel=Channel.PUSH, key=key, **again)
    if not live and patient.email:
        _owe(channel=Channel.EMAIL, key=f"{cause}:email", **again)


def owe_by_email_as_well(*, failing: Delivery, now: datetime) -> None:
    """A phone takes no message for now: try it further, and tell the patient by e-mail too."""
    if failing.patient is None or failing.channel != Channel.PUSH or not failing.patient.email:
        return
    _owe(
        clinic_id=failing.clinic_id,
        patient=failing.patient,
        alert=failing.alert,
        kind=failing.kind,
        channel=Channel.EMAIL,
        key=f"{failing.key.rsplit(':push:', 1)[0]}:email",
        priority=failing.priority,
        now=now,
    )


def _owe(*, key: str, now: datetime, **fields: Any) -> Delivery:
    delivery, created = Delivery.objects.get_or_create(
        key=key, defaults={"due_at": now, "created_at": now, **fields}
    )
    if created:
        queue.after_commit("tracker.deliver", delivery_id=delivery.pk)
    return delivery


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
