"""What every answer carries, and the language it is in."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from tracker import scope
from tracker.problems import problem

GetResponse = Callable[[HttpRequest], HttpResponse]


class PrivacyHeaders:
    """Keep answers out of caches and search engines, and browser features off."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Permissions-Policy"] = (
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        response.headers["X-Afterblock-Instance"] = settings.INSTANCE
        return response


class NoPlainPrograms:
    """Refuse plain http to programs, where people are led to https.

    A program that follows in silence sends its secrets in the clear each time, and nobody notices.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        plain = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if plain and request.path.startswith(("/api/", "/hooks/")):
            refused = problem(403, "Use https.")
            refused.headers["X-Content-Type-Options"] = "nosniff"
            return refused
        return self.get_response(request)


class HonestLength:
    """Refuse a length that is no number: most servers do, and whoever reads the body cannot."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdecimal()):
            return problem(400, "Content-Length is not a number.")
        return self.get_response(request)


class OneClinic:
    """Begin each request at no clinic: who is recognised in it brings theirs, until it ends."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with scope.nowhere():
            return self.get_response(request)


class PatientLanguage:
    """Speak English unless a page says otherwise; phone pages activate the patient's language."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            return self.get_response(request)
