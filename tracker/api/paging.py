"""Lists, newest first, page by page; a cursor names where the last page ended."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from tracker.problems import one_problem

M = TypeVar("M", bound=Model)

PAGE_SIZE = 50
LARGEST_PAGE = 100
KNOWN = {"cursor", "limit"}
PAGING = [
    OpenApiParameter("cursor", str, description="The `next` of the page before"),
    OpenApiParameter(
        "limit", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
    ),
]
"""How the contract says it."""


def newest_first(
    request: Request,
    rows: QuerySet[M],
    moment: str,
    show: Callable[[M], dict[str, Any]],
) -> HttpResponse:
    """Answer one page of rows by `moment`, newest first: `{"results", "next"}`."""
    wrong = _wrong_parameter(request, KNOWN)
    if wrong is not None:
        return wrong
    limit = int(request.query_params.get("limit", PAGE_SIZE))
    cursor = _read(request.query_params["cursor"]) if "cursor" in request.query_params else None
    if cursor is not None:
        at, pk = cursor
        rows = rows.filter(Q(**{f"{moment}__lt": at}) | Q(**{moment: at, "pk__lt": pk}))
    page = list(rows.order_by(f"-{moment}", "-pk")[: limit + 1])
    more = len(page) > limit
    page = page[:limit]
    return JsonResponse(
        {
            "results": [show(each) for each in page],
            "next": _write(getattr(page[-1], moment), page[-1].pk) if more else None,
        }
    )


def unknown_parameters(request: Request, known: set[str]) -> HttpResponse | None:
    """Refuse parameters that would be ignored, and those given twice."""
    for name, values in request.query_params.lists():
        if name not in known:
            return one_problem(f"?{name[:40]}", "unknown_parameter", "It is not known here.")
        if len(values) > 1:
            return one_problem(f"?{name}", "repeated_parameter", "Give this parameter once.")
    return None


def _wrong_parameter(request: Request, known: set[str]) -> HttpResponse | None:
    unknown = unknown_parameters(request, known)
    if unknown is not None:
        return unknown
    limit = request.query_params.get("limit", "1")
    digits = limit.isascii() and limit.isdigit() and len(limit) < 4
    if not digits or not 1 <= int(limit) <= LARGEST_PAGE:
        return one_problem("?limit", "out_of_range", f"limit must be 1 to {LARGEST_PAGE}.")
    if "cursor" in request.query_params and _read(request.query_params["cursor"]) is None:
        return one_problem("?cursor", "not_a_cursor", "cursor must be the `next` of a page.")
    return None


def _write(at: datetime, pk: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), pk]).encode()).decode()


def _read(cursor: str) -> tuple[datetime, int] | None:
    try:
        at, pk = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        moment = datetime.fromisoformat(at)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        return None
    if (
        type(pk) is not int
        or not 0 <= pk < 2**63
        or moment.utcoffset() is None
        or not 2000 <= moment.year <= 2200
    ):
        return None
    return moment, pk
