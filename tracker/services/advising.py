"""What a patient is told: the advice of a check-in, and the advice that still stands."""

from __future__ import annotations

from tracker.clinical import assessment as clinical
from tracker.clinical.course import Course
from tracker.clinical.findings import Tier
from tracker.clinical.wording import Advice, Contact, advice, question_first, saved_before
from tracker.models import CheckIn, Clinic, Patient
from tracker.services import courses

NOBODY_HAS_SEEN = {
    "en": "Nobody has seen this yet. Please call the clinic.",
    "es": "Nadie ha visto esto todavía. Por favor, llame a la clínica.",
}


def advice_for(check_in: CheckIn) -> Advice:
    """Say what to do about one submission, by the protocol of its procedure."""
    procedure = check_in.procedure
    protocol = courses.protocol_of(procedure)
    course = courses.course_of(procedure, protocol)
    judged = clinical.assess(course, check_in.observed_at, protocol)
    findings, language = judged.findings, check_in.patient.language
    contact = contact_of(procedure.clinic)
    if judged.tier < Tier.CALL_TODAY and _in_doubt(course, check_in):
        return question_first(language=language, contact=contact)
    if judged.baseline_only:
        findings = clinical.cannot_wait(course, check_in.observed_at, protocol)
        if not findings:
            return saved_before(language=language, contact=contact)
    return advice(
        findings,
        language=language,
        contact=contact,
        ice=not check_in.patient.ice_contraindicated,
    )


def _in_doubt(course: Course, check_in: CheckIn) -> bool:
    """Whether a number stands in question that would call if it were right."""
    return any(reading.questions for reading in course.readings if reading.id == str(check_in.pk))


def standing_advice(patient: Patient) -> tuple[CheckIn, Advice] | None:
    """Give the advice of the last check-in, which stands until the next one."""
    last = (
        patient.check_ins.filter(corrected_by__isnull=True)
        .select_related("patient", "procedure__clinic", "procedure__protocol_version")
        .order_by("-observed_at", "-pk")
        .first()
    )
    return (last, advice_for(last)) if last else None


def contact_of(clinic: Clinic) -> Contact:
    return Contact(
        clinic_name=clinic.name,
        phone=clinic.phone,
        after_hours_phone=clinic.after_hours_phone,
        emergency_number=clinic.emergency_number,
    )
