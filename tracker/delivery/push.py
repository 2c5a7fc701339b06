"""Encrypted web push (RFC 8030, 8188, 8291, 8292) to the address that the browser gave.

The payload is at once a Declarative Web Push message (Safari 18.4 and later) and what our own
service worker shows elsewhere. It carries an id for the receipt and words from the closed list.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import requests
from django.conf import settings
from pywebpush import WebPushException, webpush

from tracker.delivery.addresses import AddressRefused, check_push_endpoint
from tracker.delivery.failures import AddressGone, PermanentFailure, TemporaryFailure
from tracker.delivery.texts import text_for
from tracker.models import Delivery
from tracker.models.delivery import Priority

TIMEOUT = 5  # seconds; a third of the lease
TIME_TO_LIVE = {Priority.ALERT: 24 * 60 * 60, Priority.TIMER: 5 * 60, Priority.REMINDER: 60 * 60}
PATHS = {"ICE_OFF": "/ice/", "ICE_AGAIN": "/ice/", "CHECK_IN": "/check-in/"}


class _NoRedirects(requests.Session):
    """A push service has no reason to redirect; following one could reach an inner address."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        kwargs["allow_redirects"] = False
        kwargs["stream"] = True  # nothing of a body is needed, so none is waited for
        return super().request(*args, **kwargs)


def send(delivery: Delivery) -> None:
    subscription = delivery.subscription
    if subscription is None:
        raise PermanentFailure("this delivery names no phone")
    try:
        check_push_endpoint(subscription.endpoint)
    except AddressRefused as error:
        raise PermanentFailure(str(error)) from error
    try:
        with _NoRedirects() as session:
            response = webpush(
                subscription_info={
                    "endpoint": subscription.endpoint,
                    "keys": {"p256dh": subscription.p256dh, "auth": subscription.auth},
                },
                data=json.dumps(payload(delivery), ensure_ascii=False),
                vapid_private_key=settings.VAPID_PRIVATE_KEY,
                # A fresh dict each time: pywebpush writes the audience into it.
                vapid_claims={"sub": settings.VAPID_SUBJECT},
                ttl=TIME_TO_LIVE[Priority(delivery.priority)],
                headers={
                    "Urgency": "normal" if delivery.priority == Priority.REMINDER else "high",
                    "Topic": topic(delivery.key),
                },
                timeout=TIMEOUT,
                requests_session=session,
            )
    except WebPushException as error:
        raise _failure(error) from error
    except requests.RequestException as error:
        raise TemporaryFailure(f"push: {type(error).__name__}") from error
    if not 200 <= response.status_code < 300:
        raise TemporaryFailure(f"push: answered {response.status_code}")


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


def _failure(error: WebPushException) -> Exception:
    """404 and 410 end a subscription; 403 does not (a bad VAPID subject would wipe every phone)."""
    status = error.response.status_code if error.response is not None else None
    if status in (404, 410):
        return AddressGone(f"push: answered {status}")
    if status in (400, 413):
        return PermanentFailure(f"push: answered {status}")
    return TemporaryFailure(f"push: answered {status}")
