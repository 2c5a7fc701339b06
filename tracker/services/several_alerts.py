"""Several alerts in one act: all or nothing, and only where one act can answer for all.

What a patient's row shows is one call. Alerts of several patients are taken together unless one of
them is an emergency, and closed together only when all are watches: nobody was promised a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tracker import access
from tracker.access import Staff
from tracker.models import Alert, Procedure
from tracker.models.alert import AlertState, AlertTier, Outcome
from tracker.services import alerts

Seen = Mapping[UUID, datetime | None]
"""The alerts that were on the screen, each with the `raised_at` that stood there."""


class OneByOne(Exception):
    """These are answered for one at a time; the message says which."""


@transaction.atomic
def acknowledge_several(*, staff: Staff, seen: Seen, now: datetime) -> list[Alert]:
    """Take all of them that nobody has; when all are somebody's, say whose."""
    held = _held(staff, seen)
    if _are_of_several(held) and any(each.tier >= AlertTier.EMERGENCY for each in held):
        raise OneByOne("An emergency is taken by itself. Nothing was taken.")
    waiting = [each for each in held if each.state == AlertState.OPEN] or held[:1]
    return [
        alerts.acknowledge(staff=staff, alert_id=each.pk, now=now, seen=seen[each.pk])
        for each in waiting
    ]


@transaction.atomic
def attempt_several(
    *, staff: Staff, seen: Seen, note: str, again_at: datetime | None, now: datetime
) -> list[Alert]:
    """Note one vain call for all of one patient's alerts; they stay in the queue."""
    held = _held(staff, seen)
    if _are_of_several(held):
        raise OneByOne("A call is to one patient. Nothing was noted.")
    return [
        alerts.attempt(
            staff=staff,
            alert_id=each.pk,
            note=note,
            again_at=again_at,
            now=now,
            seen=seen[each.pk],
        )
        for each in _unresolved(held)
    ]


@transaction.atomic
def resolve_several(
    *, staff: Staff, seen: Seen, outcome: Outcome, note: str, now: datetime
) -> list[Alert]:
    """Close all of them with one outcome."""
    held = _held(staff, seen)
    if _are_of_several(held) and any(each.tier > AlertTier.WATCH for each in held):
        raise OneByOne("Only watches are closed together. Nothing was closed.")
    return [
        alerts.resolve(
            staff=staff,
            alert_id=each.pk,
            outcome=outcome,
            note=note,
            now=now,
            seen=seen[each.pk],
        )
        for each in _unresolved(held)
    ]


def _held(staff: Staff, seen: Seen) -> list[Alert]:
    """The alerts, the most urgent first; `Alert.DoesNotExist` if one is not of this clinic."""
    rows = access.of_clinic(staff, Alert.objects.filter(pk__in=seen))
    # In one order and before any alert, as a check-in does: nobody waits for somebody who waits.
    of_them = Procedure.objects.filter(pk__in=rows.values("procedure_id")).order_by("pk")
    list(of_them.select_for_update(no_key=True))
    held = list(rows.order_by("-tier", "raised_at", "pk"))
    if not held or len(held) < len(seen):
        raise Alert.DoesNotExist
    return held


def _are_of_several(held: list[Alert]) -> bool:
    return len({each.patient_id for each in held}) > 1


def _unresolved(held: list[Alert]) -> list[Alert]:
    # One that is closed is left to say so, when nothing else is left.
    return [each for each in held if each.state != AlertState.RESOLVED] or held[:1]
