"""What a patient is asked today: from the schedule that the reminders are written from."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from tracker.clinical import followup
from tracker.clinical.followup import Ask
from tracker.clinical.prompts import EARLY, counts_from, is_answered, prompts, recheck
from tracker.models import Procedure
from tracker.models.procedure import Kind, ProcedureState
from tracker.models.reminder import ReminderKind
from tracker.services import courses
from tracker.services.reminder_plans import ASKED, BEHIND

FIRST_DAY = timedelta(hours=24)
"""How long the pain from before the block is asked for: later, memory makes it up."""
BEFORE = timedelta(days=1)
"""How long before the block that answer counts: its time may still be put right by hours."""


class OneTap(StrEnum):
    """A score that is asked for by itself."""

    BASELINE = "baseline"
    DIARY = "diary"


def asked_today(*, procedure: Procedure, now: datetime) -> list[ReminderKind]:
    """What is asked on this day of the patient's calendar, and was not answered; each once."""
    return list(dict.fromkeys(ASKED[ask] for ask in _asks(procedure, now)))


def by_one_tap(*, procedure: Procedure | None, now: datetime) -> OneTap | None:
    """Which one score is asked for: the pain from before the block, or the diary of a test block.

    The pain from before comes first: all that the diary tells is measured against it. A recheck
    is a whole check-in, which fills in the diary too; one tap would not answer it.
    """
    if procedure is None:
        return None
    if _in_first_day(procedure, now) and courses.baseline_pain_of(procedure) is None:
        return OneTap.BASELINE
    asks = _asks(procedure, now) if procedure.kind == Kind.DIAGNOSTIC else []
    if "usual_pain" in asks and "recheck" not in asks:
        return OneTap.DIARY
    return None


def observed_at(*, procedure: Procedure, which: OneTap, now: datetime) -> datetime:
    """When that score was so."""
    if which is OneTap.DIARY or procedure.ended_at is None:
        return now
    return procedure.ended_at - BEFORE


def _in_first_day(procedure: Procedure, now: datetime) -> bool:
    if procedure.state != ProcedureState.DONE or procedure.ended_at is None:
        return False
    return now - procedure.ended_at <= FIRST_DAY


def _asks(procedure: Procedure, now: datetime) -> list[Ask]:
    if procedure.state != ProcedureState.DONE:
        return []
    protocol, hours = courses.protocol_of(procedure), courses.hours_of(procedure.patient)
    course = courses.course_of(procedure, protocol)
    dues = followup.check_ins(course.procedure, course.patient, hours, protocol)
    rings = prompts(dues, hours, since=now - BEHIND, until=now + EARLY)
    rings += [recheck(due) for due in followup.rechecks(course, now, protocol)]
    today = now.astimezone(hours.zone).date()
    return [
        each.due.ask
        for each in rings
        if counts_from(each.due) <= now
        and each.at.astimezone(hours.zone).date() == today
        and not is_answered(each.due, course.readings)
    ]
