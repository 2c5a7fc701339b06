"""What somebody sees when a request cannot be answered: a small page, or a problem for the API."""

from __future__ import annotations

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracker.pages.phone import show
from tracker.phone_cookie import phone_of
from tracker.problems import problem
from tracker.services import health

Words = str | Promise


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 400, _("This page could not read what was sent."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request,
        403,
        _("Sorry, nothing was sent. Someone signed in or out after this page opened."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, _("You may not see this page."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, _("There is nothing here."))


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exception()
    if isinstance(error, OperationalError):
        # The database is away or full: a phone shows what it keeps, and comes again.
        health.note_refusal(error)
        response = _answer(request, 503, _("Something went wrong on our side. Please try again."))
        response.headers["Retry-After"] = "5"
        return response
    return _answer(request, 500, _("Something went wrong on our side. Please try again."))


def _answer(request: HttpRequest, status: int, words: Words) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(status, str(words))
    # After a failure of ours no row is asked whose phone this is.
    phone = phone_of(request) if status < HTTPStatus.INTERNAL_SERVER_ERROR else None
    if phone is not None:
        with translation.override(phone.patient.language):
            return show(request, phone, "error.html", status=status, heading=words)
    with translation.override(translation.get_language_from_request(request)):
        return render(request, "phone/error.html", {"heading": words}, status=status)
