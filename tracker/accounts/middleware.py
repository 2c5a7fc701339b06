"""End desk sessions in time, and remember the browsers of those who signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from tracker.accounts import desk_session, devices

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


def by_itself(view: View) -> View:
    """Mark what a page asks for without anybody doing anything: it keeps no session alive."""
    view.asked_by_a_page = True  # type: ignore[attr-defined]
    return view


class DeskSessions:
    """Whoever walks away from a desk is signed out; a shift ends in any case."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _may_be_staff(request) and request.user.is_authenticated and _must_end(request):
            logout(request)
        response = self.get_response(request)
        known = getattr(request, "signed_in_user", None)
        if known is not None:
            devices.remember(request, response, known)
        return response

    def process_view(self, request: HttpRequest, view: View, *_rest: Any) -> None:
        waits = getattr(view, "asked_by_a_page", False)
        if not waits and _may_be_staff(request) and request.user.is_authenticated:
            desk_session.touch(request)


def _may_be_staff(request: HttpRequest) -> bool:
    # A phone has no desk session: nothing is asked of the database for it.
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _must_end(request: HttpRequest) -> bool:
    if desk_session.has_ended(request):
        return True
    # It began before the second factor existed: whoever holds it has shown a password only.
    return not desk_session.is_verified(request) and desk_session.has_second_factor(request.user.pk)
