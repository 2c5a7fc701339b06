"""What waits for staff: by tier, then by how long it has been waiting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from tracker import access
from tracker.access import Staff
from tracker.clinical.findings import Tier
from tracker.models import Alert, Procedure
from tracker.models.alert import AlertState
from tracker.services.escalation import ESCALATE_AFTER

LARGEST_QUEUE = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert that is not resolved, with how long it has waited and how long it may."""

    alert: Alert
    day: int | None
    """Days since the procedure on the clinic's calendar; 0 is the day itself."""
    waited: timedelta
    target: timedelta | None
    """How soon somebody should take it; None where no hour is promised."""

    @property
    def overdue(self) -> bool:
        return (
            self.alert.state == AlertState.OPEN
            and self.target is not None
            and self.waited > self.target
        )


def clinic_alerts(staff: Staff) -> QuerySet[Alert]:
    """The clinic's alerts as they are worked: by tier, then the longest waiting."""
    rows = access.of_clinic(staff, Alert.objects.select_related("patient", "procedure", "owner"))
    return rows.order_by("-tier", "raised_at", "pk")


def triage_queue(*, staff: Staff, now: datetime) -> list[Waiting]:
    """Give the clinic's open and acknowledged alerts, the most urgent first."""
    waiting = clinic_alerts(staff).exclude(state=AlertState.RESOLVED)
    return [_waiting(alert, staff, now) for alert in waiting[:LARGEST_QUEUE]]


def _waiting(alert: Alert, staff: Staff, now: datetime) -> Waiting:
    return Waiting(
        alert=alert,
        day=day_of(alert.procedure, zone=ZoneInfo(staff.clinic.timezone), now=now),
        waited=now - alert.raised_at,
        target=ESCALATE_AFTER.get(Tier(alert.tier)),
    )


def day_of(procedure: Procedure, *, zone: ZoneInfo, now: datetime) -> int | None:
    """Count the calendar days since a procedure; None before it is done."""
    if procedure.ended_at is None:
        return None
    return (now.astimezone(zone).date() - procedure.ended_at.astimezone(zone).date()).days
