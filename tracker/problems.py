"""The one shape of every error that a program reads: application/problem+json (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse

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
