"""Alerts as staff work them: taken, tried, closed with an outcome."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from tracker.access import Staff
from tracker.models import Alert, Procedure
from tracker.models.alert import AlertState, AlertStep, Outcome
from tracker.services import on_call
from tracker.services.alert_guards import (
    AlreadyResolved,
    GotWorse,
    locked,
    refuse_resolved,
    refuse_unseen,
    write_down,
)
from tracker.services.alert_steps import move, record_step

__all__ = ["AlreadyOwned", "AlreadyResolved", "GotWorse", "NextTryRefused", "OutcomeNeedsReason"]
STAFF_OUTCOMES = [each for each in Outcome if each != Outcome.CLEAR_RECHECK]


class AlreadyOwned(Exception):
    """Somebody else acknowledged it first; `owner` names them."""

    def __init__(self, alert: Alert) -> None:
        super().__init__(f"{alert.owner} has already taken this alert.")
        self.owner = alert.owner


class OutcomeNeedsReason(Exception):
    """No action needed: say why, so that the next person understands."""


class NextTryRefused(Exception):
    """The next try is planned for a time that has passed, or for later than the alert may wait."""


@transaction.atomic
def acknowledge(
    *, staff: Staff, alert_id: UUID, now: datetime, seen: datetime | None = None
) -> Alert:
    """Take an alert: from now on it is this person's, and nobody else is told.

    Unless somebody closes it, it comes back when its policy says so. `seen` is the `raised_at`
    that was on the screen: what got worse since is not taken unseen.
    """
    alert = locked(staff, alert_id)
    if alert.state == AlertState.ACKNOWLEDGED:
        raise AlreadyOwned(alert)
    refuse_resolved(alert)
    refuse_unseen(alert, seen)
    _take(alert, staff, now)
    return alert


def _take(alert: Alert, staff: Staff, now: datetime) -> None:
    policy = on_call.policy_of(alert)
    move(alert, AlertStep.ACKNOWLEDGE)
    alert.owner = staff.user
    alert.acknowledged_at = now
    alert.exhausted_at = None
    alert.due_at = policy.after(now, policy.returns) if policy.returns else None
    alert.save(update_fields=["state", "owner", "acknowledged_at", "exhausted_at", "due_at"])
    record_step(alert, AlertStep.ACKNOWLEDGE, now, staff=staff)
    write_down(staff, alert, "alert.acknowledge", now)


@transaction.atomic
def attempt(
    *,
    staff: Staff,
    alert_id: UUID,
    note: str,
    again_at: datetime | None,
    now: datetime,
    seen: datetime | None = None,
) -> Alert:
    """Note that the patient was not reached; the alert stays in the queue.

    Whoever plans the next try takes the alert, if nobody has, and it comes back at that time.
    """
    alert = locked(staff, alert_id)
    refuse_resolved(alert)
    if again_at is not None:
        refuse_unseen(alert, seen)
        _plan_next_try(alert, staff, again_at, now)
    record_step(alert, AlertStep.ATTEMPT, now, staff=staff, note=note, again_at=again_at)
    write_down(staff, alert, "alert.attempt", now)
    return alert


def _plan_next_try(alert: Alert, staff: Staff, again_at: datetime, now: datetime) -> None:
    if again_at <= now:
        raise NextTryRefused("This time has passed: plan the next try ahead.")
    latest = on_call.latest_try_at(alert, now)
    if again_at > latest:
        words = latest.astimezone(ZoneInfo(staff.clinic.timezone)).strftime("%a, %b %-d, %-I:%M %p")
        raise NextTryRefused(f"Too late for “{alert.get_tier_display().lower()}”: at most {words}.")
    if alert.state == AlertState.OPEN:
        _take(alert, staff, now)
    alert.due_at = again_at
    alert.save(update_fields=["due_at"])


@transaction.atomic
def resolve(
    *,
    staff: Staff,
    alert_id: UUID,
    outcome: Outcome,
    note: str,
    now: datetime,
    seen: datetime | None = None,
) -> Alert:
    """Close an alert with an outcome; `seen` as in `acknowledge`."""
    # Before the alert, as a check-in does; what time decides counts anew from here.
    procedures = Procedure.objects.select_for_update(of=["self"], no_key=True)
    procedure = procedures.filter(alerts=alert_id, clinic_id=staff.clinic.pk).first()
    alert = locked(staff, alert_id)
    refuse_resolved(alert)
    refuse_unseen(alert, seen)
    if outcome == Outcome.NO_ACTION and not note.strip():
        raise OutcomeNeedsReason("Say in the note why no action is needed.")
    move(alert, AlertStep.RESOLVE)
    alert.outcome = outcome
    alert.note = note
    alert.resolved_at = now
    alert.due_at = None
    alert.owner = alert.owner or staff.user
    alert.save(update_fields=["state", "outcome", "note", "resolved_at", "due_at", "owner"])
    record_step(alert, AlertStep.RESOLVE, now, staff=staff, note=note)
    if procedure is not None:
        procedure.next_assessment_at = now
        procedure.save(update_fields=["next_assessment_at"])
    write_down(staff, alert, "alert.resolve", now)
    return alert
