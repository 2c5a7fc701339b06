"""What staff look at. Looking at a patient's record is itself written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from tracker import access
from tracker.access import Staff
from tracker.models import (
    Alert,
    AlertEvent,
    Assessment,
    Delivery,
    Patient,
)
from tracker.models.alert import AlertState
from tracker.services import audit, explaining

LATEST_DELIVERIES = 50
SHORTEST_NUMBER = 3
"""Digits: fewer would find half the clinic."""


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """One alert and everything that happened around it."""

    alert: Alert
    events: list[AlertEvent]
    deliveries: list[Delivery]
    assessment: Assessment | None
    """What the rules looked at when it was last raised."""
    why: str
    others: list[Alert]
    """The patient's other alerts that wait: one call may settle them all."""


def search_patients(*, staff: Staff, text: str) -> QuerySet[Patient]:
    """Find the clinic's patients by a part of the name or of the phone number; all for no text."""
    patients = access.of_clinic(staff, Patient.objects.all()).order_by("name", "pk")
    if not text:
        return patients
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    found = Q(name__icontains=text)
    if len(digits) >= SHORTEST_NUMBER:
        found |= Q(phone__contains=digits)
    return patients.filter(found)


@transaction.atomic
def view_alert(*, staff: Staff, alert_id: UUID, now: datetime) -> AlertRecord:
    """Open an alert of this person's clinic; `Alert.DoesNotExist` for any other."""
    related = ("patient", "procedure", "check_in__entered_by", "check_in__caregiver", "owner")
    alert = access.of_clinic(staff, Alert.objects.select_related(*related)).get(pk=alert_id)
    _audit(staff, alert.patient, "alert.view", f"alert:{alert.pk}", now)
    assessment = explaining.judged_by(alert)
    waiting = alert.patient.alerts.exclude(state=AlertState.RESOLVED).exclude(pk=alert.pk)
    deliveries = alert.deliveries.select_related("user", "patient").order_by("created_at", "pk")
    return AlertRecord(
        alert=alert,
        events=list(alert.events.select_related("actor", "check_in").order_by("at", "pk")),
        deliveries=list(deliveries[:LATEST_DELIVERIES]),
        assessment=assessment,
        why=explaining.why(alert=alert, assessment=assessment),
        others=list(waiting.order_by("-tier", "raised_at")),
    )


def _audit(staff: Staff, patient: Patient, action: str, subject: str, now: datetime) -> None:
    audit.record(
        clinic_id=staff.clinic.pk,
        actor=staff.audit_name,
        action=action,
        subject=subject,
        patient_id=patient.pk,
        now=now,
    )
