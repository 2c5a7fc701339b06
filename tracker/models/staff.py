"""How staff come in: one-time links, and what bounds guessing."""

from __future__ import annotations

import uuid

from django.db import models

from tracker.models.clinic import Clinic, Role, User


class Purpose(models.TextChoices):
    JOIN = "JOIN", "Join the clinic"
    RECOVER = "RECOVER", "Set up signing in again"


class StaffLink(models.Model):
    """A link that lets one person in once. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, models.PROTECT)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=Role.choices)
    reason = models.CharField(max_length=200, blank=True, help_text="Why signing in is set up anew")
    token_digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="staff_link_role_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(purpose__in=Purpose.values), name="staff_link_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(purpose=Purpose.JOIN) | ~models.Q(reason=""),
                name="staff_link_recovery_has_a_reason",
            ),
        ]


class TryCount(models.Model):
    """How often something was tried; one row per budget, counted in one statement."""

    key = models.CharField(primary_key=True, max_length=64, help_text="Digest: names nobody")
    tries = models.PositiveIntegerField()
    starts_over_at = models.DateTimeField(db_index=True)


class SharedValue(models.Model):
    """What all processes must agree on for a while: allauth's limits and used codes."""

    key = models.CharField(primary_key=True, max_length=255)
    value = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)
