"""What a patient did about the advice that stands on their phone."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tracker.models.alert import Alert
from tracker.models.clinic import Clinic
from tracker.models.patient import Caregiver, Patient


class Did(models.TextChoices):
    CALLED = "called", "I called"
    CANNOT_REACH = "cannot_reach", "I cannot reach you"
    AT_EMERGENCY_ROOM = "at_emergency_room", "I am at the emergency room"


class AnswerToAdvice(models.Model):
    """Append-only; one row per alert that the advice was about."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="answers_to_advice")
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="answers")
    client_id = models.UUIDField(help_text="Made by the phone, so that a retry is recognised")
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, null=True)
    did = models.CharField(max_length=20, choices=Did.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "client_id"], name="answer_to_advice_once"),
            models.CheckConstraint(condition=Q(did__in=Did.values), name="answer_is_known"),
        ]
