"""What a desk session must have before anything is shown, and for how long it lasts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from tracker import access, scope
from tracker.access import Staff
from tracker.services import devices

BEGAN, SEEN, CLINIC, VERIFIED = "began_at", "seen_at", "clinic", "second_factor_of"
BROWSER = "browser"
WRITTEN_EVERY = 60  # seconds; not every click needs a write
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def staff_of(request: HttpRequest) -> Staff | None:
    """Tell who works here: nobody, until the second factor is shown and a clinic chosen.

    The request goes on at that clinic.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or owes_second_factor(request):
        return None
    staff = access.staff_for(user, request.session.get(CLINIC))
    if staff is not None:
        scope.enter(staff.clinic.pk)
    return staff


def owes_second_factor(request: HttpRequest) -> bool:
    """Tell whether this session has yet to show a second factor."""
    return settings.SECOND_FACTOR_REQUIRED and not is_verified(request)


def is_verified(request: HttpRequest) -> bool:
    return request.session.get(VERIFIED) == str(request.user.pk)


def has_second_factor(user_id: int | None) -> bool:
    return Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).exists()


# --- time: the world's, not that of a trial ---------------------------------------------------


def begin(request: HttpRequest) -> None:
    request.session[BEGAN] = request.session[SEEN] = time.time()
    request.session[BROWSER] = devices.name_of(request.headers.get("User-Agent", ""))


def has_ended(request: HttpRequest) -> bool:
    """Tell whether the session has idled too long, or lasted longer than a shift."""
    return is_over(request.session)


def is_over(known: Mapping[str, Any] | SessionBase) -> bool:
    """The same of what was stored in a session."""
    now = time.time()
    began, seen = known.get(BEGAN, now), known.get(SEEN, now)
    return bool(
        now - seen > settings.STAFF_IDLE_MINUTES * 60
        or now - began > settings.STAFF_SHIFT_HOURS * 3600
    )


def touch(request: HttpRequest) -> None:
    """Note that somebody did something; what a page asks by itself is nobody's doing."""
    if BEGAN not in request.session:
        begin(request)
    elif time.time() - request.session.get(SEEN, 0) >= WRITTEN_EVERY:
        request.session[SEEN] = time.time()


# --- is it still you? -------------------------------------------------------------------------


def is_recent(request: HttpRequest) -> bool:
    """Tell whether a password or a second factor was given within the last minutes."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    return time.time() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def require_recent(request: HttpRequest) -> None:
    """Ask for the password or second factor again, then go on with this very request.

    For exports, erasure, roles: an unlocked desk must not be enough.
    """
    if not is_recent(request):
        raise ReauthenticationRequired
