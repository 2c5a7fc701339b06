"""A patient in New York, hours after a block, and what the rows say about reminders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from tests.factories import a_patient, a_procedure
from tracker.models import Procedure, Reminder
from tracker.services import reminder_plans, sweep

NEW_YORK = ZoneInfo("America/New_York")
T0 = datetime(2026, 9, 8, 14, 0, tzinfo=UTC)
"""A Tuesday, 10:00 in New York."""


def at(hours: float) -> datetime:
    return T0 + timedelta(hours=hours)


def a_planned(now: datetime = T0, zone: str = "America/New_York", **fields: object) -> Procedure:
    """A procedure that ended at T0, with its reminders written."""
    patient_fields = {"email": "rosa@patient.test", "timezone": zone}
    patient_fields |= fields.pop("patient", {})  # type: ignore[arg-type]
    procedure = a_procedure(a_patient(**patient_fields), now=T0, hours_ago=0, **fields)
    plan(procedure, now)
    return procedure


@transaction.atomic
def plan(procedure: Procedure, now: datetime) -> None:
    procedure.refresh_from_db()
    reminder_plans.plan(procedure=procedure, now=now)


def rows(procedure: Procedure, kind: str = "CHECK_IN", state: str = "") -> list[str]:
    """Each as "asked · repeat · due" on the patient's clock, with its state unless asked for."""
    found = Reminder.objects.filter(procedure=procedure, kind=kind).order_by("due_at", "repeat")
    zone = ZoneInfo(procedure.patient.timezone)
    said = []
    for row in found.filter(state=state) if state else found:
        asked, due = (moment.astimezone(zone) for moment in (row.asked_at, row.due_at))
        what = f"{due:%d %H:%M}" + (f" again for {asked:%H:%M}" if row.repeat else "")
        said.append(what if state else f"{what} {row.state}")
    return said


def states(procedure: Procedure) -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Reminder.objects.filter(procedure=procedure).values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def sweep_through(since: datetime, until: datetime, every: timedelta) -> None:
    now = since
    while now <= until:
        sweep.plan_due_reminders(now=now)
        sweep.send_due_reminders(now=now)
        now += every
