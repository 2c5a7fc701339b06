"""For whoever is on call: /livez and /readyz. They say ok or not, and nothing about patients."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from tracker.problems import problem


def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """The process can store a check-in. The broker is not asked: nothing depends on it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM tracker_clinic LIMIT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "away"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


def nothing_here(request: HttpRequest) -> HttpResponse:
    return problem(404, "There is nothing here.")
