"""What staff write to a patient, and what they write about one."""

from __future__ import annotations

from django.db import models

from tracker.models.alert import Alert
from tracker.models.clinic import Clinic, User
from tracker.models.patient import Patient


class Message(models.Model):
    """Read inside the app only: the push that announces it says nothing of it."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="messages")
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="messages")
    template = models.CharField(max_length=40, help_text="Which of the prepared texts")
    text = models.TextField(help_text="As it was sent, in the patient's language")
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["patient", "-sent_at"], name="message_of_patient")]


class Note(models.Model):
    """Append-only: for staff, never for the phone."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="notes")
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["patient", "-at"], name="note_of_patient")]
