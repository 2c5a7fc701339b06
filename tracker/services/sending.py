"""Send what is owed: claim a row, ask whether it still matters, hand it over, mark it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tracker import clock, faults
from tracker.clinical.findings import Tier
from tracker.delivery import channels
from tracker.delivery.failures import AddressGone, PermanentFailure, TemporaryFailure
from tracker.models import Alert, Delivery, PushSubscription
from tracker.models.alert import AlertState
from tracker.models.delivery import DeliveryState, MessageKind, Priority
from tracker.models.reminder import ReminderState
from tracker.services import deliveries

logger = logging.getLogger(__name__)

LEASE = settings.LEASE  # seconds of the world; a channel's time-outs are a third of it
MOST_ATTEMPTS = 8
EMAIL_TOO_AFTER = 3  # attempts of an alert
LONGEST_WAIT = 60  # seconds of the world


def due_deliveries(
    *,
    now: datetime,
    limit: int,
    priorities: Sequence[Priority] = tuple(Priority),
    without: Collection[int] = (),
) -> list[int]:
    """Name the deliveries that are due, alerts first."""
    rows = Delivery.objects.filter(
        state=DeliveryState.PENDING, due_at__lte=now, priority__in=priorities
    ).exclude(pk__in=without)
    return list(rows.order_by("priority", "due_at").values_list("pk", flat=True)[:limit])


def deliver(*, delivery_id: int, now: datetime) -> None:
    """Send one owed message.

    A holder that dies between claim and mark leaves a row that becomes due again.
    """
    delivery = _claim(delivery_id, now)
    if delivery is None:
        return
    faults.point("after_claim", delivery.key)
    no_longer = _no_longer_wanted(delivery, now)
    if no_longer == DeliveryState.GONE:
        _end(delivery, DeliveryState.GONE, "the phone takes no messages any more", now)
        return
    if no_longer is not None:
        _mark(delivery, state=no_longer)
        return
    _hand_over(delivery, now)


def _hand_over(delivery: Delivery, now: datetime) -> None:
    try:
        faults.point("before_send", delivery.key)
        channels.send(delivery)
        faults.point("after_send", delivery.key)
    except AddressGone as error:
        _end(delivery, DeliveryState.GONE, str(error), now)
    except PermanentFailure as error:
        _end(delivery, DeliveryState.DEAD, str(error), now)
    except TemporaryFailure as error:
        _again(delivery, str(error), now)
    except Exception as error:
        # Nobody foresaw it: it counts as an attempt, and somebody on call must see it.
        logger.exception("delivery %s failed", delivery.pk)
        _again(delivery, type(error).__name__, now)
    else:
        _mark(delivery, state=DeliveryState.SENT, sent_at=now, last_error="")
        faults.point("after_mark", delivery.key)


@transaction.atomic
def _claim(delivery_id: int, now: datetime) -> Delivery | None:
    # Whoever claims holds the row for a lease; no lock is held during the network call.
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=["self"])
        .select_related("patient", "user", "subscription", "alert", "reminder")
        .filter(pk=delivery_id, state=DeliveryState.PENDING, due_at__lte=now)
        .first()
    )
    if delivery is None:
        return None
    delivery.attempts += 1
    delivery.due_at = now + clock.real(LEASE)
    delivery.save(update_fields=["attempts", "due_at"])
    return delivery


def _no_longer_wanted(delivery: Delivery, now: datetime) -> DeliveryState | None:
    """Ask again just before sending: answered, acknowledged and cancelled need no message."""
    if delivery.expires_at is not None and delivery.expires_at <= now:
        return DeliveryState.EXPIRED
    if delivery.reminder and delivery.reminder.state == ReminderState.CANCELLED:
        return DeliveryState.CANCELLED
    if delivery.alert and not _still_waiting(delivery, delivery.alert):
        return DeliveryState.CANCELLED
    phone = delivery.subscription
    # A browser that somebody else signed in with since must not show this patient's message.
    if phone and (phone.ended_at or phone.patient_id != delivery.patient_id):
        return DeliveryState.GONE
    return None


def _still_waiting(delivery: Delivery, alert: Alert) -> bool:
    """Whether any alert that this message speaks for still waits: it names none, it may be one
    of several that were raised at the same moment."""
    raised_then = Q(pk=alert.pk) | Q(
        procedure_id=alert.procedure_id, raised_at__gte=delivery.created_at
    )
    raised = Alert.objects.filter(raised_then)
    if delivery.kind == MessageKind.STAFF_ALERT:
        return raised.filter(state=AlertState.OPEN, tier__gte=int(Tier.CALL_TODAY)).exists()
    return raised.exclude(state=AlertState.RESOLVED).exists()


def _mark(delivery: Delivery, **fields: object) -> bool:
    # Fenced: a holder whose lease ran out must not overwrite what the next one wrote.
    return bool(
        Delivery.objects.filter(
            pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.PENDING
        ).update(**fields)
    )


def _again(delivery: Delivery, error: str, now: datetime) -> None:
    is_alert = delivery.priority == Priority.ALERT
    if delivery.attempts >= MOST_ATTEMPTS and not is_alert:
        _mark(delivery, state=DeliveryState.DEAD, last_error=error[:200])
        return
    wait = min(2 ** min(delivery.attempts, 10), LONGEST_WAIT)
    _mark(delivery, due_at=now + clock.real(wait), last_error=error[:200])
    if is_alert and delivery.attempts == EMAIL_TOO_AFTER:
        deliveries.owe_by_email_as_well(failing=delivery, now=now)


@transaction.atomic
def _end(delivery: Delivery, state: DeliveryState, error: str, now: datetime) -> None:
    """This address will not take the message: somebody else must, or another address."""
    if not _mark(delivery, state=state, last_error=error[:200]):
        return
    phone = delivery.subscription
    if state == DeliveryState.GONE and phone and phone.patient_id == delivery.patient_id:
        PushSubscription.objects.filter(pk=phone.pk, ended_at__isnull=True).update(ended_at=now)
    if delivery.kind == MessageKind.STAFF_ALERT and delivery.alert:
        # Nobody was told: the next person on call is told now, not when the wait is over.
        Alert.objects.filter(pk=delivery.alert.pk, state=AlertState.OPEN).update(due_at=now)
        return
    if delivery.kind != MessageKind.TEST:
        deliveries.owe_instead(failed=delivery, now=now)
