"""The clinic's numbers, one row a version; a version is never edited."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tracker.clinical.protocol import Protocol
from tracker.models.clinic import Clinic, User


class ProtocolState(models.TextChoices):
    SUBMITTED = "SUBMITTED", "Submitted"
    UNDER_REVIEW = "UNDER_REVIEW", "Under review"
    APPROVED = "APPROVED", "Approved"


class ProtocolVersion(models.Model):
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="protocol_versions")
    number = models.PositiveIntegerField()
    numbers = models.JSONField(help_text="Only what differs from the defaults of the catalogue")
    state = models.CharField(max_length=12, choices=ProtocolState.choices)
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="protocol_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=ProtocolState.values), name="protocol_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state=ProtocolState.APPROVED)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="protocol_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} ({self.get_state_display().lower()})"

    def protocol(self) -> Protocol:
        return Protocol.from_numbers(self.numbers)
