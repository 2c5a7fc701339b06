"""The one shape of every error: application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions

CONTENT_TYPE = "application/problem+json"


def problem(
    status: int,
    detail: str,
    errors: Iterable[dict[str, str]] = (),
    **extra: Any,
) -> JsonResponse:
    """Make one error answer. `errors` are `{pointer, code, detail}`."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": list(errors),
        **extra,
    }
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def one_problem(pointer: str, code: str, detail: str) -> JsonResponse:
    """Make the 400 answer to one field that is wrong."""
    return problem(400, detail, [{"pointer": pointer, "code": code, "detail": detail}])


def problem_response(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Turn what a view raised into that shape; what nobody expected stays unhandled."""
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return problem(404, "There is nothing here.")
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
    details = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    return [
        {"pointer": f"/{field}" if field else "", "code": each.code, "detail": str(each)}
        for field, found in details.items()
        for each in (found if isinstance(found, list) else [found])
        if isinstance(each, exceptions.ErrorDetail)
    ]
