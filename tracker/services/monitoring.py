"""Whether a patient is asked and reminded: stopped at once for a reason, or taken up again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from tracker import access
from tracker.access import Staff
from tracker.models import Alert, Delivery, Patient, Procedure, Reminder
from tracker.models.alert import AlertState, AlertStep
from tracker.models.delivery import DeliveryState
from tracker.models.procedure import ProcedureState, StopReason
from tracker.models.reminder import ReminderState
from tracker.services import assessments, audit, reminder_plans
from tracker.services.alert_steps import record_step

FOLLOWED = [ProcedureState.SCHEDULED, ProcedureState.DONE]
OVER = [ProcedureState.CLOSED, ProcedureState.CANCELLED]
ABOUT_THE_PATIENT = [
    StopReason.HOSPITALISED,
    StopReason.TRANSFERRED,
    StopReason.WITHDREW,
    StopReason.DIED,
]
"""Reasons that end every procedure of a patient; the others are about one."""
NOT_THEIRS = "The procedure was entered for the wrong patient."


class AlreadyStopped(Exception):
    """The procedure is not followed any more; the message says since when."""


class ReasonDoesNotFit(Exception):
    """This reason is for a procedure in another state; the message says which."""


class NothingToResume(Exception):
    """The procedure is followed, or void: there is nothing to take up again."""


@transaction.atomic
def stop(*, staff: Staff, procedure_id: UUID, reason: StopReason, now: datetime) -> list[Procedure]:
    """Stop asking and reminding at once; `Procedure.DoesNotExist` for any other clinic's.

    Alerts stay until staff resolve them, and what the patient still enters is judged. A reason
    that is about the patient stops all of their procedures.
    """
    procedure = _locked(staff, procedure_id)
    _refuse(procedure, reason)
    stopped = [procedure]
    if reason in ABOUT_THE_PATIENT:
        stopped += followed(procedure.patient).exclude(pk=procedure.pk)
    for each in stopped:
        end(staff=staff, procedure=each, reason=reason, now=now)
    if reason == StopReason.DIED:
        _send_nothing_more(procedure.patient)
    return stopped


def end(*, staff: Staff, procedure: Procedure, reason: StopReason, now: datetime) -> None:
    """Write down that a procedure is over, and take back what was planned for it.

    The caller's transaction holds the procedure's row lock.
    """
    procedure.state = _state_after(procedure, reason)
    procedure.stop_reason, procedure.closed_at = reason, now
    procedure.save(update_fields=["state", "stop_reason", "closed_at"])
    reminder_plans.plan(procedure=procedure, now=now)
    _end_messages(procedure)
    _note_next(procedure, now)
    if procedure.state == ProcedureState.VOID:
        _mark_not_theirs(procedure, now)
    _audit(staff, procedure, f"procedure.stop.{reason.lower()}", now)


@transaction.atomic
def resume(*, staff: Staff, procedure_id: UUID, now: datetime) -> Procedure:
    """Take up again what was stopped by mistake, or too early. Void stays void."""
    procedure = _locked(staff, procedure_id)
    if procedure.state not in OVER:
        raise NothingToResume(
            "This procedure is not stopped, or was entered for the wrong patient."
        )
    procedure.state = ProcedureState.DONE if procedure.ended_at else ProcedureState.SCHEDULED
    procedure.stop_reason, procedure.closed_at = "", None
    procedure.save(update_fields=["state", "stop_reason", "closed_at"])
    reminder_plans.plan(procedure=procedure, now=now)
    _note_next(procedure, now)
    _audit(staff, procedure, "procedure.resume", now)
    return procedure


def has_died(patient: Patient) -> bool:
    return patient.procedures.filter(stop_reason=StopReason.DIED).exists()


def followed(patient: Patient, *, before: datetime | None = None) -> QuerySet[Procedure]:
    """Lock the procedures that a patient is asked about; those that ended before a moment."""
    rows = Procedure.objects.select_for_update(of=["self"]).select_related("patient", "clinic")
    rows = rows.filter(patient=patient, state__in=FOLLOWED).order_by("pk")
    return rows.filter(ended_at__lt=before, state=ProcedureState.DONE) if before else rows


def _locked(staff: Staff, procedure_id: UUID) -> Procedure:
    rows = access.of_clinic(staff, Procedure.objects.select_for_update(of=["self"]))
    # The version is not joined: who waited while it was changed would find no row at all.
    return rows.select_related("patient", "clinic").get(pk=procedure_id)


def _refuse(procedure: Procedure, reason: StopReason) -> None:
    if reason == StopReason.WRONG_PATIENT and procedure.state != ProcedureState.VOID:
        return
    # Of the dead nobody must be asked again, whatever had ended before.
    if reason == StopReason.DIED and procedure.state in OVER:
        return
    if procedure.state not in FOLLOWED:
        state = procedure.get_state_display().lower()
        raise AlreadyStopped(f"This procedure is not followed any more: it is {state}.")
    if reason == StopReason.NOT_DONE and procedure.state != ProcedureState.SCHEDULED:
        raise ReasonDoesNotFit("This procedure is marked done: it can be stopped, not cancelled.")
    if reason == StopReason.FINISHED and procedure.state != ProcedureState.DONE:
        raise ReasonDoesNotFit("This procedure is not done yet: its follow-up cannot be over.")


def _state_after(procedure: Procedure, reason: StopReason) -> ProcedureState:
    if reason == StopReason.WRONG_PATIENT:
        return ProcedureState.VOID
    return ProcedureState.CLOSED if procedure.ended_at else ProcedureState.CANCELLED


def _end_messages(procedure: Procedure) -> None:
    """Messages to the patient that have not left are not sent; those that left go no further."""
    theirs = Delivery.objects.filter(patient=procedure.patient_id, alert__procedure=procedure)
    theirs.filter(state=DeliveryState.PENDING).update(state=DeliveryState.CANCELLED)
    theirs.filter(confirm_by__isnull=False).update(confirm_by=None)


def _send_nothing_more(patient: Patient) -> None:
    """Timers and messages of every kind. What is owed later, the sender refuses."""
    left = Reminder.objects.filter(patient=patient, state=ReminderState.SCHEDULED)
    left.update(state=ReminderState.CANCELLED)
    owed = Delivery.objects.filter(patient=patient, state=DeliveryState.PENDING)
    owed.update(state=DeliveryState.CANCELLED)


def _note_next(procedure: Procedure, now: datetime) -> None:
    gone = procedure.state in (ProcedureState.CANCELLED, ProcedureState.VOID)
    at = None if gone else assessments.next_assessment_at(procedure=procedure, now=now)
    procedure.next_assessment_at = at
    procedure.save(update_fields=["next_assessment_at"])


def _mark_not_theirs(procedure: Procedure, now: datetime) -> None:
    waiting = Alert.objects.select_for_update().filter(procedure=procedure)
    for alert in waiting.exclude(state=AlertState.RESOLVED):
        record_step(alert, AlertStep.NO_GROUND, now, note=NOT_THEIRS)


def _audit(staff: Staff, procedure: Procedure, action: str, now: datetime) -> None:
    audit.record(
        clinic_id=procedure.clinic_id,
        actor=staff.audit_name,
        action=action,
        subject=f"procedure:{procedure.pk}",
        patient_id=procedure.patient_id,
        now=now,
    )
