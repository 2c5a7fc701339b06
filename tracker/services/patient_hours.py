"""A patient's own day: where they live, when they are asked, and when nothing rings."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction

from tracker.clinical.wall_clock import Hours
from tracker.models import Patient
from tracker.services import audit, reminder_plans


class UnknownZone(Exception):
    """No such time zone; the message says which was given."""


class HourIsQuiet(Exception):
    """The hour of the check-in lies in the quiet hours, when nothing may ring."""


@transaction.atomic
def change_hours(
    *,
    patient: Patient,
    actor: str,
    timezone: str,
    check_in_hour: time,
    quiet_from: time,
    quiet_until: time,
    now: datetime,
) -> Patient:
    """Move the patient's day; reminders that were written for the old one move with it."""
    if timezone not in available_timezones():
        raise UnknownZone(f"{timezone} is no time zone: give one like America/New_York.")
    hours = Hours(ZoneInfo(timezone), check_in_hour, quiet_from, quiet_until)
    if hours.is_quiet_at(check_in_hour):
        raise HourIsQuiet
    # No key: a check-in that holds the procedure must be able to name its patient.
    patient = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)
    patient.timezone, patient.check_in_hour = timezone, check_in_hour
    patient.quiet_from, patient.quiet_until = quiet_from, quiet_until
    patient.save(update_fields=["timezone", "check_in_hour", "quiet_from", "quiet_until"])
    reminder_plans.plan_patient(patient=patient, now=now)
    audit.record(
        clinic_id=patient.clinic_id,
        actor=actor,
        action="patient.hours",
        subject=f"patient:{patient.pk}",
        patient_id=patient.pk,
        now=now,
    )
    return patient
