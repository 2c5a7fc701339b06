"""What a patient is asked today: from the schedule that the reminders are written from."""

from __future__ import annotations

from datetime import datetime

from tracker.clinical import followup
from tracker.clinical.prompts import EARLY, counts_from, is_answered, prompts, recheck
from tracker.models import Procedure
from tracker.models.procedure import ProcedureState
from tracker.models.reminder import ReminderKind
from tracker.services import courses
from tracker.services.reminder_plans import ASKED, BEHIND


def asked_today(*, procedure: Procedure, now: datetime) -> list[ReminderKind]:
    """What is asked on this day of the patient's calendar, and was not answered; each once."""
    if procedure.state != ProcedureState.DONE:
        return []
    protocol, hours = courses.protocol_of(procedure), courses.hours_of(procedure.patient)
    course = courses.course_of(procedure, protocol)
    dues = followup.check_ins(course.procedure, course.patient, hours, protocol)
    rings = prompts(dues, hours, since=now - BEHIND, until=now + EARLY)
    rings += [recheck(due) for due in followup.rechecks(course, now, protocol)]
    today = now.astimezone(hours.zone).date()
    asked = (
        each.due
        for each in rings
        if counts_from(each.due) <= now
        and each.at.astimezone(hours.zone).date() == today
        and not is_answered(each.due, course.readings)
    )
    return list(dict.fromkeys(ASKED[due.ask] for due in asked))
