"""What has been kept for long enough goes: records of patients, and what signing in leaves."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import OperationalError, connection, transaction
from django.db.models import Max, Q
from django.db.models.functions import Coalesce

from tracker import across
from tracker.models import Clinic, Delivery, DeviceSession, Invitation, Patient
from tracker.models.delivery import DeliveryState
from tracker.scope import clinic_scope
from tracker.services import audit, devices, erasure

logger = logging.getLogger(__name__)

UNUSED_INVITATIONS_KEPT = timedelta(days=30)
MESSAGES_KEPT = timedelta(days=90)
MOST_AT_ONCE = 500
"""Patients of one clinic a night: what is left waits for the next."""


def forget_old(*, now: datetime) -> None:
    """Erase each clinic's old records, and tidy up."""
    for clinic_id in across.clinics():
        with clinic_scope(clinic_id):
            clinic = Clinic.objects.get(pk=clinic_id)
            for patient in list(old_records(clinic=clinic, now=now)):
                _erase(patient, now)
            tidy(clinic_id=clinic_id, now=now)


def _erase(patient: Patient, now: datetime) -> None:
    """One record that cannot be erased keeps no other."""
    try:
        with transaction.atomic():
            erasure.erase(patient=patient, actor=audit.SYSTEM, now=now)
    except Exception as error:
        if isinstance(error, OperationalError) and not connection.is_usable():
            raise
        logger.exception("the old record of patient %s was not erased", patient.pk)


def old_records(*, clinic: Clinic, now: datetime) -> Iterator[Patient]:
    """Find the patients whose last procedure closed `keep_years` ago, by the clinic's calendar."""
    zone = ZoneInfo(clinic.timezone)
    closed_at = Coalesce("procedures__closed_at", "procedures__ended_at", "procedures__created_at")
    patients = clinic.patients.exclude(procedures__state__in=devices.STANDING)
    found = patients.annotate(over_at=Coalesce(Max(closed_at), "created_at"))
    # A year has 365 days at least, so the table finds nobody too late, and the calendar decides.
    old_enough = found.filter(over_at__lte=now - timedelta(days=365 * clinic.keep_years - 1))
    today = now.astimezone(zone).date()
    for patient in old_enough.order_by("over_at")[:MOST_AT_ONCE]:
        if _years_later(patient.over_at.astimezone(zone).date(), clinic.keep_years) <= today:
            yield patient


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # February 29
        return date(day.year + years, 3, 1)


def tidy(*, clinic_id: UUID, now: datetime) -> None:
    """Delete what nobody can use any more, and no record needs."""
    Invitation.objects.filter(
        clinic_id=clinic_id, expires_at__lt=now - UNUSED_INVITATIONS_KEPT
    ).delete()
    # What was sent about an alert belongs to its story, and stays as long as that.
    over = Delivery.objects.filter(
        clinic_id=clinic_id, alert=None, created_at__lt=now - MESSAGES_KEPT
    )
    over.exclude(state=DeliveryState.PENDING).delete()
    gone = Q(revoked_at__lt=now - devices.LONGEST_COOKIE) | Q(
        created_at__lt=now - devices.LONGEST_COOKIE
    )
    sessions = DeviceSession.objects.filter(gone, clinic_id=clinic_id)
    sessions.exclude(pushsubscription__delivery__isnull=False).delete()
