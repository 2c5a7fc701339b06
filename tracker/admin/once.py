"""The id of what a form makes, made by the server beforehand: sent twice, it makes one."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core import signing
from django.http import HttpRequest

SIGNER = signing.TimestampSigner(salt="enrolment")
LASTS = 12 * 60 * 60  # seconds; a desk shift


def for_form(request: HttpRequest) -> str:
    """What the form brings back in `once`; one that was refused keeps its own."""
    sent = request.POST.get("once", "")
    return sent if _unsigned(sent) else SIGNER.sign(str(uuid4()))


def id_of(request: HttpRequest) -> UUID:
    """The id that the form was given; a form that was open too long gets a new one."""
    return _unsigned(request.POST.get("once", "")) or uuid4()


def _unsigned(once: str) -> UUID | None:
    try:
        return UUID(SIGNER.unsign(once, max_age=LASTS))
    except (signing.BadSignature, ValueError):
        return None
