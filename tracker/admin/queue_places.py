"""Where each row of the queue stands, before anything is read that only its words need.

A large clinic has far more waiting than a page shows: what is counted, filtered and put in order
is small, and only the rows that are shown are read in full.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tracker.access import Staff
from tracker.models import Alert, Task
from tracker.models.alert import AlertState, AlertTier
from tracker.models.task import TaskKind
from tracker.services.callback_requests import WaitingCallback, open_callbacks
from tracker.services.desk_settings import DeskSettings
from tracker.services.tasks import waiting_tasks
from tracker.services.triage_queue import WaitingPatient, waiting_patients

SILENCE = "silence"
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
_TURN = {key: number for number, (key, _, _) in enumerate(SECTIONS)}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something waits, and whose it is."""

    section: str
    kind: str
    of: WaitingPatient | WaitingCallback | Task
    is_open: bool = False
    """Whether somebody has yet to take it."""
    is_mine: bool = False
    is_owned: bool = False

    @property
    def is_emergency(self) -> bool:
        return self.section == "emergency"


def places(*, staff: Staff, now: datetime) -> list[Place]:
    """Everything that waits, in the order of the page."""
    found = [
        *(_of_patient(each, staff) for each in waiting_patients(staff=staff, now=now)),
        *(_of_callback(each, staff) for each in open_callbacks(staff=staff, now=now)),
        *(Place(SILENCE, "task", each) for each in waiting_tasks(staff)),
    ]
    return sorted(found, key=lambda place: _TURN[place.section])


def out_of_reach(waiting: Iterable[Place]) -> set[UUID]:
    """The patients whom no message reaches, as far as staff were told."""
    tasks = (place.of for place in waiting if isinstance(place.of, Task))
    return {task.patient_id for task in tasks if task.kind == TaskKind.UNREACHABLE}


def passes(place: Place, settings: DeskSettings) -> bool:
    """Whether somebody's filters let a row through. No filter hides an emergency."""
    if place.is_emergency:
        return True
    owner = {"": True, "mine": place.is_mine, "unowned": place.is_open or not place.is_owned}
    tier, kind = settings.tier, settings.kind
    return (
        (not tier or place.section == tier)
        and owner[settings.owner]
        and (not kind or kind == _kind_of(place))
    )


def _kind_of(place: Place) -> str:
    if place.section == SILENCE:
        return "compliance"
    return "callbacks" if place.kind == "callback" else "alerts"


def _of_patient(patient: WaitingPatient, staff: Staff) -> Place:
    lead = patient.lead.alert
    is_taken = lead.state == AlertState.ACKNOWLEDGED
    return Place(
        section=SILENCE if is_watched_silence(lead) else AlertTier(lead.tier).name.lower(),
        kind="alerts",
        of=patient,
        is_open=any(each.alert.state == AlertState.OPEN for each in patient.waiting),
        is_mine=is_taken and lead.owner_id == staff.user.pk,
        is_owned=is_taken and lead.owner_id is not None,
    )


def is_watched_silence(alert: Alert) -> bool:
    return alert.sign == SILENCE and alert.tier == AlertTier.WATCH


def _of_callback(waiting: WaitingCallback, staff: Staff) -> Place:
    owner_id = waiting.request.owner_id
    return Place(
        section="callback",
        kind="callback",
        of=waiting,
        is_open=owner_id is None,
        is_mine=owner_id == staff.user.pk,
        is_owned=owner_id is not None,
    )
