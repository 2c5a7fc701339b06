"""What the patient told us, day by day, newest first."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import access
from tracker.access import Phone
from tracker.models import CheckIn
from tracker.pages.phone import phone_page, show
from tracker.pages.words import said

PAGE = 30


@dataclass(frozen=True, slots=True)
class Entry:
    check_in: CheckIn
    said: list[str]
    corrected: bool


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    number: int | None
    """Days since the procedure; None before it, or while nobody knows when it was."""
    entries: list[Entry] = field(default_factory=list)


@require_safe
@phone_page
def history_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    rows = access.of_patient(
        phone, CheckIn.objects.select_related("procedure", "corrected_by", "caregiver")
    )
    if "before" in request.GET:
        rows = _older_than(rows, request.GET["before"])
    page = list(rows.order_by("-observed_at", "-pk")[: PAGE + 1])
    more = page[PAGE - 1].client_id if len(page) > PAGE else None
    paged = "before" in request.GET
    return show(request, phone, "history.html", days=_days(page[:PAGE]), more=more, paged=paged)


def _older_than(rows: QuerySet[CheckIn], client_id: str) -> QuerySet[CheckIn]:
    try:
        last = get_object_or_404(rows, client_id=uuid.UUID(client_id))
    except ValueError:
        raise Http404 from None
    return rows.filter(
        Q(observed_at__lt=last.observed_at) | Q(observed_at=last.observed_at, pk__lt=last.pk)
    )


def _days(check_ins: list[CheckIn]) -> list[Day]:
    grouped = groupby(check_ins, key=lambda each: timezone.localdate(each.observed_at))
    days = []
    for on, group in grouped:
        entries = [Entry(each, said(each.answers), hasattr(each, "corrected_by")) for each in group]
        days.append(Day(on, _number(entries[0].check_in, on), entries))
    return days


def _number(check_in: CheckIn, on: date) -> int | None:
    ended_at = check_in.procedure.ended_at
    number = (on - timezone.localdate(ended_at)).days if ended_at else -1
    return number if number >= 0 else None
