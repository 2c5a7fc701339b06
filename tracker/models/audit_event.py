"""Who did what to whose record. Append-only; the database refuses changes."""

from __future__ import annotations

from django.db import models

from tracker.models.clinic import Clinic


class AuditEvent(models.Model):
    """Ids and field names only, never values."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60, help_text="user:7, patient:<id> or system")
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, help_text="alert:<id>, patient:<id>, ...")
    patient_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["patient_id", "-at"], name="audit_of_patient")]
