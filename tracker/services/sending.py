"""Send what is owed: claim a row, ask whether it still matters, hand it over, mark it."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tracker import clock, faults
from tracker.clinical.findings import Tier
from tracker.delivery import channels
from tracker.delivery.failures import AddressGone, PermanentFailure, TemporaryFailure
from tracker.models import Alert, Delivery, PushSubscription, Reminder
from tracker.models.alert import AlertState
from tracker.models.consent import ConsentKind
from tracker.models.delivery import Channel, DeliveryState, MessageKind, Priority
from tracker.models.procedure import ProcedureState
from tracker.models.reminder import ReminderState
from tracker.scope import clinic_scope
from tracker.services import audit, claims, consents, next_channel, on_call, owing
from tracker.services.claims import LONGEST_WAIT, Claimed
from tracker.services.reminder_rows import TIMERS

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
NEXT_CHANNEL_AFTER = 3  # attempts of an alert
CONFIRMED_WITHIN = timedelta(minutes=2)
_random = random.SystemRandom()


def deliver(*, delivery_id: int, now: datetime) -> None:
    """Send one owed message, if it is due and nobody else has it.

    A holder that dies between claim and mark leaves a row that becomes due again.
    """
    claimed = claims.claim(delivery_id=delivery_id, now=now)
    if claimed is not None:
        with clinic_scope(claimed.delivery.clinic_id):
            send(claimed=claimed, now=now)


def send(*, claimed: Claimed, now: datetime) -> None:
    """Send a message whose row was claimed, unless it came too late or is no longer wanted."""
    delivery = claimed.delivery
    if not claimed.is_fresh:
        delivery.refresh_from_db(fields=["patient", "subscription", "alert", "reminder"])
    no_longer = DeliveryState.CANCELLED if claimed.has_died else _no_longer_wanted(delivery, now)
    if no_longer == DeliveryState.GONE:
        _end(delivery, DeliveryState.GONE, "the address takes no messages any more", now)
        return
    if no_longer is not None:
        claims.mark(delivery, state=no_longer)
        return
    # Asked last: whatever stood still until here, the row may be somebody else's by now.
    if claimed.may_be_sent:
        _hand_over(delivery, now)


def _hand_over(delivery: Delivery, now: datetime) -> None:
    try:
        faults.point("before_send", delivery.key)
        channels.send(delivery)
    except AddressGone as error:
        _end(delivery, DeliveryState.GONE, str(error), now)
    except PermanentFailure as error:
        _end(delivery, DeliveryState.DEAD, str(error), now)
    except TemporaryFailure as error:
        _again(delivery, str(error), now, at_least=error.wait)
    except Exception as error:
        # Nobody foresaw it: it counts as an attempt, and somebody on call must see it.
        logger.exception("delivery %s failed", delivery.pk)
        _again(delivery, type(error).__name__, now)
    else:
        faults.point("after_send", delivery.key)
        confirm_by = now + CONFIRMED_WITHIN if _can_be_confirmed(delivery) else None
        claims.mark_sent(delivery, confirm_by=confirm_by, now=now)
        faults.point("after_mark", delivery.key)


def _can_be_confirmed(delivery: Delivery) -> bool:
    # Only a phone's service worker says that it showed a message; only for alerts is that urgent.
    urgent = (MessageKind.PATIENT_ALERT, MessageKind.UNSEEN)
    return delivery.channel == Channel.PUSH and delivery.kind in urgent


def _no_longer_wanted(delivery: Delivery, now: datetime) -> DeliveryState | None:
    """Ask again just before sending: answered, acknowledged and cancelled need no message."""
    if delivery.expires_at is not None and delivery.expires_at <= now:
        return DeliveryState.EXPIRED
    if delivery.reminder and _is_answered_or_over(delivery.reminder):
        return DeliveryState.CANCELLED
    if delivery.alert and not still_waiting(delivery, delivery.alert):
        return DeliveryState.CANCELLED
    phone = delivery.subscription
    # A browser that somebody else signed in with since must not show this patient's message.
    if phone and (phone.ended_at or phone.patient_id != delivery.patient_id):
        return DeliveryState.GONE
    if delivery.channel == Channel.SMS and delivery.patient:
        # Whoever took their agreement back gets no text any more, at once.
        return None if delivery.patient.texts_agreed_at else DeliveryState.GONE
    if delivery.channel == Channel.EMAIL and delivery.patient:
        return None if consents.takes_e_mail(delivery.patient) else DeliveryState.GONE
    return None


def _is_answered_or_over(reminder: Reminder) -> bool:
    if reminder.state in (ReminderState.CANCELLED, ReminderState.DONE):
        return True
    # A timer belongs to the ice that is on, whatever became of the procedure.
    return reminder.kind not in TIMERS and reminder.procedure.state != ProcedureState.DONE


def still_waiting(delivery: Delivery, alert: Alert) -> bool:
    """Whether any alert that this message speaks for still waits: it names none, it may be one
    of several that were raised at the same moment."""
    if delivery.key.startswith(owing.HANDED_OVER):
        theirs = Alert.objects.filter(pk=alert.pk, owner_id=delivery.user_id)
        return theirs.exclude(state=AlertState.RESOLVED).exists()
    unseen = delivery.kind == MessageKind.UNSEEN
    since = alert.raised_at if unseen else delivery.created_at
    raised_then = Q(pk=alert.pk) | Q(procedure_id=alert.procedure_id, raised_at__gte=since)
    raised = Alert.objects.filter(raised_then)
    if delivery.kind == MessageKind.STAFF_ALERT or unseen:
        return raised.filter(state=AlertState.OPEN, tier__gte=int(Tier.CALL_TODAY)).exists()
    return raised.exclude(state=AlertState.RESOLVED).exists()


def _again(delivery: Delivery, error: str, now: datetime, *, at_least: float = 0) -> None:
    is_alert = delivery.priority == Priority.ALERT
    if delivery.attempts >= MOST_ATTEMPTS and not is_alert:
        _end(delivery, DeliveryState.DEAD, error, now)
        return
    # Spread, so that what failed together does not come back together.
    back_off = min(2 ** min(delivery.attempts, 10), LONGEST_WAIT) * _random.uniform(0.75, 1)
    wait = max(back_off, min(at_least, LONGEST_WAIT))
    if not claims.mark(delivery, due_at=now + clock.real(wait), last_error=error[:200]):
        return
    # Or later: the third attempt may have ended with its worker.
    if is_alert and delivery.attempts >= NEXT_CHANNEL_AFTER:
        next_channel.owe_as_well(unheard=delivery, now=now)


@transaction.atomic
def _end(delivery: Delivery, state: DeliveryState, error: str, now: datetime) -> None:
    """This address will not take the message: somebody else must, or another address."""
    if not claims.mark(delivery, state=state, last_error=error[:200]):
        return
    if state == DeliveryState.GONE:
        _forget_address(delivery, now)
    if delivery.kind == MessageKind.STAFF_ALERT and delivery.alert:
        _tell_next_person(delivery, delivery.alert, now)
    elif delivery.kind != MessageKind.TEST:
        next_channel.owe_instead(failed=delivery, now=now)


def _forget_address(delivery: Delivery, now: datetime) -> None:
    phone = delivery.subscription
    if phone and phone.patient_id == delivery.patient_id:
        PushSubscription.objects.filter(pk=phone.pk, ended_at__isnull=True).update(ended_at=now)
    if delivery.channel == Channel.SMS and delivery.patient:
        consents.withdraw(
            patient=delivery.patient, kind=ConsentKind.SMS, through=consents.STOP,
            actor=audit.UNKNOWN, now=now,
        )  # fmt: skip


def _tell_next_person(failed: Delivery, alert: Alert, now: datetime) -> None:
    """Nobody was told: the next person on call is told now, not when the wait is over."""
    if next_channel.is_on_the_way(failed):
        return
    # Once all were told, an address that stays dead must not be asked again at once.
    unheard = Alert.objects.filter(state=AlertState.OPEN, exhausted_at__isnull=True)
    # Two addresses may fail at the same moment: the second sees what the first has left.
    held = unheard.select_for_update(of=["self"], no_key=True).filter(pk=alert.pk).first()
    if held is not None and not _was_told_to_another(held, failed):
        held.due_at = now
        held.save(update_fields=["due_at"])


def _was_told_to_another(alert: Alert, failed: Delivery) -> bool:
    """Whether it went to somebody else, then or since, who was not asked before in vain."""
    asked_before = on_call.policy_of(alert).order[: alert.level]
    told = Delivery.objects.filter(
        alert=alert,
        kind=MessageKind.STAFF_ALERT,
        state__in=next_channel.ON_THE_WAY,
        created_at__gte=failed.created_at,
    )
    return told.exclude(user__memberships__in=asked_before).exclude(user=failed.user).exists()
