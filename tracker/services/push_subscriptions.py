"""Remember where a phone's browser takes messages."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from tracker import across
from tracker.access import Phone
from tracker.delivery.addresses import check_push_endpoint
from tracker.models import PushSubscription
from tracker.models.consent import ConsentKind
from tracker.services import consents

MOST_PER_PHONE = 3
SECRET_LENGTH = 16  # bytes, RFC 8291


class SubscriptionRefused(Exception):
    """`field` names what is wrong; the message says what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def subscribe(
    *, phone: Phone, endpoint: str, p256dh: str, auth: str, now: datetime
) -> PushSubscription:
    """Store a subscription; the same endpoint again renews it for the phone that sends it."""
    check_push_endpoint(endpoint)
    _check_key(p256dh)
    _check_secret(auth)
    _release(endpoint, phone, now)
    across.release_endpoint(endpoint=endpoint, clinic_id=phone.clinic.pk, now=now)
    known = {
        "clinic": phone.clinic,
        "patient": phone.patient,
        "device_session": phone.session,
        "p256dh": p256dh,
        "auth": auth,
    }
    since = {} if _stands(endpoint, phone) else {"created_at": now}
    subscription, _ = PushSubscription.objects.update_or_create(
        endpoint=endpoint,
        defaults={**known, **since, "ended_at": None},
        create_defaults={**known, "created_at": now},
    )
    _end_oldest(phone, now)
    if phone.caregiver is None:
        # The browser asked, and was told yes: the patient agrees on this phone.
        consents.give(patient=phone.patient, kinds=[ConsentKind.PUSH], recorded_by=None, now=now)
    return subscription


def _stands(endpoint: str, phone: Phone) -> bool:
    """Whether the same person receives there already: saying so again makes nothing new."""
    theirs = PushSubscription.objects.filter(
        patient=phone.patient, device_session__caregiver=phone.caregiver
    )
    return theirs.filter(endpoint=endpoint, ended_at__isnull=True).exists()


def _release(endpoint: str, phone: Phone, now: datetime) -> None:
    """End what another patient had asked this browser to receive; its messages stay theirs."""
    theirs = PushSubscription.objects.filter(endpoint=endpoint).exclude(patient=phone.patient)
    theirs.update(
        endpoint=Concat(Value("released:"), Cast("pk", TextField())),
        ended_at=Coalesce("ended_at", Value(now)),
    )


def unsubscribe(*, phone: Phone, endpoint: str, now: datetime) -> bool:
    """End a subscription of whoever asks; False when there is none."""
    theirs = PushSubscription.objects.filter(
        patient=phone.patient, device_session__caregiver=phone.caregiver
    )
    rows = theirs.filter(endpoint=endpoint)
    ended = bool(rows.filter(ended_at__isnull=True).update(ended_at=now))
    live = theirs.filter(ended_at__isnull=True)
    if ended and phone.caregiver is None and not live.exists():
        consents.withdraw(
            patient=phone.patient, kind=ConsentKind.PUSH, through=consents.PHONE,
            actor=phone.audit_name, now=now,
        )  # fmt: skip
    return ended


def _end_oldest(phone: Phone, now: datetime) -> None:
    live = PushSubscription.objects.filter(device_session=phone.session, ended_at__isnull=True)
    keep = list(live.order_by("-created_at").values_list("pk", flat=True)[:MOST_PER_PHONE])
    live.exclude(pk__in=keep).update(ended_at=now)


def _check_key(p256dh: str) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _decode(p256dh))
    except ValueError:
        raise SubscriptionRefused(
            "p256dh", "p256dh must be a point on P-256, base64url, as the browser gave it."
        ) from None


def _check_secret(auth: str) -> None:
    try:
        secret = _decode(auth)
    except ValueError:
        secret = b""
    if len(secret) != SECRET_LENGTH:
        raise SubscriptionRefused(
            "auth", "auth must be 16 bytes, base64url, as the browser gave it."
        )


def _decode(value: str) -> bytes:
    try:
        padded = value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 4)
        return base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
