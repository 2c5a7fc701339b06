"""The history of an alert: one row a step, never changed."""

from __future__ import annotations

from datetime import datetime

from tracker.access import Staff
from tracker.models import Alert, AlertEvent, CheckIn
from tracker.models.alert import AlertStep


def record_step(
    alert: Alert,
    step: AlertStep,
    now: datetime,
    *,
    staff: Staff | None = None,
    check_in: CheckIn | None = None,
    note: str = "",
    again_at: datetime | None = None,
) -> AlertEvent:
    """Append one event to an alert's history."""
    return AlertEvent.objects.create(
        clinic_id=alert.clinic_id,
        alert=alert,
        step=step,
        rule=alert.rule,
        tier=alert.tier,
        check_in=check_in,
        actor=staff.user if staff else None,
        note=note,
        again_at=again_at,
        at=now,
    )
