"""The triage queue: the index of the desk, and the fragment that keeps it current."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Staff
from tracker.accounts.middleware import by_itself
from tracker.admin.frame import action, at_work, page
from tracker.admin.queue_edition import Edition
from tracker.admin.queue_places import SECTIONS, Place, out_of_reach, passes, places
from tracker.admin.queue_rows import Row, callback_row, patient_row, task_row
from tracker.models import Task
from tracker.services import desk_settings, looking
from tracker.services.alerts import STAFF_OUTCOMES
from tracker.services.callback_requests import WaitingCallback
from tracker.services.desk_settings import DeskSettings
from tracker.services.queue_mark import queue_mark
from tracker.services.tasks import tasks_in_full
from tracker.services.trends import pain_trends
from tracker.services.triage_queue import WaitingPatient, day_of, in_full

FILTERS = {
    "tier": ("Tier", {"": "All", "emergency": "Emergency", "call_today": "Call today",
                      "watch": "Watch"}),
    "owner": ("Owner", {"": "Anybody", "mine": "Me", "unowned": "Nobody yet"}),
    "kind": ("Kind", {"": "All", "alerts": "Alerts", "callbacks": "Calls asked for",
                      "compliance": "Not heard from, to do"}),
}  # fmt: skip
OUTCOMES = format_html_join(
    "", '<option value="{}">{}</option>', ((each.value, each.label) for each in STAFF_OUTCOMES)
)
"""Written once, because every row offers them."""
MOST_ROWS = 60
"""Rows on one page: nobody reads more, and each costs the server and the browser time."""
OTHER_CLINIC = 409
WRONG = 422


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    hint: str
    count: int
    """All that wait in it; those further down than a page goes are counted, not shown."""
    rows: list[Row]

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class Refused:
    """A note that was not taken: it stands in its row again, with the reason."""

    id: UUID
    note: str
    reason: str


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """Show the queue; a script keeps it current, and without one it can be asked for again."""
    return shown_queue(request)


def shown_queue(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    now = clock.now()
    shown = _shown(at_work(request), now)
    _note(request, shown["sections"], now)
    filters = _filters(shown["settings"])
    status = WRONG if refused else 200
    known = {**shown, "now": now, "filters": filters, "refused": refused}
    response = page(request, "desk/queue.html", "Queue", status=status, **known)
    response.headers["Desk-Time"] = now.isoformat()
    return response


@by_itself
@require_safe
def queue_fragment(request: HttpRequest) -> HttpResponse:
    """Answer the rows alone, or 304 when they are those that the page already shows."""
    now, staff = clock.now(), at_work(request)
    if request.GET.get("clinic", str(staff.clinic.pk)) != str(staff.clinic.pk):
        # Another clinic was chosen in another tab: its patients do not belong on this page.
        return HttpResponse(status=OTHER_CLINIC)
    asked = Edition.read(request.headers.get("If-None-Match", ""))
    # Read before the rows: what is written meanwhile is found by the next question.
    mark = Edition.of((queue_mark(staff), _person(staff))).content
    edition, response = asked, None
    if not asked.still_holds(mark, now=now):
        shown = _shown(staff, now)
        _note(request, shown["sections"], now)
        edition = shown["edition"].vouched(mark, now=now)
        if edition.content != asked.content:
            known = {**shown, "now": now, "staff": staff}
            response = render(request, "desk/parts/queue.html", known)
    response = response or HttpResponseNotModified()
    response.headers["ETag"] = str(edition)
    response.headers["Desk-Time"] = now.isoformat()
    return response


def _person(staff: Staff) -> tuple[object, ...]:
    """What one queue differs in from a colleague's."""
    return staff.membership.pk, staff.may_act, desk_settings.settings_of(staff.user)


@action
def set_queue(request: HttpRequest) -> HttpResponse:
    """Keep how somebody wants their queue: filters, or keys and sound; each form sends its own."""
    if request.POST.get("part") == "keys":
        changed: dict[str, Any] = {name: name in request.POST for name in ("keys", "sound")}
    else:
        changed = {name: request.POST.get(name, "") for name in FILTERS}
    desk_settings.change_settings(user=at_work(request).user, **changed)
    return redirect("admin:index")


def _filters(settings: DeskSettings) -> list[tuple[str, str, str, dict[str, str]]]:
    """Name, label, what is chosen, and what may be."""
    return [
        (name, label, getattr(settings, name), choices)
        for name, (label, choices) in FILTERS.items()
    ]


def _note(request: HttpRequest, sections: list[Section], now: datetime) -> None:
    """Record who stands in the queue: only when it is not who stood in it before."""
    patients = {row.patient_id for each in sections for row in each.rows}
    looking.listed(
        staff=at_work(request), name="queue", patients=patients, memory=request.session, now=now
    )


def _shown(staff: Staff, now: datetime) -> dict[str, Any]:
    settings = desk_settings.settings_of(staff.user)
    waiting = places(staff=staff, now=now)
    filtered = [place for place in waiting if passes(place, settings)]
    rows = _rows(filtered[:MOST_ROWS], out_of_reach(waiting), staff, now)
    counts = {
        "open_count": sum(place.is_open for place in waiting),
        "emergency_count": sum(place.is_open and place.is_emergency for place in waiting),
        "hidden_count": len(waiting) - len(filtered),
        "more_count": max(0, len(filtered) - MOST_ROWS),
    }
    of_section = Counter(place.section for place in filtered)
    return {
        **counts,
        "sections": [
            Section(key, title, hint, of_section[key], [row for row in rows if row.section == key])
            for key, title, hint in SECTIONS
        ],
        "most": MOST_ROWS,
        "outcomes": OUTCOMES,
        "settings": settings,
        "may_act": staff.may_act,
        "edition": Edition.of(
            # Everything shown but the passing time, which the page counts by itself.
            (_person(staff), counts, of_section, [replace(row, waited="") for row in rows])
        ),
    }


def _rows(shown: list[Place], unreached: set[UUID], staff: Staff, now: datetime) -> list[Row]:
    """Write the rows that are shown, in the order of the page."""
    light = [place.of for place in shown if isinstance(place.of, WaitingPatient)]
    patients = {each.patient_id: each for each in in_full(light, staff=staff, now=now)}
    tasks = tasks_in_full(staff, [place.of.pk for place in shown if isinstance(place.of, Task)])
    trends = pain_trends(each.lead.alert.procedure_id for each in patients.values())
    rows = []
    for place in shown:
        what = place.of
        if isinstance(what, WaitingCallback):
            rows.append(callback_row(place, what, _day(what, staff, now)))
        elif isinstance(what, Task):
            # Whoever was erased a moment ago has left the queue.
            rows += [task_row(place, tasks[what.pk], now)] if what.pk in tasks else []
        elif patient := patients.get(what.patient_id):
            scores = trends.get(patient.lead.alert.procedure_id, [])
            reached = patient.patient_id not in unreached
            rows.append(patient_row(place, patient, scores, reached=reached))
    return rows


def _day(waiting: WaitingCallback, staff: Staff, now: datetime) -> int | None:
    procedure = waiting.request.procedure
    zone = ZoneInfo(staff.clinic.timezone)
    return day_of(procedure, zone=zone, now=now) if procedure else None
