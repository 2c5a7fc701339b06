"""What staff know about a patient, changed later; and notes, which are never changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from tracker import access
from tracker.access import NotAllowed, Staff
from tracker.models import Note, Patient, Procedure
from tracker.models.consent import ConsentKind
from tracker.policy import LETS_YOU_READ, Action
from tracker.services import (
    assessments,
    audit,
    consents,
    courses,
    monitoring,
    reminder_plans,
    tasks,
)
from tracker.services.corrections import refuse_undoing

PATIENT_FIELDS = [
    "name", "phone", "email", "language", "timezone", "temperature_unit", "glucose_unit",
    "diabetes", "insulin", "anticoagulant", "immunosuppressed", "ice_contraindicated",
    "allergies", "address", "emergency_contact", "emergency_contact_phone",
]  # fmt: skip
PROCEDURE_FIELDS = [
    "nerves", "side", "kind", "steroid", "guidance", "anesthetic", "contrast",
    "baseline_pain", "baseline_glucose", "baseline_glucose_unit",
]  # fmt: skip

GIVEN_FOR = {"email": ConsentKind.EMAIL, "phone": ConsentKind.SMS}
"""Which agreement was given for which address."""
NOTHING: Mapping[str, Any] = MappingProxyType({})


class NothingWritten(Exception):
    """A note must say something."""


class VoidStaysAsItWas(Exception):
    """What was entered for the wrong patient is not corrected: enter it for the right one."""


@transaction.atomic
def change_patient(
    *,
    staff: Staff,
    patient_id: UUID,
    fields: Mapping[str, Any],
    now: datetime,
    shown: Mapping[str, Any] = NOTHING,
    agreed: Collection[ConsentKind] = (),
) -> Patient:
    """Correct what is known about a patient; `Patient.DoesNotExist` for any other clinic's.

    Whoever is followed is judged again, because rules look at some of it; the reminders move with
    the time zone. `shown` is what stood on the page that was sent: `ChangedMeanwhile` where a
    colleague has changed the same. An agreement ends with the address that it was given for,
    unless the patient has `agreed` anew.
    """
    _require(staff)
    rows = access.of_clinic(staff, Patient.objects.select_for_update(of=["self"], no_key=True))
    patient = rows.get(pk=patient_id)
    procedures = list(monitoring.followed(patient))
    for procedure in procedures:
        procedure.patient = patient
    refuse_undoing(standing=_values(patient, fields), fields=fields, shown=shown)
    changed = _judged_again(procedures, patient, fields, PATIENT_FIELDS, now)
    if "timezone" in changed:
        reminder_plans.plan_patient(patient=patient, now=now)
    if changed:
        _audit(staff, patient, "patient.change", f"patient:{patient.pk}", changed, now)
    _keep_answers(staff, patient, changed, agreed, now)
    return patient


@transaction.atomic
def change_procedure(
    *,
    staff: Staff,
    procedure_id: UUID,
    fields: Mapping[str, Any],
    now: datetime,
    shown: Mapping[str, Any] = NOTHING,
) -> Procedure:
    """Correct what is known about a procedure, or fill in a baseline; all is judged again."""
    _require(staff)
    rows = access.of_clinic(staff, Procedure.objects.select_for_update(of=["self"]))
    procedure = rows.select_related("patient", "clinic").get(pk=procedure_id)
    if procedure.state == "VOID":
        raise VoidStaysAsItWas("It was entered for the wrong patient: enter it for the right one.")
    refuse_undoing(standing=_values(procedure, fields), fields=fields, shown=shown)
    changed = _judged_again([procedure], procedure, fields, PROCEDURE_FIELDS, now)
    if changed:
        tasks.check_baseline(procedure=procedure, now=now)
        subject = f"procedure:{procedure.pk}"
        _audit(staff, procedure.patient, "procedure.change", subject, changed, now)
    return procedure


@transaction.atomic
def write_note(*, staff: Staff, patient_id: UUID, text: str, now: datetime) -> Note:
    """Keep what staff should know; it is for them, never for the phone."""
    _require(staff)
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    if not text.strip():
        raise NothingWritten("Write something first.")
    note = Note.objects.create(
        clinic_id=patient.clinic_id, patient=patient, text=text.strip(), author=staff.user, at=now
    )
    _audit(staff, patient, "note.create", f"note:{note.pk}", [], now)
    return note


def _judged_again(
    procedures: list[Procedure],
    row: Patient | Procedure,
    fields: Mapping[str, Any],
    known: list[str],
    now: datetime,
) -> list[str]:
    """Save what differs; judge again what was judged by it. Gives the names of what changed."""
    changed = [name for name in known if name in fields and getattr(row, name) != fields[name]]
    before = [(each, courses.course_of(each)) for each in procedures] if changed else []
    _save(row, {name: fields[name] for name in changed})
    for procedure, course in before:
        assessments.judge_all(procedure=procedure, before=course, now=now)
    return changed


def _keep_answers(
    staff: Staff,
    patient: Patient,
    changed: Collection[str],
    agreed: Collection[ConsentKind],
    now: datetime,
) -> None:
    """What was agreed to holds for the address it was given for, and no answer is not a yes."""
    actor = staff.audit_name
    for name, kind in GIVEN_FOR.items():
        stood = consents.standing(patient=patient, kind=kind)
        if name in changed and (stood or kind not in agreed):
            consents.withdraw(
                patient=patient, kind=kind, through=consents.STAFF, actor=actor, now=now
            )
    consents.give(patient=patient, kinds=agreed, recorded_by=staff.user, now=now)


def _values(row: Model, names: Collection[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _save(row: Model, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    if fields:
        row.save(update_fields=list(fields))


def _require(staff: Staff) -> None:
    if not staff.may(Action.PATIENT_CHANGE):
        raise NotAllowed(LETS_YOU_READ)


def _audit(
    staff: Staff, patient: Patient, action: str, subject: str, changed: list[str], now: datetime
) -> None:
    audit.record(
        clinic_id=patient.clinic_id,
        actor=staff.audit_name,
        action=action,
        subject=subject,
        patient_id=patient.pk,
        fields=changed,
        now=now,
    )
