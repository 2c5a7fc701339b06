"""A patient asks to be called back."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from tracker.models.clinic import Clinic, User
from tracker.models.patient import Caregiver, Patient
from tracker.models.procedure import Procedure


class CallWindow(models.TextChoices):
    ANY = "any", "Any time"
    MORNING = "morning", "In the morning"
    AFTERNOON = "afternoon", "In the afternoon"


class CallbackState(models.TextChoices):
    REQUESTED = "REQUESTED", "Requested"
    TAKEN = "TAKEN", "Somebody will call"
    DONE = "DONE", "Done"
    WITHDRAWN = "WITHDRAWN", "Withdrawn by the patient"


class CallbackRequest(models.Model):
    """Stands in the queue until somebody says what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="callback_requests")
    procedure = models.ForeignKey(Procedure, models.PROTECT, null=True)
    client_id = models.UUIDField(help_text="Made by the phone, so that a retry is recognised")
    caregiver = models.ForeignKey(Caregiver, models.PROTECT, null=True)
    window = models.CharField(max_length=10, choices=CallWindow.choices, default=CallWindow.ANY)
    about = models.TextField(blank=True)
    state = models.CharField(
        max_length=10, choices=CallbackState.choices, default=CallbackState.REQUESTED
    )
    requested_at = models.DateTimeField()
    target_at = models.DateTimeField(help_text="By when somebody should have called")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="callbacks_taken")
    taken_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True, help_text="The last call that nobody answered")
    done_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="callback_request_once"),
            models.CheckConstraint(
                condition=Q(state__in=CallbackState.values), name="callback_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(window__in=CallWindow.values), name="callback_window_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "target_at"],
                condition=Q(state__in=["REQUESTED", "TAKEN"]),
                name="callback_open",
            )
        ]
