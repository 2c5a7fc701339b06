"""What a patient agreed to, in which words, when; and when they took it back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tracker.models.clinic import Clinic, User
from tracker.models.patient import Patient


class ConsentKind(models.TextChoices):
    FOLLOW_UP = "FOLLOW_UP", "Follow-up by phone app"
    PUSH = "PUSH", "Messages on the phone"
    EMAIL = "EMAIL", "E-mail"
    SMS = "SMS", "Text messages"


class Consent(models.Model):
    """Never edited but for its end: agreeing again is a new row."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=12, choices=ConsentKind.choices)
    wording = models.TextField(help_text="What was read, in the language it was read in")
    language = models.CharField(max_length=2)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", help_text="Null: the patient's phone"
    )
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_through = models.CharField(
        max_length=12, blank=True, help_text="phone, staff, stop (a text that said STOP)"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_standing_per_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ConsentKind.values), name="consent_kind_is_known"
            ),
        ]
