"""The cookie that keeps a phone signed in: set, read and cleared in one place."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tracker import access, clock, scope
from tracker.access import Phone
from tracker.services import devices

GetResponse = Callable[[HttpRequest], HttpResponse]
EVERYTHING = '"cache", "cookies", "storage"'
BUT_COOKIES = '"cache", "storage"'
"""For a page whose form needs the cookie that comes with it."""
LONGEST = 400 * 24 * 60 * 60  # seconds; the longest that browsers keep. The server decides.


def token_of(request: HttpRequest) -> str | None:
    return request.COOKIES.get(settings.PHONE_COOKIE)


def phone_of(request: HttpRequest) -> Phone | None:
    """Find the signed-in phone that sent this request, which goes on at its clinic."""
    token = token_of(request)
    clinic_id = access.clinic_of(token)
    if clinic_id is None:
        return None
    with scope.clinic_scope(clinic_id):
        phone = devices.present(token=token, now=clock.now())
    if phone is not None:
        scope.enter(clinic_id)
    return phone


def was_ended(request: HttpRequest) -> bool:
    """Whether somebody signed the phone out that sent this request."""
    token = token_of(request)
    clinic_id = access.clinic_of(token)
    if clinic_id is None:
        return False
    with scope.clinic_scope(clinic_id):
        return devices.was_ended(token=token)


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


def clear_phone(response: HttpResponse, what: str = EVERYTHING) -> None:
    """Leave nothing of the patient on the phone.

    Never with a redirect: WebKit then clears nothing, or waits for ever, so that no page is shown.
    """
    response.delete_cookie(settings.PHONE_COOKIE, samesite="Lax")
    response.headers["Clear-Site-Data"] = what


class ForgetEndedPhones:
    """A program that asks for a phone that was signed out is told to keep nothing (middleware)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.UNAUTHORIZED and was_ended(request):
            clear_phone(response)
        return response
