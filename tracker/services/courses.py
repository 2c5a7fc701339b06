"""Turn stored rows into the values that the rules look at."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

from tracker.clinical.course import Course, PatientFacts, ProcedureFacts, Reading
from tracker.clinical.course import Kind as KindName
from tracker.clinical.intake import read_answers
from tracker.clinical.protocol import Protocol
from tracker.clinical.quantities import Glucose
from tracker.models import CheckIn, Patient, Procedure
from tracker.models.procedure import Kind

KINDS: dict[str, KindName] = {
    Kind.THERAPEUTIC: "therapeutic",
    Kind.DIAGNOSTIC: "diagnostic",
    Kind.RFA: "rfa",
}


def course_of(procedure: Procedure) -> Course | None:
    """Gather a procedure's readings, without those that a correction replaced.

    None while nobody knows when the procedure was or will be: then nothing can be counted.
    A planned time stands in until staff mark the procedure done, so that a warning sign is not
    missed because the desk was late.
    """
    ended_at = procedure.ended_at or procedure.scheduled_at
    if ended_at is None:
        return None
    protocol = procedure.protocol_version.protocol()
    check_ins = procedure.check_ins.filter(corrected_by__isnull=True).order_by("observed_at", "pk")
    readings = [reading for each in check_ins if (reading := reading_of(each, protocol))]
    facts = ProcedureFacts(kind=KINDS[procedure.kind], ended_at=ended_at, steroid=procedure.steroid)
    return Course(patient=patient_facts(procedure), procedure=facts, readings=readings)


def reading_of(check_in: CheckIn, protocol: Protocol) -> Reading | None:
    """Read the stored answers again, exactly as they were read when they arrived."""
    return read_answers(
        check_in.answers,
        recorded_at=check_in.recorded_at,
        reading_id=str(check_in.pk),
        protocol=protocol,
    ).reading


def patient_facts(procedure: Procedure) -> PatientFacts:
    patient: Patient = procedure.patient
    return PatientFacts(
        diabetes=patient.diabetes,
        insulin=patient.insulin,
        anticoagulant=patient.anticoagulant,
        immunosuppressed=patient.immunosuppressed,
        ice_contraindicated=patient.ice_contraindicated,
        baseline_pain=procedure.baseline_pain,
        baseline_glucose=_baseline_glucose(procedure),
        zone=ZoneInfo(patient.timezone),
    )


def _baseline_glucose(procedure: Procedure) -> Glucose | None:
    if not procedure.baseline_glucose:
        return None
    value = Decimal(procedure.baseline_glucose)
    in_mmol = procedure.baseline_glucose_unit == "mmol/L"
    return Glucose(value, "mmol/L" if in_mmol else "mg/dL")
