"""What waits for staff: by tier, then by how long it has been waiting."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from tracker import access
from tracker.access import Staff
from tracker.models import Alert, Procedure
from tracker.models.alert import AlertState
from tracker.services import on_call

LARGEST_QUEUE = 500
"""Alerts of one answer."""
MOST_WAITING = 5000
"""Alerts that are put in order: only a broken rule raises more."""
NO_POLICY = "{}"
IN_ORDER = ("clinic_id", "patient_id", "sign", "tier", "state", "raised_at", "owner_id")
"""What an alert's place in the queue depends on."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert that is not resolved, with how long it has waited and how long it may."""

    alert: Alert
    day: int | None
    """Days since the procedure on the clinic's calendar; 0 is the day itself."""
    waited: timedelta
    target_at: datetime | None
    """By when somebody should have taken it; None where no hour is promised."""

    @property
    def target(self) -> timedelta | None:
        return self.target_at - self.alert.raised_at if self.target_at else None

    @property
    def overdue(self) -> bool:
        is_late = self.target is not None and self.waited > self.target
        return self.alert.state == AlertState.OPEN and is_late

    @property
    def came_back(self) -> bool:
        """Whether somebody took it since it was raised, and did not close it."""
        return self.alert.state == AlertState.OPEN and was_seen(self.alert)


def was_seen(alert: Alert) -> bool:
    """Whether staff have looked at an alert since it was last raised."""
    return alert.acknowledged_at is not None and alert.acknowledged_at >= alert.raised_at


def unseen_past_target(alert: Alert, *, now: datetime) -> bool:
    """Whether its patient must be told that nobody has looked yet."""
    if alert.state != AlertState.OPEN or was_seen(alert):
        return False
    target_at = on_call.target_at(alert)
    return alert.exhausted_at is not None or (target_at is not None and now > target_at)


def clinic_alerts(staff: Staff) -> QuerySet[Alert]:
    """The clinic's alerts as they are worked: by tier, then the longest waiting."""
    related = ("patient", "procedure", "owner")
    rows = access.of_clinic(staff, Alert.objects.select_related(*related))
    return rows.order_by("-tier", "raised_at", "pk")


@dataclass(frozen=True, slots=True)
class WaitingPatient:
    """One patient's alerts that are not resolved: one call, one row."""

    waiting: list[Waiting]
    """The most urgent first; of one tier what nobody has taken, then the longest waiting."""

    @property
    def lead(self) -> Waiting:
        return self.waiting[0]

    @property
    def patient_id(self) -> UUID:
        return self.lead.alert.patient_id


def waiting_patients(*, staff: Staff, now: datetime) -> list[WaitingPatient]:
    """Give the queue by patient: by the highest tier, then by how soon somebody should have taken
    it, then by how long it has been waiting.

    Of each alert only what its place depends on is read; `in_full` reads the rest.
    """
    rows = access.of_clinic(staff, Alert.objects.only(*IN_ORDER))
    rows = rows.annotate(policy_text=Cast("policy", TextField()))
    ordered = rows.exclude(state=AlertState.RESOLVED).order_by("-tier", "raised_at", "pk")
    by_patient: dict[UUID, list[Waiting]] = defaultdict(list)
    for alert in ordered[:MOST_WAITING]:
        by_patient[alert.patient_id].append(_in_order(alert, _target_of(alert, staff), now))
    patients = [WaitingPatient(sorted(waiting, key=_urgency)) for waiting in by_patient.values()]
    return sorted(patients, key=lambda patient: _turn(patient.lead))


def in_full(
    patients: Iterable[WaitingPatient], *, staff: Staff, now: datetime
) -> list[WaitingPatient]:
    """Read what a page says of these patients: who they are, what was done, who owns what."""
    each_one = list(patients)
    wanted = [each.alert.pk for patient in each_one for each in patient.waiting]
    found = clinic_alerts(staff).in_bulk(wanted) if wanted else {}
    return [
        WaitingPatient([_waiting(found[each.alert.pk], staff, now) for each in patient.waiting])
        for patient in each_one
        # Whoever was erased a moment ago has left the queue.
        if all(each.alert.pk in found for each in patient.waiting)
    ]


def _urgency(waiting: Waiting) -> tuple[int, bool, datetime]:
    alert = waiting.alert
    return -alert.tier, alert.state != AlertState.OPEN, alert.raised_at


def _turn(waiting: Waiting) -> tuple[int, datetime, datetime]:
    alert = waiting.alert
    return -alert.tier, waiting.target_at or alert.raised_at, alert.raised_at


def _target_of(alert: Any, staff: Staff) -> datetime | None:
    if alert.policy_text != NO_POLICY:
        return _target_under(alert.policy_text, alert.raised_at)
    alert.clinic, alert.policy = staff.clinic, {}
    return on_call.target_at(alert)


@lru_cache(maxsize=8 * MOST_WAITING)
def _target_under(policy: str, raised_at: datetime) -> datetime | None:
    """The target never moves, and an open queue asks for it every few seconds."""
    return on_call.target_under(on_call.policy_from(json.loads(policy)), raised_at)


def _in_order(alert: Alert, target_at: datetime | None, now: datetime) -> Waiting:
    return Waiting(alert, day=None, waited=now - alert.raised_at, target_at=target_at)


def _waiting(alert: Alert, staff: Staff, now: datetime) -> Waiting:
    alert.clinic = staff.clinic
    day = day_of(alert.procedure, zone=ZoneInfo(staff.clinic.timezone), now=now)
    return replace(_in_order(alert, on_call.target_at(alert), now), day=day)


def day_of(procedure: Procedure, *, zone: ZoneInfo, now: datetime) -> int | None:
    """Count the calendar days since a procedure; None before it is done."""
    if procedure.ended_at is None:
        return None
    return (now.astimezone(zone).date() - procedure.ended_at.astimezone(zone).date()).days
