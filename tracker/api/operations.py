"""For whoever is on call: /livez and /readyz. They say what is wrong, nothing about patients."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.problems import problem
from tracker.services import health


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """The product does what it promises; if not, the answer names what does not."""
    try:
        wrong = health.what_is_wrong(now=clock.now())
    except DatabaseError:
        wrong = {"database": "away, or too slow to answer"}
    status = "unavailable" if wrong else "ok"
    return JsonResponse({"status": status, "wrong": wrong}, status=503 if wrong else 200)


def nothing_here(request: HttpRequest) -> HttpResponse:
    return problem(404, "There is nothing here.")
