"""What the desk's door writes down, and which addresses need nothing written, and why."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from tracker import clock
from tracker.access import Staff
from tracker.services import audit, looking

POLLED = frozenset({"index", "queue"})
"""Lists that record themselves, when others stand in them than before."""

SHOWS_NO_PATIENT: dict[str, str] = {
    "enrol": "an empty form; whoever is enrolled by it is recorded by the service",
    "protocols": "numbers of the clinic",
    "protocol": "numbers of the clinic; whom a try shows is recorded by it",
    "protocol-new": "numbers of the clinic; whom a try shows is recorded by it",
    "protocol-review": "numbers of the clinic",
    "protocol-approve": "numbers of the clinic",
    "staff": "people who work here",
    "staff-invite": "people who work here",
    "staff-role": "people who work here",
    "staff-deactivate": "people who work here",
    "staff-reset": "people who work here",
    "cards": "words of the product",
    "card-approve": "words of the product",
    "card-withdraw": "words of the product",
    "clinic": "the clinic itself",
    "cover": "hours of the clinic",
    "break-glass": "an empty form; what it opens is recorded by the service",
    "reports": "counts of the clinic",
    "report-file": "counts of the clinic",
    "login": "leads to signing in",
    "logout": "signing out is recorded by the signal",
    "password_change": "leads to one's own account",
    "password_change_done": "one's own account",
    "jsi18n": "words of the stock admin",
}
"""A test opens each of them and looks for a patient."""


def answered(
    request: HttpRequest, who: Staff, name: str | None, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """Make an answer, and leave it recorded: by a service, or else by the door itself."""
    with audit.listening() as heard:
        response = answer()
    place, ids = name or "unknown", _ids(request)
    if response.status_code in looking.REFUSALS:
        looking.refused(who=who, place=place, ids=ids, now=clock.now())
    elif _shows(response) and not heard and name not in POLLED | set(SHOWS_NO_PATIENT):
        looking.opened(who=who, place=place, ids=ids, now=clock.now())
    return response


def _shows(response: HttpResponse) -> bool:
    """A form that comes back refused shows what the page shows; the wrong method gets nothing."""
    return response.status_code < 500 and response.status_code != HTTPStatus.METHOD_NOT_ALLOWED


def _ids(request: HttpRequest) -> dict[str, Any]:
    match = request.resolver_match
    return match.kwargs if match else {}
