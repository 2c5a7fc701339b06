"""The sweeper's heartbeat, one row for all workers."""

from __future__ import annotations

from django.db import models


class SweeperBeat(models.Model):
    """Real time (not the product's clock) of the last finished sweep, for whoever is on call."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    swept_at = models.DateTimeField()
