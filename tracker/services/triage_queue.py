"""What waits for staff: by tier, then by how long it has been waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tracker import access
from tracker.access import Staff
from tracker.models import Alert, Procedure
from tracker.models.alert import AlertState
from tracker.services import on_call, reachability

LARGEST_QUEUE = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert that is not resolved, with how long it has waited and how long it may."""

    alert: Alert
    day: int | None
    """Days since the procedure on the clinic's calendar; 0 is the day itself."""
    waited: timedelta
    target_at: datetime | None
    """By when somebody should have taken it; None where no hour is promised."""
    out_of_reach: bool = False
    """Whether staff were told that no message reaches this patient."""

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
    related = ("patient", "procedure", "owner", "clinic")
    rows = access.of_clinic(staff, Alert.objects.select_related(*related))
    return rows.order_by("-tier", "raised_at", "pk")


def triage_queue(*, staff: Staff, now: datetime) -> list[Waiting]:
    """Give the clinic's open and acknowledged alerts, the most urgent first."""
    waiting = clinic_alerts(staff).exclude(state=AlertState.RESOLVED)
    shown = list(waiting[:LARGEST_QUEUE])
    unheard = reachability.out_of_reach({alert.patient_id for alert in shown})
    return [_waiting(alert, staff, now, unheard) for alert in shown]


@dataclass(frozen=True, slots=True)
class WaitingPatient:
    """One patient's alerts that are not resolved: one call, one row."""

    waiting: list[Waiting]
    """The most urgent first; of one tier what nobody has taken, then the longest waiting."""

    @property
    def lead(self) -> Waiting:
        return self.waiting[0]


def waiting_patients(*, staff: Staff, now: datetime) -> list[WaitingPatient]:
    """Give the queue by patient: by the highest tier, then by how soon somebody should have taken
    it, then by how long it has been waiting."""
    by_patient: dict[UUID, list[Waiting]] = {}
    for each in triage_queue(staff=staff, now=now):
        by_patient.setdefault(each.alert.patient_id, []).append(each)
    patients = [WaitingPatient(sorted(waiting, key=_urgency)) for waiting in by_patient.values()]
    return sorted(patients, key=lambda patient: _turn(patient.lead))


def _urgency(waiting: Waiting) -> tuple[int, bool, datetime]:
    alert = waiting.alert
    return -alert.tier, alert.state != AlertState.OPEN, alert.raised_at


def _turn(waiting: Waiting) -> tuple[int, datetime, datetime]:
    alert = waiting.alert
    return -alert.tier, waiting.target_at or alert.raised_at, alert.raised_at


def _waiting(alert: Alert, staff: Staff, now: datetime, unheard: set[UUID]) -> Waiting:
    return Waiting(
        alert=alert,
        day=day_of(alert.procedure, zone=ZoneInfo(staff.clinic.timezone), now=now),
        waited=now - alert.raised_at,
        target_at=on_call.target_at(alert),
        out_of_reach=alert.patient_id in unheard,
    )


def day_of(procedure: Procedure, *, zone: ZoneInfo, now: datetime) -> int | None:
    """Count the calendar days since a procedure; None before it is done."""
    if procedure.ended_at is None:
        return None
    return (now.astimezone(zone).date() - procedure.ended_at.astimezone(zone).date()).days
