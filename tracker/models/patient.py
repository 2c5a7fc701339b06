"""Patients and how their phones get in: invitations and device sessions."""

from __future__ import annotations

import uuid
from datetime import time

from django.db import models
from django.db.models import Q

from tracker.models.clinic import Clinic, User


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class Patient(models.Model):
    """A person in the care of one clinic. Patients are their own principal, never a `User`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="patients")
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    timezone = models.CharField(max_length=64, default="America/New_York")
    temperature_unit = models.CharField(max_length=8, default="[degF]")
    glucose_unit = models.CharField(max_length=8, default="mg/dL")
    diabetes = models.BooleanField(default=False)
    insulin = models.BooleanField(default=False)
    anticoagulant = models.BooleanField(default=False)
    immunosuppressed = models.BooleanField(default=False)
    ice_contraindicated = models.BooleanField(default=False)
    texts_agreed_at = models.DateTimeField(null=True, help_text="Null: no text messages")
    check_in_hour = models.TimeField(default=time(9), help_text="Daily check-ins, local time")
    quiet_from = models.TimeField(default=time(21))
    quiet_until = models.TimeField(default=time(8))
    address = models.CharField(max_length=200, blank=True, help_text="For an ambulance")
    emergency_contact = models.CharField(max_length=120, blank=True, help_text="A name")
    emergency_contact_phone = models.CharField(max_length=20, blank=True)
    allergies = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(temperature_unit__in=["Cel", "[degF]"]),
                name="patient_temperature_unit_is_known",
            ),
            models.CheckConstraint(
                condition=Q(glucose_unit__in=["mg/dL", "mmol/L"]),
                name="patient_glucose_unit_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Caregiver(models.Model):
    """Somebody whom a patient lets in, with an access of their own that the patient can end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="caregivers")
    name = models.CharField(max_length=120)
    may_log = models.BooleanField(default=False, help_text="May send check-ins, not only read")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, help_text="Null: the patient")
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Invitation(models.Model):
    """Two secrets that let a phone in once: a long link token, or a code typed by hand.

    Both are kept as SHA-256 digests. The typed code is a locator, which finds the row, and a
    secret part, whose tries are counted on the row.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="invitations")
    caregiver = models.ForeignKey(
        Caregiver, models.CASCADE, null=True, related_name="invitations", help_text="Null: theirs"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    locator = models.CharField(max_length=8, unique=True)
    code_digest = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(User, models.PROTECT, null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class DeviceSession(models.Model):
    """A phone that is signed in. Its cookie holds a 256-bit token; the row holds its digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.CASCADE, related_name="device_sessions")
    caregiver = models.ForeignKey(
        Caregiver, models.CASCADE, null=True, related_name="device_sessions"
    )
    token_digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, help_text="To the hour")
    revoked_at = models.DateTimeField(null=True)
