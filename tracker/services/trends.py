"""How the pain has gone since the procedure, for many at once."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models.fields.json import KT

from tracker.models import CheckIn

LATEST = 14
"""Scores that are shown: a line of more says nothing at this size."""


def pain_trends(procedure_ids: Iterable[UUID]) -> dict[UUID, list[int]]:
    """The usual pain of each procedure's check-ins, the oldest first; corrected ones left out."""
    rows = CheckIn.objects.filter(procedure_id__in=set(procedure_ids), corrected_by__isnull=True)
    scores = rows.order_by("observed_at", "pk").values_list(
        "procedure_id", KT("answers__pain__usual")
    )
    trends: dict[UUID, list[int]] = {}
    for procedure_id, score in scores:
        if score is not None:
            trends.setdefault(procedure_id, []).append(int(score))
    return {procedure_id: known[-LATEST:] for procedure_id, known in trends.items()}
