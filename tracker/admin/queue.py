"""The triage queue: the index of the desk, and the fragment that keeps it current."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Staff
from tracker.accounts.middleware import by_itself
from tracker.admin.frame import action, at_work, page
from tracker.admin.queue_rows import SILENCE, Row, callback_row, is_shown, patient_row, task_row
from tracker.services import desk_settings, looking
from tracker.services.alerts import STAFF_OUTCOMES
from tracker.services.callback_requests import WaitingCallback, open_callbacks
from tracker.services.desk_settings import DeskSettings
from tracker.services.tasks import clinic_tasks
from tracker.services.trends import pain_trends
from tracker.services.triage_queue import LARGEST_QUEUE, day_of, waiting_patients

SECTIONS = [
    ("emergency", "Emergency", "Call back now. Their phone has already told them what to do."),
    ("call_today", "Call today", "Call the patient, whoever is due first."),
    ("callback", "Asked to be called", "They were told that somebody will call."),
    (
        SILENCE,
        "Not heard from, and other work",
        "Where no check-in came, nothing is known. Silence is not health.",
    ),
    ("watch", "Watch", "The patient was told to look again; nobody promised a call."),
]
FILTERS = {
    "tier": ("Tier", {"": "All", "emergency": "Emergency", "call_today": "Call today",
                      "watch": "Watch"}),
    "owner": ("Owner", {"": "Anybody", "mine": "Me", "unowned": "Nobody yet"}),
    "kind": ("Kind", {"": "All", "alerts": "Alerts", "callbacks": "Calls asked for",
                      "compliance": "Not heard from, to do"}),
}  # fmt: skip
MOST_ROWS = 150
"""Rows on one page: nobody reads more, and each costs the server and the browser time."""
OTHER_CLINIC = 409


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    hint: str
    rows: list[Row]

    @property
    def count(self) -> int:
        return len(self.rows)


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """Show the queue; a script keeps it current, and without one it can be asked for again."""
    now = clock.now()
    shown = _shown(at_work(request), now)
    _note(request, shown["sections"], now)
    filters = _filters(shown["settings"])
    response = page(request, "desk/queue.html", "Queue", now=now, filters=filters, **shown)
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
    shown = _shown(staff, now)
    _note(request, shown["sections"], now)
    if request.headers.get("If-None-Match") == shown["etag"]:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "desk/parts/queue.html", {**shown, "now": now, "staff": staff})
    response.headers["ETag"] = shown["etag"]
    response.headers["Desk-Time"] = now.isoformat()
    return response


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
    rows = _rows(staff, now)
    filtered = [row for row in rows if _passes(row, settings)]
    shown = filtered[:MOST_ROWS]
    return {
        "sections": [
            Section(key, title, hint, [row for row in shown if row.section == key])
            for key, title, hint in SECTIONS
        ],
        "open_count": sum(row.is_open for row in rows),
        "emergency_count": sum(row.is_open and row.is_emergency for row in rows),
        "hidden_count": len(rows) - len(filtered),
        "is_cut": len(filtered) > len(shown) or _alerts_in(rows) >= LARGEST_QUEUE,
        "most": MOST_ROWS,
        "outcomes": STAFF_OUTCOMES,
        "settings": settings,
        "may_act": staff.may_act,
        "etag": _etag(rows, staff, settings),
    }


def _rows(staff: Staff, now: datetime) -> list[Row]:
    """Everything that waits, in the order of the page."""
    patients = waiting_patients(staff=staff, now=now)
    trends = pain_trends(each.lead.alert.procedure_id for each in patients)
    rows = [
        *(patient_row(each, staff, trends.get(each.lead.alert.procedure_id, []))
          for each in patients),
        *(callback_row(each, staff, _day(each, staff, now))
          for each in open_callbacks(staff=staff, now=now)),
        *(task_row(each, now) for each in clinic_tasks(staff)[:LARGEST_QUEUE]),
    ]  # fmt: skip
    place = {key: number for number, (key, _, _) in enumerate(SECTIONS)}
    return sorted(rows, key=lambda row: place[row.section])


def _alerts_in(rows: list[Row]) -> int:
    return sum(len(row.reasons) for row in rows if row.kind == "alerts")


def _day(waiting: WaitingCallback, staff: Staff, now: datetime) -> int | None:
    procedure = waiting.request.procedure
    zone = ZoneInfo(staff.clinic.timezone)
    return day_of(procedure, zone=zone, now=now) if procedure else None


def _passes(row: Row, settings: DeskSettings) -> bool:
    return is_shown(row, tier=settings.tier, owner=settings.owner, kind=settings.kind)


def _etag(rows: list[Row], staff: Staff, settings: DeskSettings) -> str:
    # Everything shown but the passing time, which the page counts by itself.
    seen = [replace(row, waited="") for row in rows]
    known = (staff.membership.pk, staff.may_act, settings, seen)
    return f'"{sha256(repr(known).encode()).hexdigest()[:32]}"'
