"""What a patient is to be reminded of, and when: rows, so that any restart finds them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tracker.models.clinic import Clinic
from tracker.models.ice_session import IceSession
from tracker.models.patient import Patient
from tracker.models.procedure import Procedure


class ReminderKind(models.TextChoices):
    ICE_OFF = "ICE_OFF", "Take the ice off"
    ICE_AGAIN = "ICE_AGAIN", "You may ice again"
    CHECK_IN = "CHECK_IN", "Time for a check-in"


class ReminderState(models.TextChoices):
    SCHEDULED = "SCHEDULED", "Scheduled"
    SENT = "SENT", "Handed to a channel"
    CANCELLED = "CANCELLED", "Cancelled"
    EXPIRED = "EXPIRED", "Too late to be of use"


class Reminder(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="reminders")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    ice_session = models.ForeignKey(IceSession, models.CASCADE, null=True, related_name="reminders")
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.SCHEDULED
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "kind", "due_at"], name="reminder_once"),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="reminder_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state=ReminderState.SCHEDULED), name="reminder_due"
            )
        ]
