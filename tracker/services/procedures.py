"""Procedures: enrol, mark done, and the course that the rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from tracker import access
from tracker.access import Staff
from tracker.models import Clinic, Patient, Procedure, ProtocolVersion
from tracker.models.procedure import ProcedureState, StopReason
from tracker.models.protocol import ProtocolState
from tracker.services import assessments, audit, courses, monitoring, tasks

FUTURE_TOLERANCE = timedelta(minutes=5)
MAY_BE_DONE = [ProcedureState.SCHEDULED, ProcedureState.DONE]
FOLLOWED_STATES = [ProcedureState.SCHEDULED, ProcedureState.DONE, ProcedureState.CLOSED]


class NotDoneYet(Exception):
    """The end of a procedure must be in the past; the message says which field."""


class PatientDied(Exception):
    """Nobody plans for the dead; the message says what to do if it was a mistake."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    patient: Patient
    procedure: Procedure


@transaction.atomic
def enrol(
    *,
    staff: Staff,
    patient: dict[str, Any],
    procedure: dict[str, Any],
    now: datetime,
) -> Enrolled:
    """Take a new patient with one procedure into the clinic's care.

    `patient` and `procedure` are values of those models' fields, already validated by a form.
    """
    new_patient = Patient.objects.create(clinic=staff.clinic, created_at=now, **patient)
    new_procedure = _add(staff, new_patient, procedure, now)
    _audit(staff, new_procedure, "patient.enrol", now)
    return Enrolled(patient=new_patient, procedure=new_procedure)


@transaction.atomic
def add(*, staff: Staff, patient_id: UUID, procedure: dict[str, Any], now: datetime) -> Procedure:
    """Give a patient of this clinic one more procedure; `Patient.DoesNotExist` for any other.

    The form brings the procedure's id, so that sending it twice adds one.
    """
    patients = access.of_clinic(staff, Patient.objects.select_for_update(of=["self"], no_key=True))
    patient = patients.get(pk=patient_id)
    earlier = patient.procedures.filter(pk__in=[procedure.get("id")]).first()
    if earlier is not None:
        return earlier
    if monitoring.has_died(patient):
        raise PatientDied("This patient was reported dead. If that is wrong, resume first.")
    added = _add(staff, patient, procedure, now)
    _audit(staff, added, "procedure.add", now)
    return added


def _add(staff: Staff, patient: Patient, fields: dict[str, Any], now: datetime) -> Procedure:
    procedure = Procedure.objects.create(
        clinic=staff.clinic,
        patient=patient,
        protocol_version=current_protocol(clinic=staff.clinic, now=now),
        created_at=now,
        **fields,
    )
    if procedure.ended_at:
        _mark_done(staff, procedure, procedure.ended_at, now)
    else:
        # A planned one that nobody marks done must be missed too, when it stays silent.
        known = courses.course_of(procedure)
        assessments.judge_all(procedure=procedure, before=known, now=now)
    tasks.check_baseline(procedure=procedure, now=now)
    return procedure


@transaction.atomic
def mark_done(*, staff: Staff, procedure_id: UUID, ended_at: datetime, now: datetime) -> Procedure:
    """Set (or correct) the end of the procedure, from which every rule counts."""
    procedure = Procedure.objects.select_for_update().get(
        pk=procedure_id, clinic_id=staff.clinic.pk, state__in=MAY_BE_DONE
    )
    _mark_done(staff, procedure, ended_at, now)
    tasks.check_baseline(procedure=procedure, now=now)
    _audit(staff, procedure, "procedure.done", now)
    return procedure


def _mark_done(staff: Staff, procedure: Procedure, ended_at: datetime, now: datetime) -> None:
    if ended_at > now + FUTURE_TOLERANCE:
        raise NotDoneYet("The end of the procedure is in the future: give a time that has passed.")
    before = courses.course_of(procedure)
    procedure.ended_at = ended_at
    procedure.state = ProcedureState.DONE
    procedure.save(update_fields=["ended_at", "state"])
    # Whatever was entered before is judged again from the right moment.
    assessments.judge_all(procedure=procedure, before=before, now=now)
    # What the patient says from here on belongs to this one: the earlier would only seem silent.
    for earlier in monitoring.followed(procedure.patient, before=ended_at):
        monitoring.end(staff=staff, procedure=earlier, reason=StopReason.FINISHED, now=now)


def current_protocol(*, clinic: Clinic, now: datetime) -> ProtocolVersion:
    """Give the clinic's newest approved version; until there is one, the defaults as version 1.

    A newer version that nobody has approved is never in force.
    """
    approved = clinic.protocol_versions.filter(state=ProtocolState.APPROVED)
    newest = approved.order_by("-number").first()
    if newest is not None:
        return newest
    defaults, _ = ProtocolVersion.objects.get_or_create(
        clinic=clinic,
        number=1,
        defaults={"numbers": {}, "state": ProtocolState.SUBMITTED, "created_at": now},
    )
    return defaults


def procedure_of(patient: Patient) -> Procedure | None:
    """Give the procedure that a check-in belongs to: the latest done, else the next planned."""
    procedures = list(
        patient.procedures.filter(state__in=FOLLOWED_STATES).select_related(
            "protocol_version", "patient", "clinic"
        )
    )
    done = [each for each in procedures if each.ended_at]
    if done:
        return max(done, key=lambda each: each.ended_at or each.created_at)
    return max(procedures, key=lambda each: each.created_at, default=None)


def _audit(staff: Staff, procedure: Procedure, action: str, now: datetime) -> None:
    audit.record(
        clinic_id=procedure.clinic_id,
        actor=staff.audit_name,
        action=action,
        subject=f"procedure:{procedure.pk}",
        patient_id=procedure.patient_id,
        now=now,
    )
