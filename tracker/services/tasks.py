"""Work for staff that is not a sign: out of reach, something missing, overdue, no relief."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Max, Q, QuerySet

from tracker import access
from tracker.access import Staff
from tracker.clinical import followup
from tracker.clinical.outcomes import outcomes
from tracker.models import Patient, Procedure, Task
from tracker.models.procedure import ProcedureState
from tracker.models.task import TaskKind
from tracker.services import audit, courses

logger = logging.getLogger(__name__)

NO_RELIEF_FROM, NO_RELIEF_UNTIL = timedelta(days=16), timedelta(days=23)
"""Two weeks and the 48 hours in which a nearer score may still arrive; then for a week."""
ANSWER_WITHIN = timedelta(days=3)
"""How long a follow-up question may stay unanswered."""
FOLLOWED_FOR = timedelta(days=200)


class AlreadyDone(Exception):
    """Somebody else was faster; the message says who."""


class NoteMissing(Exception):
    """Say what was done, so that the next person knows."""


def clinic_tasks(staff: Staff) -> QuerySet[Task]:
    """The clinic's open tasks, the longest waiting first."""
    rows = Task.objects.filter(done_at__isnull=True).select_related("patient", "procedure")
    return access.of_clinic(staff, rows).order_by("opened_at", "pk")


def waiting_tasks(staff: Staff) -> QuerySet[Task]:
    """The same tasks, no more of each than which it is and whose."""
    return clinic_tasks(staff).select_related(None).only("patient_id", "kind", "opened_at")


def tasks_in_full(staff: Staff, task_ids: list[UUID]) -> dict[UUID, Task]:
    """What a page says of these tasks; whoever was erased a moment ago has none."""
    return clinic_tasks(staff).in_bulk(task_ids)


def open_task(
    *, patient: Patient, kind: TaskKind, procedure: Procedure | None, now: datetime
) -> Task:
    """Open a task, or give the one of its kind that is open already."""
    task, _ = Task.objects.get_or_create(
        patient=patient,
        kind=kind,
        done_at=None,
        defaults={"clinic_id": patient.clinic_id, "procedure": procedure, "opened_at": now},
    )
    return task


def open_unreachable(*, patient: Patient, now: datetime) -> Task:
    """No message reaches this patient: somebody must call."""
    return open_task(patient=patient, kind=TaskKind.UNREACHABLE, procedure=None, now=now)


@transaction.atomic
def finish_task(*, staff: Staff, task_id: UUID, note: str, now: datetime) -> Task:
    """Say what was done; `Task.DoesNotExist` for a task of any other clinic."""
    if not note.strip():
        raise NoteMissing("Say in the note what was done.")
    rows = access.of_clinic(staff, Task.objects.select_for_update(of=["self"]))
    task = rows.get(pk=task_id)
    if task.done_at is not None:
        raise AlreadyDone(f"This was done already, by {task.done_by or 'itself'}: {task.note}")
    task.done_at, task.done_by, task.note = now, staff.user, note
    task.save(update_fields=["done_at", "done_by", "note"])
    audit.record(
        clinic_id=task.clinic_id,
        actor=staff.audit_name,
        action="task.done",
        subject=f"task:{task.pk}",
        patient_id=task.patient_id,
        now=now,
    )
    return task


def _finish_by_itself(procedure: Procedure, kind: TaskKind, note: str, now: datetime) -> None:
    procedure.tasks.filter(kind=kind, done_at__isnull=True).update(done_at=now, note=note)


# --- what is missing, found when it can be ------------------------------------------------------


def check_baseline(*, procedure: Procedure, now: datetime) -> None:
    """Ask for a baseline that nobody knows, once a procedure; it is done when it is filled in."""
    if not missing_baselines(procedure):
        _finish_by_itself(procedure, TaskKind.MISSING_BASELINE, "It was filled in.", now)
    elif not procedure.tasks.filter(kind=TaskKind.MISSING_BASELINE).exists():
        open_task(
            patient=procedure.patient,
            kind=TaskKind.MISSING_BASELINE,
            procedure=procedure,
            now=now,
        )


def missing_baselines(procedure: Procedure) -> list[str]:
    """Which of `pain` and `glucose` was neither enrolled nor entered before the procedure."""
    course = courses.course_of(procedure)
    missing = ["pain"] if course.baseline_pain is None else []
    if course.patient.diabetes and course.baseline_glucose is None:
        missing.append("glucose")
    return missing


def open_due_tasks(*, now: datetime) -> None:
    """Look once a day for what nobody told us: no relief, unanswered follow-ups, baselines."""
    done = Procedure.objects.filter(state=ProcedureState.DONE).select_related(
        "patient", "clinic", "protocol_version"
    )
    asked_for = Q(tasks__kind=TaskKind.MISSING_BASELINE, tasks__done_at__isnull=True)
    relief_known = done.filter(
        ended_at__range=(now - NO_RELIEF_UNTIL, now - NO_RELIEF_FROM)
    ).exclude(tasks__kind=TaskKind.NO_RELIEF)
    followed = done.filter(ended_at__gte=now - FOLLOWED_FOR)
    heard = followed.annotate(heard_at=Max("check_ins__observed_at"))
    _each(done.filter(asked_for), check_baseline, now)
    _each(relief_known, _check_relief, now)
    _each(heard, _check_follow_up, now)


def _each(procedures: Iterable[Procedure], look: Callable[..., None], now: datetime) -> None:
    """One procedure that fails keeps no other from being looked at."""
    for procedure in procedures:
        try:
            with transaction.atomic():
                look(procedure=procedure, now=now)
        except Exception as error:
            if isinstance(error, OperationalError) and not connection.is_usable():
                raise
            logger.exception("%s failed for procedure %s", look.__name__, procedure.pk)


def _check_relief(*, procedure: Procedure, now: datetime) -> None:
    rules = courses.rules_of(procedure)
    found = outcomes(courses.course_of(procedure, rules.protocol), rules.protocol, now)
    if any(row["id"] == "OC-NORELIEF" for row in found):
        open_task(patient=procedure.patient, kind=TaskKind.NO_RELIEF, procedure=procedure, now=now)


def _check_follow_up(*, procedure: Procedure, now: datetime) -> None:
    """Open a task for a follow-up that stayed unanswered; done by itself when an answer came."""
    asked_at = _last_follow_up(procedure, now - ANSWER_WITHIN)
    if asked_at is None:
        return
    heard_at = getattr(procedure, "heard_at", None)
    if heard_at is not None and heard_at >= asked_at:
        _finish_by_itself(procedure, TaskKind.OVERDUE_FOLLOW_UP, "An answer came.", now)
        return
    # What was done about one question is not asked for again; a later question is.
    earlier = procedure.tasks.filter(kind=TaskKind.OVERDUE_FOLLOW_UP)
    if not earlier.filter(opened_at__gte=asked_at).exists():
        open_task(
            patient=procedure.patient,
            kind=TaskKind.OVERDUE_FOLLOW_UP,
            procedure=procedure,
            now=now,
        )


def _last_follow_up(procedure: Procedure, until: datetime) -> datetime | None:
    facts = courses.procedure_facts(procedure, procedure.ended_at)
    hours = courses.hours_of(procedure.patient)
    protocol = courses.protocol_of(procedure)
    dues = followup.check_ins(facts, courses.patient_facts(procedure), hours, protocol)
    asked = [due.at for due in dues if due.ask == "outcome" and due.at <= until]
    return asked[-1] if asked else None
