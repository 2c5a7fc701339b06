"""What the product does for itself: periodic jobs, and the proof that nothing was lost."""

from __future__ import annotations

from django.db import models


class PeriodicJob(models.Model):
    """Something done again and again, due as a row so that no beat has to be alive."""

    name = models.CharField(primary_key=True, max_length=40)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="periodic_job_due")]


class Reconciliation(models.Model):
    """One comparison of what should have happened with what did: found, repaired, counted."""

    at = models.DateTimeField(help_text="Real time, for whoever is on call")
    found = models.JSONField(default=dict, help_text="How many of each kind; empty when clean")
    is_clean = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="reconciliation_latest")]
