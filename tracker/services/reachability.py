"""Whether messages reach a patient: by which channel, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings

from tracker.models import Delivery, Patient, PushSubscription
from tracker.models.delivery import PATIENTS_OWN, Channel, DeliveryState
from tracker.models.task import Task, TaskKind
from tracker.services import consents

DOUBTED_AFTER = timedelta(days=7)
DOUBTED_MESSAGES = 2
REACHED_AGAIN = "A phone confirmed a message."


class Reach(StrEnum):
    REACHABLE = "reachable"
    DOUBTFUL = "doubtful"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Line:
    """One way to a patient."""

    channel: Channel
    reach: Reach
    confirmed_at: datetime | None = None
    """When a phone last said that it showed a message; a text or an e-mail never says so."""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reachability:
    lines: list[Line]

    @property
    def reach(self) -> Reach:
        """The best of the ways; what cannot confirm is in doubt, unless a phone does."""
        found = {line.reach for line in self.lines}
        return next((reach for reach in Reach if reach in found), Reach.UNREACHABLE)

    @property
    def confirmed_at(self) -> datetime | None:
        return max((line.confirmed_at for line in self.lines if line.confirmed_at), default=None)


def reachability(*, patient: Patient, now: datetime) -> Reachability:
    """Give the ways to a patient, in the order in which they are tried."""
    phones = patient.push_subscriptions.filter(PATIENTS_OWN, ended_at__isnull=True)
    lines = [_phone(phone, now) for phone in phones.order_by("created_at")]
    lines += [_unconfirmed(patient, channel) for channel in channels_without_receipt(patient)]
    return Reachability(lines)


def channels_without_receipt(patient: Patient) -> list[Channel]:
    """What is left when no phone takes messages, in order: texts only to those who agreed."""
    takes_mail = patient.clinic.email_allowed and consents.takes_e_mail(patient)
    takes_texts = bool(
        settings.SMS and patient.clinic.sms_allowed and patient.texts_agreed_at and patient.phone
    )
    ways = {Channel.SMS: takes_texts, Channel.EMAIL: takes_mail}
    return [channel for channel, is_open in ways.items() if is_open]


def _phone(phone: PushSubscription, now: datetime) -> Line:
    left = phone.delivery_set.filter(state__in=[DeliveryState.SENT, DeliveryState.SEEN])
    latest = list(
        left.order_by("-sent_at", "-pk").values_list("state", flat=True)[:DOUBTED_MESSAGES]
    )
    unheard = len(latest) == DOUBTED_MESSAGES and DeliveryState.SEEN not in latest
    silent = now - (phone.seen_at or phone.created_at) > DOUBTED_AFTER
    reach = Reach.DOUBTFUL if unheard or silent else Reach.REACHABLE
    return Line(Channel.PUSH, reach, phone.seen_at, phone.created_at)


def _unconfirmed(patient: Patient, channel: Channel) -> Line:
    rows = Delivery.objects.filter(patient=patient, channel=channel).order_by("-pk")
    latest = rows.values_list("state", flat=True).first()
    refused = latest in (DeliveryState.DEAD, DeliveryState.GONE)
    return Line(channel, Reach.UNREACHABLE if refused else Reach.DOUBTFUL)


def note_reached(*, patient: Patient, now: datetime) -> None:
    """A phone confirmed a message: the task to find another way is done."""
    waiting = Task.objects.filter(patient=patient, kind=TaskKind.UNREACHABLE, done_at=None)
    waiting.update(done_at=now, note=REACHED_AGAIN)
