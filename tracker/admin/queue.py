"""The triage queue: the index of the desk, and the fragment that keeps it current."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Staff
from tracker.accounts.middleware import by_itself
from tracker.admin import words
from tracker.admin.frame import at_work, page
from tracker.models import Task
from tracker.models.alert import AlertState, AlertTier
from tracker.services.alerts import STAFF_OUTCOMES
from tracker.services.tasks import clinic_tasks
from tracker.services.triage_queue import LARGEST_QUEUE, Waiting, triage_queue

SILENCE = "silence"
SECTIONS = [
    ("emergency", "Emergency", "Call back now. Their phone has already told them what to do."),
    ("call_today", "Call today", "Call the patient, the longest waiting first."),
    ("watch", "Watch", "The patient was told to look again; nobody promised a call."),
    (
        "silence",
        "Not heard from, and other work",
        "Where no check-in came, nothing is known. Silence is not health.",
    ),
]
PROMISED_SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One alert as the queue shows it. The time it has waited is left to the page."""

    id: UUID
    tier: str
    tier_label: str
    patient_id: UUID
    patient_name: str
    phone: str
    out_of_reach: bool
    procedure: str
    title: str
    because: str
    raised_at: datetime
    waited: str
    target: str
    overdue: bool
    unanswered: str
    """What is wrong, when nobody at all has answered."""
    owner: str
    came_back: bool
    back_at: datetime | None
    """When it comes back, unless whoever took it closes it."""
    is_mine: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as the queue shows it."""

    id: UUID
    patient_id: UUID
    patient_name: str
    phone: str
    procedure: str
    title: str
    why: str
    opened_at: datetime
    waited: str


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    hint: str
    rows: list[Row]
    tasks: list[TaskRow]

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.tasks)


@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """Show the queue; a script keeps it current, and without one it can be asked for again."""
    now = clock.now()
    shown = _shown(at_work(request), now)
    response = page(request, "desk/queue.html", "Queue", now=now, **shown)
    response.headers["Desk-Time"] = now.isoformat()
    return response


@by_itself
@require_safe
def queue_fragment(request: HttpRequest) -> HttpResponse:
    """Answer the rows alone, or 304 when they are those that the page already shows."""
    now = clock.now()
    shown = _shown(at_work(request), now)
    if request.headers.get("If-None-Match") == shown["etag"]:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = render(request, "desk/parts/queue.html", {**shown, "now": now})
    response.headers["ETag"] = shown["etag"]
    response.headers["Desk-Time"] = now.isoformat()
    return response


def _shown(staff: Staff, now: datetime) -> dict[str, Any]:
    rows = [_row(each, staff) for each in triage_queue(staff=staff, now=now)]
    tasks = [_task_row(each, now) for each in clinic_tasks(staff)[:LARGEST_QUEUE]]
    sections = [
        Section(
            key,
            title,
            hint,
            rows=[row for row in rows if row.tier == key],
            tasks=tasks if key == SILENCE else [],
        )
        for key, title, hint in SECTIONS
    ]
    return {
        "sections": sections,
        "open_count": sum(row.is_open for row in rows),
        "most": LARGEST_QUEUE if LARGEST_QUEUE in (len(rows), len(tasks)) else 0,
        "outcomes": STAFF_OUTCOMES,
        "may_act": staff.may_act,
        "etag": _etag(rows, tasks, staff),
    }


def _etag(rows: list[Row], tasks: list[TaskRow], staff: Staff) -> str:
    # Everything shown but the passing time, which the page counts by itself.
    seen = [replace(row, waited="") for row in (*rows, *tasks)]
    return f'"{sha256(repr((staff.membership.pk, staff.may_act, seen)).encode()).hexdigest()[:32]}"'


def _row(waiting: Waiting, staff: Staff) -> Row:
    alert = waiting.alert
    is_watched_silence = alert.sign == SILENCE and alert.tier == AlertTier.WATCH
    tier = AlertTier(alert.tier)
    procedure = words.procedure_words(alert.procedure)
    return Row(
        id=alert.pk,
        tier=SILENCE if is_watched_silence else tier.name.lower(),
        tier_label="Not heard from" if is_watched_silence else tier.label,
        patient_id=alert.patient_id,
        patient_name=alert.patient.name,
        phone=alert.patient.phone,
        out_of_reach=waiting.out_of_reach,
        procedure=f"{words.day_words(waiting.day)} {procedure}",
        title=words.sign_title(alert.rule, alert.sign),
        because=alert.because,
        raised_at=alert.raised_at,
        waited=words.duration(waiting.waited),
        target=_target(waiting),
        overdue=waiting.overdue,
        unanswered=words.unanswered(alert),
        owner=str(alert.owner) if alert.owner else "",
        came_back=waiting.came_back,
        back_at=alert.due_at if alert.state == AlertState.ACKNOWLEDGED else None,
        is_mine=alert.owner_id == staff.user.pk,
        is_open=alert.state == AlertState.OPEN,
    )


def _target(waiting: Waiting) -> str:
    """How soon somebody should take it; the moment, where the clinic is closed meanwhile."""
    if waiting.target is None or waiting.target_at is None:
        return ""
    if waiting.target <= PROMISED_SOON:
        return words.duration(waiting.target)
    return words.moment(timezone.localtime(waiting.target_at))


def _task_row(task: Task, now: datetime) -> TaskRow:
    return TaskRow(
        id=task.pk,
        patient_id=task.patient_id,
        patient_name=task.patient.name,
        phone=task.patient.phone,
        procedure=words.procedure_words(task.procedure) if task.procedure else "",
        title=task.get_kind_display(),
        why=words.task_reason(task),
        opened_at=task.opened_at,
        waited=words.duration(now - task.opened_at),
    )
