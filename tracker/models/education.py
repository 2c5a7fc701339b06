"""Which education cards a clinic approved."""

from __future__ import annotations

from django.db import models

from tracker.models.clinic import Clinic, User


class CardApproval(models.Model):
    """A changed card has another digest, and must be approved again."""

    clinic = models.ForeignKey(Clinic, models.PROTECT)
    card = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, help_text="SHA-256 of every word of it, and source")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "card", "digest"], name="card_approved_once")
        ]
