"""Turn stored rows into the values that the rules look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tracker.clinical.course import Course, PatientFacts, ProcedureFacts, Reading
from tracker.clinical.course import Kind as KindName
from tracker.clinical.intake import read_answers
from tracker.clinical.protocol import Protocol, merged
from tracker.clinical.quantities import Glucose
from tracker.clinical.wall_clock import Hours
from tracker.models import CheckIn, Patient, Procedure, ProtocolOverride, ProtocolVersion
from tracker.models.procedure import Kind

KINDS: dict[str, KindName] = {
    Kind.THERAPEUTIC: "therapeutic",
    Kind.DIAGNOSTIC: "diagnostic",
    Kind.RFA: "rfa",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers that judge a procedure, and where they stand."""

    protocol: Protocol
    version: ProtocolVersion
    override: ProtocolOverride | None


def rules_of(procedure: Procedure) -> Rules:
    """The numbers of the procedure's version, with the patient's own on top of them."""
    version = procedure.protocol_version
    override = procedure.protocol_overrides.order_by("-pk").first()
    numbers = merged(version.numbers, override.numbers if override else {})
    return Rules(Protocol.from_numbers(numbers), version, override)


def protocol_of(procedure: Procedure) -> Protocol:
    """The numbers that judge a procedure now. Nobody asks the version itself."""
    return rules_of(procedure).protocol


def course_of(procedure: Procedure, protocol: Protocol | None = None) -> Course:
    """Gather a procedure's readings, without those that a correction replaced.

    A planned time stands in until staff mark the procedure done, so that a warning sign is not
    missed because the desk was late. Without either, there is only a baseline.
    """
    ended_at = procedure.ended_at or procedure.scheduled_at
    protocol = protocol or protocol_of(procedure)
    check_ins = procedure.check_ins.filter(corrected_by__isnull=True).order_by("observed_at", "pk")
    readings = [reading for each in check_ins if (reading := reading_of(each, protocol))]
    facts = procedure_facts(procedure, ended_at)
    return Course(patient=patient_facts(procedure), procedure=facts, readings=readings)


def baseline_pain_of(procedure: Procedure) -> int | None:
    """Usual pain before the procedure; check-ins are read only where enrolment gave no number."""
    if procedure.baseline_pain is not None:
        return procedure.baseline_pain
    return course_of(procedure).baseline_pain


def procedure_facts(procedure: Procedure, ended_at: datetime | None) -> ProcedureFacts:
    return ProcedureFacts(kind=KINDS[procedure.kind], ended_at=ended_at, steroid=procedure.steroid)


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


def hours_of(patient: Patient) -> Hours:
    """The patient's own day: when to ask, and when not to disturb."""
    return Hours(
        zone=ZoneInfo(patient.timezone),
        check_in=patient.check_in_hour,
        quiet_from=patient.quiet_from,
        quiet_until=patient.quiet_until,
    )


def _baseline_glucose(procedure: Procedure) -> Glucose | None:
    if not procedure.baseline_glucose:
        return None
    value = Decimal(procedure.baseline_glucose)
    in_mmol = procedure.baseline_glucose_unit == "mmol/L"
    return Glucose(value, "mmol/L" if in_mmol else "mg/dL")
