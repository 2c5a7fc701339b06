"""Hand a message to its channel; a failure says whether to try again."""

from tracker.delivery import email, push
from tracker.models import Delivery
from tracker.models.delivery import Channel

_SENDERS = {Channel.PUSH: push.send, Channel.EMAIL: email.send}


def send(delivery: Delivery) -> None:
    """Send now; raise `TemporaryFailure` or `PermanentFailure` when it did not leave."""
    _SENDERS[Channel(delivery.channel)](delivery)
