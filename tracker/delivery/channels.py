"""Hand a message to its channel; a failure says whether to try again."""

from django.conf import settings

from tracker.delivery import deadline, email, push, sms
from tracker.models import Delivery
from tracker.models.delivery import Channel

_SENDERS = {Channel.PUSH: push.send, Channel.EMAIL: email.send, Channel.SMS: sms.send}


def send(delivery: Delivery) -> None:
    """Send now, within a third of the lease; raise `TemporaryFailure` or `PermanentFailure` when
    it did not leave."""
    with deadline.within(settings.LEASE / 3):
        _SENDERS[Channel(delivery.channel)](delivery)
