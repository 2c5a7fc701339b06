"""What one row of the queue says. The time it has waited is left to the page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.safestring import SafeString

from tracker.admin import words
from tracker.admin.queue_places import Place, is_watched_silence
from tracker.admin.sparkline import sparkline
from tracker.models import Alert, Patient, Procedure, Task
from tracker.models.alert import AlertState, AlertTier
from tracker.services import callback_requests
from tracker.services.callback_requests import WaitingCallback
from tracker.services.triage_queue import Waiting, WaitingPatient

PROMISED_SOON = timedelta(hours=1)
TASK = "To do"


@dataclass(frozen=True, slots=True)
class Reason:
    """One of the things that a row is about."""

    id: UUID
    title: str
    because: str
    tier: str
    """In words, where it is not the row's own."""
    is_open: bool
    on_screen: str
    """The alert and when it was raised: what an act on it sends back."""


@dataclass(frozen=True, slots=True)
class Row:
    """One patient's alerts, one request for a call, or one task."""

    key: str
    """Which row of the page it is, however it changes."""
    kind: str
    section: str
    label: str
    id: UUID
    patient_id: UUID
    patient_name: str
    phone: str
    procedure: str
    reasons: tuple[Reason, ...]
    since: datetime
    waited: str
    target: str = ""
    overdue: bool = False
    out_of_reach: bool = False
    unanswered: str = ""
    """What is wrong, when nobody at all has answered."""
    owner: str = ""
    owner_note: str = ""
    is_mine: bool = False
    is_open: bool = False
    """Whether somebody has yet to take it."""
    is_new: bool = False
    """Whether nobody has ever had it."""
    trend: SafeString | str = ""
    latest: str = ""
    """The last score of the trend, in words."""
    address: str = ""
    contact: str = ""
    contact_phone: str = ""
    note: str = ""

    @property
    def is_emergency(self) -> bool:
        return self.section == "emergency"

    @property
    def on_screen(self) -> str:
        return ",".join(each.on_screen for each in self.reasons if each.on_screen)


def patient_row(place: Place, patient: WaitingPatient, scores: list[int], *, reached: bool) -> Row:
    lead = patient.lead
    alert = lead.alert
    tier = AlertTier(alert.tier)
    who = alert.patient
    return Row(
        key=f"patient-{alert.patient_id}",
        **_standing(place),
        label="Not heard from" if is_watched_silence(alert) else tier.label,
        id=alert.pk,
        **_whom(who),
        procedure=_procedure(alert.procedure, lead.day),
        reasons=tuple(_reason(each.alert, tier) for each in patient.waiting),
        since=alert.raised_at,
        waited=words.duration(lead.waited),
        target=_target(lead),
        overdue=any(each.overdue for each in patient.waiting),
        out_of_reach=not reached,
        unanswered=next(
            filter(None, (words.unanswered(each.alert) for each in patient.waiting)), ""
        ),
        owner=_owner(alert),
        owner_note=_owner_note(lead),
        is_new=alert.state == AlertState.OPEN and not lead.came_back,
        trend=sparkline(scores),
        latest=f"usual pain {scores[-1]}" if scores else "",
        address=who.address if place.is_emergency else "",
        contact=who.emergency_contact if place.is_emergency else "",
        contact_phone=who.emergency_contact_phone if place.is_emergency else "",
    )


def callback_row(place: Place, waiting: WaitingCallback, day: int | None) -> Row:
    request = waiting.request
    about = request.about or "They did not say what about."
    asked_by = f", asked by {request.caregiver}" if request.caregiver else ""
    when = f"{request.get_window_display()}{asked_by}"
    said = callback_requests.latest_note(request)
    tried = request.tried_at
    return Row(
        key=f"callback-{request.pk}",
        **_standing(place),
        label="Call back",
        id=request.pk,
        **_whom(request.patient),
        procedure=_procedure(request.procedure, day),
        reasons=(Reason(request.pk, "Asks to be called", about, "", False, ""),),
        since=request.requested_at,
        waited=words.duration(waiting.waited),
        target=_until(request.requested_at, request.target_at),
        overdue=waiting.overdue,
        owner=str(request.owner) if request.owner else "",
        owner_note=f"tried {words.moment(timezone.localtime(tried))}" if tried else "",
        is_new=request.owner_id is None,
        note=f"{when}. {said}" if said else when,
    )


def task_row(place: Place, task: Task, now: datetime) -> Row:
    return Row(
        key=f"task-{task.pk}",
        **_standing(place),
        label=TASK,
        id=task.pk,
        **_whom(task.patient),
        procedure=words.procedure_words(task.procedure) if task.procedure else "",
        reasons=(Reason(task.pk, task.get_kind_display(), words.task_reason(task), "", False, ""),),
        since=task.opened_at,
        waited=words.duration(now - task.opened_at),
    )


def _standing(place: Place) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "section": place.section,
        "is_open": place.is_open,
        "is_mine": place.is_mine,
    }


def _whom(patient: Patient) -> dict[str, Any]:
    return {"patient_id": patient.pk, "patient_name": patient.name, "phone": patient.phone}


def _procedure(procedure: Procedure | None, day: int | None) -> str:
    if procedure is None:
        return ""
    return f"{words.day_words(day)} {words.procedure_words(procedure)}"


def _reason(alert: Alert, tier: AlertTier) -> Reason:
    own = AlertTier(alert.tier)
    return Reason(
        id=alert.pk,
        title=words.sign_title(alert.rule, alert.sign),
        because=alert.because,
        tier="" if own == tier else own.label,
        is_open=alert.state == AlertState.OPEN,
        on_screen=on_screen(alert),
    )


def on_screen(alert: Alert) -> str:
    """An alert as it stands on the screen; `alerts.seen_of` reads it."""
    return f"{alert.pk}@{alert.raised_at.isoformat()}"


def _owner(alert: Alert) -> str:
    return str(alert.owner) if alert.owner and alert.state == AlertState.ACKNOWLEDGED else ""


def _owner_note(waiting: Waiting) -> str:
    alert = waiting.alert
    if alert.state == AlertState.ACKNOWLEDGED:
        back_at = alert.due_at
        return f"back at {_hour(back_at)}" if back_at else ""
    if waiting.came_back:
        return f"came back; was taken by {alert.owner}"
    return f"raised again; was with {alert.owner}" if alert.owner else ""


def _hour(at: datetime) -> str:
    return timezone.localtime(at).strftime("%a, %-I:%M %p")


def _target(waiting: Waiting) -> str:
    if waiting.target_at is None:
        return ""
    return _until(waiting.alert.raised_at, waiting.target_at)


def _until(start: datetime, end: datetime) -> str:
    """How soon it should be; the moment, where the clinic is closed meanwhile."""
    if end - start <= PROMISED_SOON:
        return words.duration(end - start)
    return words.moment(timezone.localtime(end))
