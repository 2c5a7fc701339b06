"""Encrypted web push (RFC 8030, 8188, 8291, 8292) to the address that the browser gave.

The payload is at once a Declarative Web Push message (Safari 18.4 and later) and what our own
service worker shows elsewhere. It carries an id for the receipt and words from the closed list.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from py_vapid import Vapid
from pywebpush import WebPusher

from tracker.delivery import wire
from tracker.delivery.addresses import AddressRefused, check_push_endpoint
from tracker.delivery.failures import AddressGone, PermanentFailure, TemporaryFailure
from tracker.delivery.texts import text_for
from tracker.models import Delivery, PushSubscription
from tracker.models.delivery import Priority

TIME_TO_LIVE = {Priority.ALERT: 24 * 60 * 60, Priority.TIMER: 5 * 60, Priority.REMINDER: 60 * 60}
PATHS = {
    "ICE_OFF": "/ice/",
    "ICE_AGAIN": "/ice/",
    "ICE_OFFER": "/ice/",
    "CHECK_IN": "/check-in/",
    "GLUCOSE": "/check-in/",
    "RECHECK": "/check-in/",
    "FOLLOW_UP": "/check-in/",
}
VAPID_LIVES = 12 * 60 * 60  # seconds; RFC 8292 allows a day, counted by the receiver's clock
VAPID_RENEWED = 6 * 60 * 60  # seconds before its end


def send(delivery: Delivery) -> None:
    subscription = delivery.subscription
    if subscription is None:
        raise PermanentFailure("this delivery names no phone")
    try:
        check_push_endpoint(subscription.endpoint)
    except AddressRefused as error:
        raise PermanentFailure(str(error)) from error
    answer = wire.post(
        subscription.endpoint,
        body=_encrypted(subscription, json.dumps(payload(delivery), ensure_ascii=False)),
        headers={
            "Authorization": _authorization(subscription.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_time_to_live(delivery)),
            "Urgency": "normal" if delivery.priority == Priority.REMINDER else "high",
            "Topic": topic(delivery.key),
        },
    )
    if not answer.is_success:
        raise _failure(answer)


def _time_to_live(delivery: Delivery) -> int:
    """For how long a push service may wait for the phone: a reminder not into the night.

    Counted from the end of the lease, which is what `due_at` is while it is sent.
    """
    usual = TIME_TO_LIVE[Priority(delivery.priority)]
    if delivery.expires_at is None:
        return usual
    left = (delivery.expires_at - delivery.due_at).total_seconds() / settings.CLOCK_SPEED
    return max(0, min(usual, int(left)))


def payload(delivery: Delivery) -> dict[str, Any]:
    language = delivery.patient.language if delivery.patient else "en"
    text = text_for(delivery.kind, language)
    return {
        "web_push": 8030,
        "notification": {
            "title": text.title,
            "body": text.body,
            "lang": language,
            "navigate": settings.BASE_URL + PATHS.get(delivery.kind, "/"),
            "tag": topic(delivery.key),
            "data": {"receipt": str(delivery.receipt_id)},
        },
    }


def topic(key: str) -> str:
    """The delivery's key in the 32 characters of a Topic header: a repeat replaces the first."""
    digest = hashlib.sha256(key.encode()).digest()
    return base64.urlsafe_b64encode(digest)[:32].decode()


def _encrypted(subscription: PushSubscription, text: str) -> bytes:
    keys = {"p256dh": subscription.p256dh, "auth": subscription.auth}
    pusher = WebPusher({"endpoint": subscription.endpoint, "keys": keys})
    return bytes(pusher.encode(text.encode(), "aes128gcm")["body"])


_signed: dict[tuple[str, str, str], tuple[float, str]] = {}
"""By key, subject and audience: when it ends, and the header. A signature costs as much as the
encryption of a message, and the same one serves every phone of a push service."""


def _authorization(endpoint: str) -> str:
    """Say who sends (RFC 8292), signed anew well before the last signature ends."""
    parts = urlsplit(endpoint)
    audience = f"{parts.scheme}://{parts.netloc}"
    signed_for = (settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT, audience)
    ends_at, header = _signed.get(signed_for, (0.0, ""))
    # Also when a clock was put back and the signature would seem to live for longer than a day.
    if not VAPID_RENEWED < ends_at - time.time() <= VAPID_LIVES:
        ends_at = time.time() + VAPID_LIVES
        claims = {"sub": settings.VAPID_SUBJECT, "aud": audience, "exp": int(ends_at)}
        vapid = Vapid.from_string(private_key=settings.VAPID_PRIVATE_KEY)
        header = vapid.sign(claims)["Authorization"]
        _signed[signed_for] = ends_at, header
    return header


def _failure(answer: wire.Answer) -> Exception:
    """404 and 410 end a subscription; 403 does not (a bad VAPID subject would wipe every phone)."""
    told = f"push: answered {answer.status}"
    if answer.status in (404, 410):
        return AddressGone(told)
    if answer.status in (400, 413):
        return PermanentFailure(told)
    return TemporaryFailure(told, wait=answer.retry_after)
