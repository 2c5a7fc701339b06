"""System checks for the ways out: a channel that takes nothing silences whoever depends on it."""

from __future__ import annotations

import base64
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register

SHORTEST_SECRET = 20
_HERE = ("localhost", "127.0.0.1", "::1")


@register(deploy=True)
def phones_trust_the_address(**_kwargs: Any) -> list[CheckMessage]:
    """Browsers give push messages and an app without network to https only."""
    if settings.HTTPS:
        return []
    return [
        Error(
            "Phones take no messages from an address that is not https.",
            hint="Set BASE_URL to https://... and put TLS in front (docs/deploy.md).",
            id="tracker.E008",
        )
    ]


@register(deploy=True)
def some_push_service_may_be_called(**_kwargs: Any) -> list[CheckMessage]:
    if settings.PUSH_HOSTS:
        return []
    return [
        Error(
            "No push message can leave: PUSH_HOSTS names no push service.",
            hint="Leave PUSH_HOSTS out, or name those that this clinic allows.",
            id="tracker.E009",
        )
    ]


@register(deploy=True)
def the_vapid_keys_belong_together(**_kwargs: Any) -> list[CheckMessage]:
    """With half of another pair, every push service refuses every message."""
    private, public = settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY
    if not (private and public) or _public_of(private) == public.rstrip("="):
        return []
    return [
        Error(
            "No push message can leave: VAPID_PUBLIC_KEY is not that of VAPID_PRIVATE_KEY.",
            hint="Set both to what one run of `manage.py vapid_keys` printed.",
            id="tracker.E010",
        )
    ]


def _public_of(private: str) -> str:
    try:
        number = int.from_bytes(base64.urlsafe_b64decode(private + "=" * (-len(private) % 4)))
        key = ec.derive_private_key(number, ec.SECP256R1()).public_key()
    except ValueError:
        return ""
    point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


@register(deploy=True)
def nobody_guesses_where_texts_are_answered(**_kwargs: Any) -> list[CheckMessage]:
    secret = settings.SMS_INBOUND_SECRET
    if not secret or len(secret) >= SHORTEST_SECRET:
        return []
    return [
        Error(
            f"SMS_INBOUND_SECRET is shorter than {SHORTEST_SECRET} characters.",
            hint="Whoever guesses it ends texts for anybody: give a long random one.",
            id="tracker.E011",
        )
    ]


@register(deploy=True)
def who_answers_stop_is_heard(**_kwargs: Any) -> list[CheckMessage]:
    if settings.SMS is None:
        return [
            Info(
                "There are no text messages: without push, e-mail is all that is left.",
                hint="Set SMS_URL to reach patients whose phone takes no push messages.",
                id="tracker.I001",
            )
        ]
    if settings.SMS_INBOUND_SECRET:
        return []
    return [
        Warning(
            "Whoever answers STOP to a text is heard only when the gateway refuses the next one.",
            hint="Set SMS_INBOUND_SECRET and give the gateway the address (docs/deploy.md).",
            id="tracker.W003",
        )
    ]


@register(deploy=True)
def a_backup_can_be_sealed(**_kwargs: Any) -> list[CheckMessage]:
    if settings.BACKUP_PUBLIC_KEY:
        return []
    return [
        Warning(
            "No backup can be made: BACKUP_PUBLIC_KEY is missing.",
            hint="Set it to the key that `manage.py backup_key` prints (docs/backups.md).",
            id="tracker.W004",
        )
    ]


@register(deploy=True)
def nobody_reads_mail_on_its_way(**_kwargs: Any) -> list[CheckMessage]:
    """Codes for new passwords go by e-mail, and so does the password of the mail server."""
    is_smtp = settings.EMAIL_BACKEND.endswith("smtp.EmailBackend")
    sealed = settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL
    if not is_smtp or sealed or settings.EMAIL_HOST in _HERE:
        return []
    return [
        Warning(
            "E-mail goes to the mail server without encryption.",
            hint="Set EMAIL_URL to smtp+tls://user:password@host:587, or smtp+ssl://...:465.",
            id="tracker.W005",
        )
    ]
