"""Record how a patient is, and answer at once what to do."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tracker import faults, queue
from tracker.clinical.intake import Intake, Problem, Question, read_answers
from tracker.clinical.wording import Advice
from tracker.models import AlertEvent, Caregiver, CheckIn, Patient, Procedure, User
from tracker.services import advising, assessments, audit, courses, procedures
from tracker.services.kept_answers import as_kept


class CheckInRefused(Exception):
    """The answers cannot be right; `problems` says which, and what would be."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} answers cannot be right")
        self.problems = problems


class CheckInIdTaken(Exception):
    """This id already belongs to a check-in with other answers."""


class NothingToFollow(Exception):
    """The patient has no procedure that a check-in could belong to."""


@dataclass(frozen=True, slots=True)
class Helper:
    """Who wrote for the patient; nobody where they did so themselves."""

    staff: User | None = None
    caregiver: Caregiver | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    check_in: CheckIn
    advice: Advice
    events: list[AlertEvent]
    questions: list[Question]
    created: bool


def record_check_in(
    *,
    patient: Patient,
    client_id: UUID,
    answers: Any,
    now: datetime,
    entered_by: User | None = None,
    caregiver: Caregiver | None = None,
) -> Recorded:
    """Store a check-in, apply the warning signs, open the alerts and owe the messages.

    One transaction: the answer means that nothing of it can be lost any more. The same id with
    the same answers changes nothing and gives the same answer again.
    """
    earlier = _earlier(patient, client_id)
    if earlier is not None:
        return _replayed(earlier, answers)
    procedure = procedures.procedure_of(patient)
    if procedure is None:
        raise NothingToFollow
    protocol = courses.protocol_of(procedure)
    intake = read_answers(answers, recorded_at=now, protocol=protocol)
    if intake.problems:
        raise CheckInRefused(intake.problems)
    helper = Helper(entered_by, caregiver)
    return _record(patient, procedure, client_id, answers, intake, now, helper)


@transaction.atomic
def _record(
    patient: Patient,
    procedure: Procedure,
    client_id: UUID,
    answers: Any,
    intake: Intake,
    now: datetime,
    helper: Helper,
) -> Recorded:
    # One submission of a procedure at a time: two phones cannot open the same alert twice, and
    # an end or a protocol that was set meanwhile is what judges.
    procedure = assessments.locked(procedure.pk)
    faults.point_after_commit("after_commit")
    try:
        with transaction.atomic():
            check_in = _store(patient, procedure, client_id, answers, intake, now, helper)
    except IntegrityError:
        # The same PUT arrived twice at the same moment, and the other one was faster.
        return _replayed(_rows().get(patient=patient, client_id=client_id), answers)
    events = assessments.judge_check_in(check_in=check_in, procedure=procedure, now=now)
    _audit(check_in, helper, now)
    queue.after_commit("tracker.apply_warning_signs", procedure_id=str(procedure.pk))
    advice = advising.advice_for(check_in)
    faults.point("before_commit")
    return Recorded(
        check_in=check_in, advice=advice, events=events, questions=intake.questions, created=True
    )


def _rows() -> QuerySet[CheckIn]:
    return CheckIn.objects.select_related(
        "patient", "procedure__clinic", "procedure__patient", "procedure__protocol_version"
    )


def _earlier(patient: Patient, client_id: UUID) -> CheckIn | None:
    return _rows().filter(patient=patient, client_id=client_id).first()


def _replayed(check_in: CheckIn, answers: Any) -> Recorded:
    if check_in.digest != _digest(answers):
        raise CheckInIdTaken
    intake = read_answers(
        check_in.answers,
        recorded_at=check_in.recorded_at,
        protocol=courses.protocol_of(check_in.procedure),
    )
    steps = AlertEvent.objects.filter(check_in=check_in, actor__isnull=True)
    return Recorded(
        check_in=check_in,
        advice=advising.advice_for(check_in),
        events=list(steps.select_related("alert").order_by("pk")),
        questions=intake.questions,
        created=False,
    )


def _store(
    patient: Patient,
    procedure: Procedure,
    client_id: UUID,
    answers: Any,
    intake: Intake,
    now: datetime,
    helper: Helper,
) -> CheckIn:
    return CheckIn.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        procedure=procedure,
        client_id=client_id,
        answers=as_kept(answers),
        digest=_digest(answers),
        observed_at=intake.observed_at or now,
        recorded_at=now,
        entered_by=helper.staff,
        caregiver=helper.caregiver,
        corrects=_corrected(patient, intake),
    )


def _corrected(patient: Patient, intake: Intake) -> CheckIn | None:
    if intake.corrects is None:
        return None
    client_id = _uuid(intake.corrects)
    mine = CheckIn.objects.filter(patient=patient)
    target = mine.filter(client_id=client_id).first() if client_id else None
    if target is None or hasattr(target, "corrected_by"):
        raise CheckInRefused([Problem("/corrects", "unknown_check_in", "not_correctable")])
    return target


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _digest(answers: Any) -> str:
    canonical = json.dumps(answers, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _audit(check_in: CheckIn, helper: Helper, now: datetime) -> None:
    actor = f"patient:{check_in.patient_id}"
    if helper.staff:
        actor = f"user:{helper.staff.pk}"
    elif helper.caregiver:
        actor = f"caregiver:{helper.caregiver.pk}"
    audit.record(
        clinic_id=check_in.clinic_id,
        actor=actor,
        action="check_in.create",
        subject=f"check_in:{check_in.pk}",
        patient_id=check_in.patient_id,
        now=now,
    )
