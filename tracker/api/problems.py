"""What the API answers when a view raised something; the shape is `tracker/problems.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions

from tracker.problems import problem
from tracker.services import health


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Turn what a view raised into that shape; what nobody expected stays unhandled."""
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return problem(404, "There is nothing here.")
    if isinstance(error, OperationalError):
        # The database is away or full: the phone keeps the entry and comes again.
        health.note_refusal(error)
        response = problem(503, "The server cannot store this now: try again in a moment.")
        response.headers["Retry-After"] = "5"
        return response
    if isinstance(error, PermissionDenied):
        return problem(403, "You may not do this.")
    if not isinstance(error, exceptions.APIException):
        return None
    response = problem(error.status_code, _detail(error), _errors(error))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response.headers["WWW-Authenticate"] = getattr(error, "auth_header", "Session")
    if isinstance(error, exceptions.Throttled) and error.wait:
        response.headers["Retry-After"] = str(int(error.wait) + 1)
    return response


def _detail(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "Some answers cannot be right."
    return str(error.detail)


def _errors(error: exceptions.APIException) -> list[dict[str, str]]:
    if not isinstance(error, exceptions.ValidationError):
        return []
    return list(_named("", error.detail))


def _named(pointer: str, found: Any) -> Iterator[dict[str, str]]:
    if isinstance(found, exceptions.ErrorDetail):
        yield {"pointer": pointer, "code": found.code, "detail": str(found)}
    elif isinstance(found, dict):
        for field, each in found.items():
            yield from _named(
                pointer if field == "non_field_errors" else f"{pointer}/{field}", each
            )
    elif isinstance(found, list):
        for each in found:
            yield from _named(pointer, each)
