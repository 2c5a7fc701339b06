"""Give an alert to a colleague, who is told; and open again what was closed too soon."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tracker.access import Staff
from tracker.models import Alert, Membership, Procedure, User
from tracker.models.alert import AlertState, AlertStep, AlertTier
from tracker.models.delivery import Channel
from tracker.services import deliveries, escalation, on_call, owing
from tracker.services.alert_guards import locked, refuse_resolved, refuse_unseen, write_down
from tracker.services.alert_steps import move, record_step


class NoSuchColleague(Exception):
    """Nobody of that name may work alerts here (any more)."""


class NotResolved(Exception):
    """Only what was resolved is opened again."""


class RaisedSince(Exception):
    """The sign was raised anew since: that alert is the one to work."""


class WordsNeeded(Exception):
    """Say why, or what: an empty note tells nobody anything."""


def colleagues(staff: Staff) -> list[Membership]:
    """Who else at the clinic may work an alert."""
    return [each for each in on_call.who_may_act(staff.clinic.pk) if each.user != staff.user]


@transaction.atomic
def hand_over(
    *,
    staff: Staff,
    alert_id: UUID,
    to: int,
    note: str,
    now: datetime,
    seen: datetime | None = None,
) -> Alert:
    """Make a colleague the owner; when it comes back is not put off by it."""
    colleague = next((each.user for each in colleagues(staff) if each.pk == to), None)
    if colleague is None:
        raise NoSuchColleague("This person cannot take it. Choose somebody else.")
    alert = locked(staff, alert_id)
    refuse_resolved(alert)
    refuse_unseen(alert, seen)
    if alert.state == AlertState.OPEN:
        policy = on_call.policy_of(alert)
        alert.acknowledged_at, alert.exhausted_at = now, None
        alert.due_at = policy.after(now, policy.returns) if policy.returns else None
    move(alert, AlertStep.HAND_OVER)
    alert.owner = colleague
    alert.save(update_fields=["state", "owner", "acknowledged_at", "exhausted_at", "due_at"])
    event = record_step(
        alert, AlertStep.HAND_OVER, now, staff=staff, note=note, because=f"To {colleague}."
    )
    _tell(alert, colleague, f"{owing.HANDED_OVER}{event.pk}", now)
    write_down(staff, alert, "alert.hand_over", now)
    return alert


def _tell(alert: Alert, colleague: User, key: str, now: datetime) -> None:
    deliveries.owe_to_person(alert=alert, user=colleague, channel=Channel.EMAIL, key=key, now=now)
    if alert.tier >= AlertTier.EMERGENCY and colleague.mobile and settings.SMS:
        by_text = f"{key}:sms"
        deliveries.owe_to_person(
            alert=alert, user=colleague, channel=Channel.SMS, key=by_text, now=now
        )


@transaction.atomic
def reopen(*, staff: Staff, alert_id: UUID, reason: str, now: datetime) -> Alert:
    """Open a resolved alert again: it waits anew, and whoever is on call is told."""
    if not reason.strip():
        raise WordsNeeded("Say why it is opened again.")
    # Before the alert, as a check-in does: no other alert of the sign can be opened meanwhile.
    procedures = Procedure.objects.select_for_update(of=["self"], no_key=True)
    procedures.filter(alerts=alert_id, clinic_id=staff.clinic.pk).first()
    alert = locked(staff, alert_id)
    _refuse_reopening(alert)
    before = f"It had been resolved: {alert.get_outcome_display()}."
    move(alert, AlertStep.REOPEN)
    alert.outcome, alert.note, alert.resolved_at = "", "", None
    alert.owner, alert.raised_at = None, now
    escalation.start(alert, now=now)
    fields = ["state", "outcome", "note", "resolved_at", "owner", "raised_at"]
    alert.save(update_fields=[*fields, *escalation.STARTED])
    record_step(alert, AlertStep.REOPEN, now, staff=staff, note=reason, because=before)
    escalation.note_exhausted(alert, now=now)
    if alert.tier >= AlertTier.CALL_TODAY:
        deliveries.owe_staff_level(alert=alert, now=now)
    write_down(staff, alert, "alert.reopen", now)
    return alert


def _refuse_reopening(alert: Alert) -> None:
    if alert.state != AlertState.RESOLVED:
        raise NotResolved("This alert is open already.")
    same = Alert.objects.filter(procedure_id=alert.procedure_id, sign=alert.sign)
    if same.exclude(state=AlertState.RESOLVED).exists():
        raise RaisedSince("This sign was raised anew since: work that alert.")


@transaction.atomic
def add_note(*, staff: Staff, alert_id: UUID, note: str, now: datetime) -> Alert:
    """Write something down about an alert, which stays as it is."""
    if not note.strip():
        raise WordsNeeded("Write the note first.")
    alert = locked(staff, alert_id)
    move(alert, AlertStep.NOTE)
    record_step(alert, AlertStep.NOTE, now, staff=staff, note=note)
    write_down(staff, alert, "alert.note", now)
    return alert
