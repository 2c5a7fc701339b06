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
    ICE_OFFER = "ICE_OFFER", "Ice, if it helps"
    CHECK_IN = "CHECK_IN", "Time for a check-in"
    GLUCOSE = "GLUCOSE", "Time to measure"
    RECHECK = "RECHECK", "Time to look again"
    FOLLOW_UP = "FOLLOW_UP", "Time for a follow-up"


class ReminderState(models.TextChoices):
    SCHEDULED = "SCHEDULED", "Scheduled"
    SENT = "SENT", "Handed to a channel"
    DONE = "DONE", "Answered before it was due"
    CANCELLED = "CANCELLED", "Cancelled"
    EXPIRED = "EXPIRED", "Too late to be of use"


class Reminder(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="reminders")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    ice_session = models.ForeignKey(IceSession, models.CASCADE, null=True, related_name="reminders")
    asked_at = models.DateTimeField(help_text="The moment that it is about")
    repeat = models.PositiveSmallIntegerField(
        default=0, help_text="0 at its moment; 1 and 2 when that was missed"
    )
    due_at = models.DateTimeField(help_text="When to send it; later after a failure")
    expires_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.SCHEDULED
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "kind", "asked_at", "repeat"], name="reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReminderState.values), name="reminder_state_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state=ReminderState.SCHEDULED), name="reminder_due"
            )
        ]
