"""What other numbers would have done to the courses that the clinic has recorded."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from tracker import access
from tracker.access import Staff
from tracker.clinical import what_if as clinical
from tracker.clinical.protocol import Protocol, merged
from tracker.clinical.replay import Raised
from tracker.clinical.what_if import RecordedCourse, WhatIf
from tracker.models import AlertEvent, CheckIn, Procedure, ProtocolOverride
from tracker.models.alert import AlertStep
from tracker.models.procedure import ProcedureState
from tracker.services import courses, procedures

NEWEST = 100
"""Courses to look at: enough to see a difference, few enough for one request."""
LONGEST = 500
"""Check-ins of one course."""
LONGEST_WAIT = 10.0
"""Seconds that somebody waits for the page."""

RESOLVES = AlertEvent.objects.filter(step=AlertStep.RESOLVE)
HAPPENED = [ProcedureState.DONE, ProcedureState.CLOSED]


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of it, and how much of what the clinic has recorded was looked at."""

    result: WhatIf
    recorded: int
    """Courses that the clinic has."""
    names: dict[str, str]
    """Whose course it was, by the procedure's id."""
    patients: dict[str, UUID]
    ran_out: bool = False
    """Whether time ended it: the courses looked at are the newest."""

    @property
    def is_whole(self) -> bool:
        return self.result.courses == self.recorded


def what_if(
    *, staff: Staff, numbers: Mapping[str, Any], newest: int = NEWEST, now: datetime
) -> WhatIf:
    """Compare the numbers in force with others over the clinic's newest procedures.

    Each course happens twice, with the patient's own numbers on top both times; what staff resolved
    is resolved again when they did. OutOfBounds names the first number refused. Nothing is stored.
    """
    return look(staff=staff, numbers=numbers, newest=newest, now=now).result


def look(
    *,
    staff: Staff,
    numbers: Mapping[str, Any],
    newest: int,
    seconds: float = math.inf,
    now: datetime,
) -> Looked:
    """The same for somebody who waits: it ends after so many seconds and says how far it came."""
    in_force = procedures.current_protocol(clinic=staff.clinic, now=now).numbers
    Protocol.from_numbers(numbers)
    result, names, patients = WhatIf(), dict[str, str](), dict[str, UUID]()
    ends_at, ran_out = time.monotonic() + seconds, False
    for procedure in _recorded(staff, newest):
        # The first is always looked at, so that a slow machine says something, too.
        if ran_out := result.courses > 0 and time.monotonic() > ends_at:
            break
        own = max(procedure.protocol_overrides.all(), key=lambda each: each.pk, default=None)
        result.add(*_twice(procedure, in_force, numbers, own, now))
        names[str(procedure.pk)] = procedure.patient.name
        patients[str(procedure.pk)] = procedure.patient_id
    recorded = access.of_clinic(staff, Procedure.objects.filter(state__in=HAPPENED)).count()
    return Looked(result, recorded, names, patients, ran_out)


def _twice(
    procedure: Procedure,
    present: Mapping[str, Any],
    changed: Mapping[str, Any],
    own: ProtocolOverride | None,
    now: datetime,
) -> tuple[str, list[Raised], list[Raised]]:
    course = _course(procedure)
    before, after = (
        clinical.raised(
            course, Protocol.from_numbers(merged(each, own.numbers if own else {})), until=now
        )
        for each in (present, changed)
    )
    return course.name, before, after


def _recorded(staff: Staff, newest: int) -> Iterable[Procedure]:
    """The newest procedures that happened, with all that a fold needs, in a few queries."""
    rows = access.of_clinic(staff, Procedure.objects.filter(state__in=HAPPENED))
    return (
        rows.select_related("patient")
        .prefetch_related(
            "protocol_overrides",
            Prefetch("check_ins", CheckIn.objects.order_by("recorded_at", "pk")),
            Prefetch("alerts__events", RESOLVES, to_attr="resolves"),
        )
        .order_by("-ended_at")[:newest]
    )


def _course(procedure: Procedure) -> RecordedCourse:
    assert procedure.ended_at is not None  # a constraint says so for these states
    check_ins = list(procedure.check_ins.all())[:LONGEST]
    return RecordedCourse(
        name=str(procedure.pk),
        patient=courses.patient_facts(procedure),
        procedure=courses.procedure_facts(procedure, procedure.ended_at),
        entries=[*map(_check_in, check_ins), *_resolves(procedure)],
    )


def _check_in(check_in: CheckIn) -> dict[str, Any]:
    return {
        "kind": "check_in",
        "client_id": str(check_in.pk),
        "corrects": check_in.corrects_id,
        "answers": check_in.answers,
        "observed_at": check_in.observed_at,
        "recorded_at": check_in.recorded_at,
    }


def _resolves(procedure: Procedure) -> list[dict[str, Any]]:
    return [
        {
            "kind": "staff",
            "action": "resolve",
            "sign": alert.sign,
            "observed_at": event.at,
            "recorded_at": event.at,
        }
        for alert in procedure.alerts.all()
        for event in alert.resolves  # type: ignore[attr-defined]
    ]
