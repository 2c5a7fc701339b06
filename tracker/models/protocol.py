"""The clinic's numbers, one row a version; a version is never edited.

The bounds of the numbers are checks of the database as well: they stand in the migrations, because
they are about what is inside the JSON. tests/project/test_bounds.py holds them to the catalogue's.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from tracker.clinical.protocol import Protocol
from tracker.models.clinic import Clinic, User


class ProtocolState(models.TextChoices):
    SUBMITTED = "SUBMITTED", "Submitted"
    UNDER_REVIEW = "UNDER_REVIEW", "Under review"
    APPROVED = "APPROVED", "Approved"


REVIEWED_STATES = [ProtocolState.UNDER_REVIEW, ProtocolState.APPROVED]


class ProtocolVersion(models.Model):
    """Nobody submits version 1: it is the defaults of the catalogue, until something better is
    approved."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="protocol_versions")
    number = models.PositiveIntegerField()
    numbers = models.JSONField(help_text="Only what differs from the defaults of the catalogue")
    reason = models.TextField(blank=True, help_text="Why the numbers should change")
    state = models.CharField(max_length=12, choices=ProtocolState.choices)
    created_at = models.DateTimeField(help_text="When it was submitted")
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, help_text="When the review began")
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
            models.CheckConstraint(
                condition=~Q(state__in=REVIEWED_STATES)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="protocol_reviewed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(submitted_by__isnull=True)
                | Q(approved_by__isnull=True)
                | ~Q(approved_by=F("submitted_by")),
                name="protocol_approved_by_another",
            ),
            # It may be in force without approval, so it can be nothing but the defaults.
            models.CheckConstraint(
                condition=~Q(number=1) | Q(numbers={}), name="protocol_first_is_the_defaults"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | Q(submitted_by__isnull=False),
                name="protocol_submitted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} ({self.get_state_display().lower()})"

    def protocol(self) -> Protocol:
        """The numbers of this version; a procedure may have numbers of its own on top."""
        return Protocol.from_numbers(self.numbers)


class ProtocolOverride(models.Model):
    """One patient's own numbers on top of the version. Append-only: the newest counts."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    procedure = models.ForeignKey(
        "tracker.Procedure", models.PROTECT, related_name="protocol_overrides"
    )
    numbers = models.JSONField(help_text="All that differs; {} takes the override back")
    reason = models.TextField()
    made_by = models.ForeignKey(User, models.PROTECT)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason__regex=r"^\s*$"), name="override_has_a_reason"
            )
        ]
        indexes = [models.Index(fields=["procedure", "-id"], name="override_newest")]

    def __str__(self) -> str:
        return f"own numbers of {self.procedure}"
