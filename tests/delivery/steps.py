"""What the tests of deliveries do again and again."""

from __future__ import annotations

from datetime import datetime

from tests.conftest import NOW
from tests.factories import a_phone
from tests.push_service import Browser, PushService
from tracker.models import Delivery, Patient
from tracker.models.delivery import Priority
from tracker.services import claims, push_subscriptions, sending


def deliver_all(now: datetime = NOW) -> None:
    """What the senders do with all that is due; what is owed meanwhile waits for the next call."""
    for claimed in claims.claim_due(now=now, priorities=tuple(Priority), limit=100):
        sending.send(claimed=claimed, now=now)


def subscribed(patient: Patient, push_service: PushService, now: datetime = NOW) -> Browser:
    browser = push_service.browser()
    push_subscriptions.subscribe(
        phone=a_phone(patient), endpoint=browser.endpoint, now=now, **browser.subscription["keys"]
    )
    return browser


def states() -> list[tuple[str, str]]:
    """Channel and state of each message, in the order in which they were owed."""
    return list(Delivery.objects.order_by("pk").values_list("channel", "state"))
