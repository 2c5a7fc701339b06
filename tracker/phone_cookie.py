"""The cookie that keeps a phone signed in: set, read and cleared in one place."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tracker import access
from tracker.access import Phone

LONGEST = 400 * 24 * 60 * 60  # seconds; the longest that browsers keep. The server decides.


def phone_of(request: HttpRequest) -> Phone | None:
    """Find the signed-in phone that sent this request."""
    return access.phone_for(request.COOKIES.get(settings.PHONE_COOKIE))


def label_of(request: HttpRequest) -> str:
    """What the list of signed-in phones shows: the browser's own name for itself."""
    return request.headers.get("User-Agent", "")[:80]


def set_phone_cookie(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        settings.PHONE_COOKIE,
        token,
        max_age=LONGEST,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def clear_phone(response: HttpResponse) -> None:
    """Leave nothing of the patient on the phone."""
    response.delete_cookie(settings.PHONE_COOKIE, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
