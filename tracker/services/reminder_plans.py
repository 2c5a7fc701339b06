"""Which reminders a patient is owed: written ahead as rows, and put right whenever that changes.

A plan is made from what is stored, never from the plan before it: making it twice, late, or by a
clock that jumped changes nothing that was right.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction

from tracker.clinical import followup, icing
from tracker.clinical.course import Course
from tracker.clinical.followup import Ask, Due
from tracker.clinical.prompts import is_answered, prompts, recheck
from tracker.clinical.protocol import Protocol
from tracker.clinical.wall_clock import Hours, next_quiet
from tracker.models import Patient, Procedure, Reminder
from tracker.models.procedure import ProcedureState
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.services import courses, reminder_rows
from tracker.services.reminder_rows import Key, Wanted

AHEAD = timedelta(hours=48)
AGAIN_BEFORE = timedelta(hours=24)
BEHIND = timedelta(hours=24)
"""How old a check-in may be whose repeats are still to come: a night and six hours."""
OFFER_STALE_AFTER = timedelta(minutes=30)
ON_REQUEST = 1
"""The `repeat` of an offer beyond the first day: the patient asked for it again."""
ASKED: dict[Ask, ReminderKind] = {
    "usual_pain": ReminderKind.CHECK_IN,
    "full": ReminderKind.CHECK_IN,
    "glucose": ReminderKind.GLUCOSE,
    "outcome": ReminderKind.FOLLOW_UP,
    "recheck": ReminderKind.RECHECK,
}


def plan(
    *,
    procedure: Procedure,
    course: Course | None = None,
    protocol: Protocol | None = None,
    offers_for: timedelta | None = None,
    now: datetime,
) -> None:
    """Write down what is due in the next two days, and take back what is not asked any more.

    What the patient has told since counts as answered. Ice is offered for as long as it was, or
    as is asked for now. The caller's transaction holds the procedure's row lock.
    """
    if procedure.state != ProcedureState.DONE or procedure.ended_at is None:
        left = reminder_rows.planned(procedure).filter(state=ReminderState.SCHEDULED)
        left.update(state=ReminderState.CANCELLED)
        _plan_again(procedure, None)
        return
    protocol = protocol or courses.protocol_of(procedure)
    course = course or courses.course_of(procedure, protocol)
    hours = courses.hours_of(procedure.patient)
    dues = followup.check_ins(course.procedure, course.patient, hours, protocol)
    found = reminder_rows.found(procedure, since=now - BEHIND, until=now + AHEAD)
    wanted = _wanted_prompts(dues, course, protocol, hours, now)
    wanted |= _offers(procedure, hours, offers_for or _offers_last(found))
    reminder_rows.reconcile(procedure, found, wanted, now)
    later = (due.at for due in dues if due.at > now + AHEAD)
    _plan_again(procedure, min(later, default=None))


def _plan_again(procedure: Procedure, next_due_at: datetime | None) -> None:
    """A day before the first that is not written yet."""
    at = next_due_at - AGAIN_BEFORE if next_due_at else None
    if procedure.plan_due_at != at:
        procedure.plan_due_at = at
        procedure.save(update_fields=["plan_due_at"])


@transaction.atomic
def plan_one(*, procedure_id: UUID, now: datetime) -> None:
    """Write the next stretch of a procedure whose plan is due, unless somebody else is at it."""
    procedure = (
        Procedure.objects.select_for_update(skip_locked=True, of=["self"])
        .select_related("patient", "protocol_version")
        .filter(pk=procedure_id, plan_due_at__lte=now)
        .first()
    )
    if procedure is not None:
        plan(procedure=procedure, now=now)


@transaction.atomic
def plan_patient(*, patient: Patient, now: datetime) -> None:
    """The patient's own hours have changed: whatever was written for the old ones is moved."""
    # The version is not joined: who waited while it changed would find no row.
    procedures = Procedure.objects.select_for_update()
    for procedure in procedures.filter(patient=patient, state=ProcedureState.DONE):
        procedure.patient = patient
        plan(procedure=procedure, now=now)


# --- what should stand --------------------------------------------------------------------------


def _wanted_prompts(
    dues: list[Due], course: Course, protocol: Protocol, hours: Hours, now: datetime
) -> dict[Key, Wanted]:
    wanted = {
        (str(ASKED[each.due.ask]), each.due.at, each.repeat): Wanted(
            each.at, each.expires_at, is_answered(each.due, course.readings)
        )
        for each in prompts(dues, hours, since=now - BEHIND, until=now + AHEAD)
    }
    for due in followup.rechecks(course, now, protocol):
        again = recheck(due)
        wanted[str(ASKED[due.ask]), due.at, 0] = Wanted(again.at, again.expires_at)
    return wanted


def _offers(procedure: Procedure, hours: Hours, lasting: timedelta) -> dict[Key, Wanted]:
    if procedure.ended_at is None or procedure.patient.ice_contraindicated:
        return {}
    usual_until = procedure.ended_at + icing.RULES.offer_for
    return {
        (str(ReminderKind.ICE_OFFER), at, ON_REQUEST if at > usual_until else 0): Wanted(
            at, _offer_ends(at, hours)
        )
        for at in icing.offers(procedure.ended_at, hours, lasting)
    }


def _offer_ends(at: datetime, hours: Hours) -> datetime:
    # One that waited for a sender must not ring in the night either.
    night = next_quiet(at, hours)
    stale = at + OFFER_STALE_AFTER
    return min(stale, night.astimezone(UTC)) if night else stale


def _offers_last(found: dict[Key, Reminder]) -> timedelta:
    """Offers are written once, for all of their time. Whoever stopped them has none left, so none
    is written again; whoever asked for more has some of those, and keeps them."""
    written = [row for row in found.values() if row.kind == ReminderKind.ICE_OFFER]
    left = [row for row in written if row.state == ReminderState.SCHEDULED]
    if written and not left:
        return timedelta(0)
    if any(row.repeat == ON_REQUEST for row in left):
        return icing.RULES.on_request_for
    return icing.RULES.offer_for
