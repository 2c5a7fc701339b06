"""What every act on an alert begins and ends with: the lock, what is refused, the audit."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from tracker.access import Staff
from tracker.models import Alert
from tracker.models.alert import AlertState
from tracker.services import audit


class AlreadyResolved(Exception):
    """The alert is closed; the message says by which outcome."""


class GotWorse(Exception):
    """The alert was raised again after this person looked: look again before closing it."""


def locked(staff: Staff, alert_id: UUID) -> Alert:
    """Lock an alert of this person's clinic; `Alert.DoesNotExist` for any other."""
    # The owner is not joined: who waited for the lock would get the alert of now with the owner
    # of before.
    return Alert.objects.select_for_update().get(pk=alert_id, clinic_id=staff.clinic.pk)


def refuse_unseen(alert: Alert, seen: datetime | None) -> None:
    """Refuse what was raised again since this person looked."""
    if seen is not None and alert.raised_at > seen:
        tier = alert.get_tier_display().lower()
        raise GotWorse(f"It got worse since you looked: it is now “{tier}”. Please look again.")


def refuse_resolved(alert: Alert) -> None:
    if alert.state == AlertState.RESOLVED:
        outcome = alert.get_outcome_display()
        raise AlreadyResolved(f"This alert was already resolved: {outcome}.")


def write_down(staff: Staff, alert: Alert, action: str, now: datetime) -> None:
    """Write the act into the audit."""
    audit.record(
        clinic_id=alert.clinic_id,
        actor=staff.audit_name,
        action=action,
        subject=f"alert:{alert.pk}",
        patient_id=alert.patient_id,
        now=now,
    )
