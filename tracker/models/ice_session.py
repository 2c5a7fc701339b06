"""Twenty minutes of ice, started on the phone."""

from __future__ import annotations

from django.db import models

from tracker.models.clinic import Clinic
from tracker.models.patient import Patient
from tracker.models.procedure import Procedure


class IceSession(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="ice_sessions")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="ice_sessions")
    client_id = models.UUIDField()
    started_at = models.DateTimeField()
    off_at = models.DateTimeField(help_text="When the ice comes off")
    again_at = models.DateTimeField(help_text="The earliest next start")
    stopped_at = models.DateTimeField(null=True, help_text="Set when stopped before `off_at`")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "client_id"], name="ice_session_once")
        ]
        indexes = [models.Index(fields=["procedure", "-started_at"], name="ice_session_latest")]
