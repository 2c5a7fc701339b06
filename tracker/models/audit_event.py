"""Who did what to whose record. Append-only; the database refuses changes."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from tracker.models.clinic import Clinic, User
from tracker.models.patient import Patient

ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ACTOR = rf"^(user:[0-9]+|(patient|caregiver):{ID}|system|unknown)$"
ACTION = r"^[a-z_]+(\.[a-z_]+)+$"
SUBJECT = r"^[a-z_-]+:[a-z0-9_-]+$"


class AuditOutcome(models.TextChoices):
    OK = "ok", "Done"
    DENIED = "denied", "Refused"


class AuditEvent(models.Model):
    """Ids and field names only, never values: the shapes below let no name through."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, db_index=False)
    at = models.DateTimeField()
    actor = models.CharField(
        max_length=60, help_text="user:7, patient:<id>, caregiver:<id>, system or unknown"
    )
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, help_text="alert:<id>, patient:<id>, ...")
    patient_id = models.UUIDField(null=True)
    outcome = models.CharField(
        max_length=8, choices=AuditOutcome.choices, default=AuditOutcome.OK, db_default="ok"
    )
    fields = ArrayField(
        models.CharField(max_length=60),
        default=list,
        db_default=[],
        help_text="Names of what was changed",
    )
    shown = ArrayField(
        models.UUIDField(), default=list, db_default=[], help_text="The patients of a list"
    )
    position = models.BigIntegerField(
        null=True, help_text="Place in the clinic's chain; the sealer gives it, once"
    )
    hash = models.CharField(
        max_length=64, default="", db_default="", help_text="Of this event and all before it"
    )

    class Meta:
        indexes = [
            models.Index(fields=["patient_id", "-at"], name="audit_of_patient"),
            models.Index(fields=["clinic", "-at"], name="audit_of_clinic"),
            models.Index(
                fields=["clinic", "id"],
                condition=models.Q(position__isnull=True),
                name="audit_not_sealed",
            ),
            GinIndex(fields=["shown"], name="audit_shown"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "position"], name="audit_one_a_place"),
            models.CheckConstraint(
                condition=models.Q(position__isnull=True, hash="")
                | models.Q(position__gte=1, hash__regex="^[0-9a-f]{64}$"),
                name="audit_sealed_has_hash",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    actor__regex=ACTOR, action__regex=ACTION, subject__regex=SUBJECT
                ),
                name="audit_names_no_person",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=AuditOutcome.values), name="audit_outcome_is_known"
            ),
        ]


class BreakGlass(models.Model):
    """Somebody without patient data opened one patient for an hour, and said why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.CASCADE)
    user = models.ForeignKey(User, models.PROTECT)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="break_glass_says_why")
        ]
        indexes = [models.Index(fields=["user", "patient", "-closes_at"], name="break_glass_open")]
