"""Where a message goes that one address did not take, or that no phone confirmed.

A patient's phones first, then a text message to whoever agreed to them, then e-mail. When nothing
is left, staff get a task: no message reaches this patient.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from tracker.clinical.wall_clock import after_quiet_hours
from tracker.models import Delivery, DeliveryMoment, Patient, Task
from tracker.models.alert import AlertState
from tracker.models.delivery import Channel, DeliveryState, MessageKind, Priority
from tracker.models.task import TaskKind
from tracker.services import claims, courses, owing, reachability, tasks
from tracker.services.reminder_rows import AT_ANY_HOUR

ON_THE_WAY = [DeliveryState.PENDING, DeliveryState.SENT, DeliveryState.SEEN]
_ADDRESS = re.compile(r":(push:[0-9a-f-]{36}|sms|email)$")


def owe_first(*, patient: Patient, cause: str, **message: Any) -> None:
    """Owe a message to a patient who has no phone that takes any."""
    if not _owe_next(patient, cause, message):
        tasks.open_unreachable(patient=patient, now=message["now"])


@transaction.atomic
def owe_instead(*, failed: Delivery, now: datetime) -> None:
    """An address refused for the last time: owe the message elsewhere, unless it is on its way.

    Two phones of one patient may fail at the same moment; the patient's row lock makes the second
    see what the first has left.
    """
    if failed.patient is None:
        return
    patient = _held(failed.patient)
    if failed.channel == Channel.PUSH:
        # A browser that renewed its address meanwhile is another phone to us.
        owing.owe_to_phones(patient=patient, cause=_cause(failed), **_message(failed, now))
    if not failed.is_for_caregiver and not is_on_the_way(failed):
        _owe_next_or_tell(failed, patient, now)


@transaction.atomic
def owe_as_well(*, unheard: Delivery, now: datetime) -> None:
    """Nobody knows whether this message arrives: owe it by the next channel, too."""
    if unheard.patient is None or unheard.is_for_caregiver:
        return
    patient = _held(unheard.patient)
    others = _others(unheard)
    # One phone's silence was answered by a text or an e-mail: so is that of the next phone.
    joined = others.filter(state__in=ON_THE_WAY).exclude(channel=Channel.PUSH)
    if others.filter(state=DeliveryState.SEEN).exists() or (
        unheard.channel == Channel.PUSH and joined.exists()
    ):
        return
    _owe_next_or_tell(unheard, patient, now)


@transaction.atomic
def owe_one_unconfirmed(*, delivery_id: int, now: datetime) -> None:
    """A phone did not confirm an alert in time: owe it by the next channel, once."""
    delivery = (
        Delivery.objects.select_for_update(skip_locked=True, of=["self"])
        .select_related("patient", "alert", "reminder")
        .filter(pk=delivery_id, state=DeliveryState.SENT, confirm_by__lte=now)
        .first()
    )
    if delivery is None:
        return
    delivery.confirm_by = None
    delivery.save(update_fields=["confirm_by"])
    if delivery.alert and delivery.alert.state != AlertState.RESOLVED:
        owe_as_well(unheard=delivery, now=now)


def unconfirmed(*, now: datetime) -> QuerySet[DeliveryMoment]:
    """Name the messages whose receipt did not come in time, of whichever clinic."""
    rows = DeliveryMoment.objects.filter(state=DeliveryState.SENT, confirm_by__lte=now)
    return rows.order_by("confirm_by")


def is_on_the_way(delivery: Delivery) -> bool:
    """Whether the same person was told by another address, or will be."""
    return _others(delivery).filter(state__in=ON_THE_WAY).exists()


def _owe_next_or_tell(delivery: Delivery, patient: Patient, now: datetime) -> None:
    if _owe_next(patient, _cause(delivery), _message(delivery, now)):
        return
    # A text or an e-mail is never confirmed, so that it left must do.
    left = _others(delivery).filter(state=DeliveryState.SENT).exclude(channel=Channel.PUSH)
    # Staff who have seen to it since the message was written are not asked at each attempt.
    seen_to = Task.objects.filter(patient=patient, kind=TaskKind.UNREACHABLE, done_by__isnull=False)
    if not left.exists() and not seen_to.filter(opened_at__gte=delivery.created_at).exists():
        tasks.open_unreachable(patient=patient, now=now)


def _owe_next(patient: Patient, cause: str, message: dict[str, Any]) -> bool:
    """Owe by the first channel that this cause has not gone by; False when none is left."""
    expires_at = message.get("expires_at") or claims.NEVER
    channels = {
        channel: _may_leave_at(patient, channel, message)
        for channel in reachability.channels_without_receipt(patient)
    }
    # A text that the night outlasts would never leave: e-mail first, if there is any.
    for channel in sorted(channels, key=lambda each: channels[each] >= expires_at):
        key = f"{cause}:{channel.lower()}"
        if Delivery.objects.filter(key=key).exists():
            continue
        owing.owe(
            clinic_id=patient.clinic_id,
            patient=patient,
            channel=channel,
            key=key,
            due_at=channels[channel],
            **message,
        )
        return True
    return False


def _may_leave_at(patient: Patient, channel: Channel, message: dict[str, Any]) -> datetime:
    """A text rings, so what the clinic asks waits for the end of the night."""
    now: datetime = message["now"]
    rings = channel == Channel.SMS and message["priority"] == Priority.REMINDER
    if not rings or message["kind"] in AT_ANY_HOUR:
        return now
    return after_quiet_hours(now, courses.hours_of(patient)).astimezone(UTC)


def _held(patient: Patient) -> Patient:
    # No key: a check-in that holds an alert must be able to name its patient.
    return Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)


def _message(delivery: Delivery, now: datetime) -> dict[str, Any]:
    return {
        "alert": delivery.alert,
        "reminder": delivery.reminder,
        "kind": MessageKind(delivery.kind),
        "priority": delivery.priority,
        "expires_at": delivery.expires_at,
        "now": now,
    }


def _cause(delivery: Delivery) -> str:
    """The part of a key that all messages of one cause to one person share."""
    return _ADDRESS.sub("", delivery.key)


def _others(delivery: Delivery) -> QuerySet[Delivery]:
    """The same message to the same person, by other addresses."""
    cause = _cause(delivery)
    same = Q(key=cause) | Q(key__startswith=f"{cause}:")
    helpers = Q(subscription__device_session__caregiver__isnull=False)
    return Delivery.objects.filter(same).exclude(helpers).exclude(pk=delivery.pk)
