"""What a patient's phone needs to advise by itself while it has no network."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tracker.clinical.offline import offline_data
from tracker.models import Patient
from tracker.services import advising, courses, procedures


def offline_advice(*, patient: Patient, now: datetime) -> dict[str, Any] | None:
    """Give the catalogue as data for this patient, by the protocol and the course so far.

    `hours` are those since the procedure at this moment; None while nobody knows its end. Without
    any procedure there is nothing that a check-in could belong to, and no data.
    """
    procedure = procedures.procedure_of(patient)
    if procedure is None:
        return None
    protocol = courses.protocol_of(procedure)
    course = courses.course_of(procedure, protocol)
    data = offline_data(
        course,
        protocol,
        language=patient.language,
        contact=advising.contact_of(patient.clinic),
    )
    return {**data, "hours": course.hours_at(now) if course.procedure.ended_at else None}
