"""What somebody submitted at one moment. Immutable: a correction is a new check-in."""

from __future__ import annotations

from django.db import models

from tracker.models.clinic import Clinic, User
from tracker.models.patient import Caregiver, Patient
from tracker.models.procedure import Procedure


class CheckIn(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="check_ins")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="check_ins")
    client_id = models.UUIDField(help_text="Made by the phone, so that a retry is recognised")
    answers = models.JSONField(help_text="As typed, in the units typed")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the answers, for replays")
    observed_at = models.DateTimeField(help_text="The patient's clock: what rules count from")
    recorded_at = models.DateTimeField(help_text="The server's clock: what deadlines count from")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, help_text="Null: by phone")
    caregiver = models.ForeignKey(
        Caregiver, models.PROTECT, null=True, help_text="Who answered, if not the patient"
    )
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="check_in_once")
        ]
        indexes = [
            models.Index(fields=["procedure", "observed_at"], name="check_in_course"),
            models.Index(fields=["patient", "-observed_at", "-id"], name="check_in_history"),
        ]
