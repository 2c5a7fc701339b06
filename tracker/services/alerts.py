"""Alerts: raised by findings, acknowledged and resolved by staff, escalated by time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tracker.access import Staff
from tracker.clinical import triage as clinical
from tracker.clinical.assessment import cleared_at, ground_of
from tracker.clinical.course import Course
from tracker.clinical.findings import Measure, Present, Tier
from tracker.clinical.protocol import Protocol
from tracker.clinical.signs import TIMED_SIGNS
from tracker.models import Alert, AlertEvent, CheckIn, Procedure
from tracker.models.alert import AlertState, AlertStep, Outcome
from tracker.services import audit, deliveries

ESCALATE_AFTER = {
    Tier.EMERGENCY: timedelta(minutes=15),
    Tier.CALL_TODAY: timedelta(minutes=60),
}
"""How long staff have before the next person is told (CLINICAL section 4, policy 6)."""

TIMED_RULES = {sign.rule for sign in TIMED_SIGNS}
ASK_ALL_AGAIN = timedelta(minutes=60)

STAFF_OUTCOMES = [each for each in Outcome if each != Outcome.CLEAR_RECHECK]


class AlreadyOwned(Exception):
    """Somebody else acknowledged it first; `owner` names them."""

    def __init__(self, alert: Alert) -> None:
        super().__init__(f"{alert.owner} has already taken this alert.")
        self.owner = alert.owner


class AlreadyResolved(Exception):
    """The alert is closed; the message says by which outcome."""


class GotWorse(Exception):
    """The alert was raised again after this person looked: look again before closing it."""


class OutcomeNeedsReason(Exception):
    """No action needed: say why, so that the next person understands."""


# --- raised by findings -----------------------------------------------------------------------


def raise_alerts(
    *,
    procedure: Procedure,
    findings: Iterable[Present],
    check_in: CheckIn | None,
    protocol: Protocol,
    now: datetime,
) -> list[AlertEvent]:
    """Open, escalate, re-raise or attach, as triage decides for each finding."""
    return [_raise(procedure, finding, check_in, protocol, now) for finding in findings]


def _raise(
    procedure: Procedure,
    finding: Present,
    check_in: CheckIn | None,
    protocol: Protocol,
    now: datetime,
) -> AlertEvent:
    alert = _standing_alert(procedure, finding.sign)
    decision = clinical.triage(
        _standing(alert) if alert else None, finding, at=now, protocol=protocol
    )
    if alert is None or decision.opens_new:
        alert = _open(procedure, finding, check_in, now)
    elif decision.notify:
        _notify_again(alert, finding, check_in, now)
    else:
        _attach(alert, finding, decision.measure)
    return AlertEvent.objects.create(
        clinic_id=alert.clinic_id,
        alert=alert,
        step=decision.event,
        rule=finding.rule,
        tier=int(finding.tier),
        because=finding.because("en"),
        check_in=check_in,
        at=now,
    )


def _standing_alert(procedure: Procedure, sign: str) -> Alert | None:
    """The open alert of this sign, else the last resolved one (its quiet time may hold)."""
    rows = Alert.objects.select_for_update().filter(procedure=procedure, sign=sign)
    still_open = rows.exclude(state=AlertState.RESOLVED).first()
    return still_open or rows.order_by("-resolved_at").first()


def _standing(alert: Alert) -> clinical.Standing:
    state: clinical.State = "open"
    if alert.state == AlertState.RESOLVED:
        state = "closed" if alert.outcome == Outcome.CLEAR_RECHECK else "resolved"
    return clinical.Standing(
        tier=Tier(alert.tier),
        state=state,
        resolved_at=alert.resolved_at,
        measure=Measure.from_json(alert.notified),
        fired_at=alert.observed_at,
    )


def _open(
    procedure: Procedure,
    finding: Present,
    check_in: CheckIn | None,
    now: datetime,
) -> Alert:
    return Alert.objects.create(
        clinic_id=procedure.clinic_id,
        patient_id=procedure.patient_id,
        procedure=procedure,
        sign=finding.sign,
        rule=finding.rule,
        tier=int(finding.tier),
        because=finding.because("en"),
        check_in=check_in,
        notified=_stored(finding.measure),
        observed_at=finding.observed_at or now,
        opened_at=now,
        raised_at=now,
        due_at=_first_step(finding.tier, now),
    )


def _notify_again(alert: Alert, finding: Present, check_in: CheckIn | None, now: datetime) -> None:
    """A higher tier or a materially worse value: whoever had taken it must look again."""
    alert.rule = finding.rule
    alert.tier = int(finding.tier)
    alert.because = finding.because("en")
    alert.check_in = check_in
    alert.notified = _stored(finding.measure)
    alert.observed_at = max(finding.observed_at or now, alert.observed_at)
    alert.raised_at = now
    alert.level = 0
    alert.state = AlertState.OPEN
    alert.due_at = _first_step(finding.tier, now)
    alert.save(
        update_fields=[
            "rule", "tier", "because", "check_in", "notified", "observed_at", "raised_at",
            "level", "state", "due_at",
        ]
    )  # fmt: skip


def _attach(alert: Alert, finding: Present, measure: Measure | None) -> None:
    alert.notified = _stored(measure)
    alert.observed_at = max(finding.observed_at or alert.observed_at, alert.observed_at)
    alert.save(update_fields=["notified", "observed_at"])


def _stored(measure: Measure | None) -> dict[str, str] | None:
    return measure.as_json() if measure else None


def _first_step(tier: Tier, now: datetime) -> datetime | None:
    wait = ESCALATE_AFTER.get(tier)
    return now + wait if wait else None


def close_cleared_watches(
    *,
    procedure: Procedure,
    course: Course,
    protocol: Protocol,
    cause: CheckIn | None,
    now: datetime,
) -> list[AlertEvent]:
    """Close watch items that one later recheck cleared; everything else waits for staff."""
    watches = Alert.objects.select_for_update().filter(
        procedure=procedure, tier=int(Tier.WATCH), state=AlertState.OPEN
    )
    return [
        _clear(alert, cause, now)
        for alert in watches
        if clinical.closes(
            _standing(alert), cleared_at(course, alert.sign, alert.observed_at, protocol)
        )
    ]


def mark_corrected(
    *,
    procedure: Procedure,
    course: Course,
    protocol: Protocol,
    correction: CheckIn,
    now: datetime,
) -> list[AlertEvent]:
    """Mark open alerts that lost their ground to a correction; they still wait for staff."""
    still_open = Alert.objects.select_for_update().filter(procedure=procedure)
    events = []
    for alert in still_open.exclude(state=AlertState.RESOLVED):
        ground = ground_of(course, alert.sign, protocol)
        if alert.check_in_id is not None and (ground is None or ground < alert.tier):
            events.append(_event(alert, AlertStep.CORRECTED, now, check_in=correction))
    return events


def mark_groundless(
    *, procedure: Procedure, course: Course, protocol: Protocol, now: datetime
) -> list[AlertEvent]:
    """Mark open alerts that do not hold any more once everything was judged again.

    They still wait for staff. What time raised has no reading that could lose its ground.
    """
    still_open = Alert.objects.select_for_update().filter(procedure=procedure)
    events = []
    for alert in still_open.exclude(state=AlertState.RESOLVED).exclude(rule__in=TIMED_RULES):
        ground = ground_of(course, alert.sign, protocol)
        marked = alert.events.filter(step=AlertStep.NO_GROUND, at__gte=alert.raised_at)
        if (ground is None or ground < alert.tier) and not marked.exists():
            events.append(_event(alert, AlertStep.NO_GROUND, now))
    return events


def _clear(alert: Alert, cause: CheckIn | None, now: datetime) -> AlertEvent:
    alert.state = AlertState.RESOLVED
    alert.outcome = Outcome.CLEAR_RECHECK
    alert.resolved_at = now
    alert.due_at = None
    alert.save(update_fields=["state", "outcome", "resolved_at", "due_at"])
    return _event(alert, AlertStep.CLEAR, now, check_in=cause)


# --- worked by staff --------------------------------------------------------------------------


@transaction.atomic
def acknowledge(
    *, staff: Staff, alert_id: UUID, now: datetime, seen: datetime | None = None
) -> Alert:
    """Take an alert: from now on it is this person's, and nobody else is told.

    `seen` is the `raised_at` that was on the screen: what got worse since is not taken unseen.
    """
    alert = _locked(staff, alert_id)
    if alert.state == AlertState.ACKNOWLEDGED:
        raise AlreadyOwned(alert)
    _refuse_resolved(alert)
    _refuse_unseen(alert, seen)
    alert.state = AlertState.ACKNOWLEDGED
    alert.owner = staff.user
    alert.acknowledged_at = now
    alert.due_at = None
    alert.save(update_fields=["state", "owner", "acknowledged_at", "due_at"])
    _event(alert, AlertStep.ACKNOWLEDGE, now, staff=staff)
    _audit(staff, alert, "alert.acknowledge", now)
    return alert


@transaction.atomic
def attempt(
    *, staff: Staff, alert_id: UUID, note: str, again_at: datetime | None, now: datetime
) -> Alert:
    """Note that the patient was not reached; the alert stays in the queue."""
    alert = _locked(staff, alert_id)
    _refuse_resolved(alert)
    _event(alert, AlertStep.ATTEMPT, now, staff=staff, note=note, again_at=again_at)
    _audit(staff, alert, "alert.attempt", now)
    return alert


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
    alert = _locked(staff, alert_id)
    _refuse_resolved(alert)
    _refuse_unseen(alert, seen)
    if outcome == Outcome.NO_ACTION and not note.strip():
        raise OutcomeNeedsReason("Say in the note why no action is needed.")
    alert.state = AlertState.RESOLVED
    alert.outcome = outcome
    alert.note = note
    alert.resolved_at = now
    alert.due_at = None
    alert.owner = alert.owner or staff.user
    alert.save(update_fields=["state", "outcome", "note", "resolved_at", "due_at", "owner"])
    _event(alert, AlertStep.RESOLVE, now, staff=staff, note=note)
    _audit(staff, alert, "alert.resolve", now)
    return alert


def _locked(staff: Staff, alert_id: UUID) -> Alert:
    """Lock an alert of this person's clinic; `Alert.DoesNotExist` for any other."""
    rows = Alert.objects.select_for_update(of=["self"]).select_related("owner")
    return rows.get(pk=alert_id, clinic_id=staff.clinic.pk)


def _refuse_unseen(alert: Alert, seen: datetime | None) -> None:
    if seen is not None and alert.raised_at > seen:
        tier = alert.get_tier_display().lower()
        raise GotWorse(f"It got worse since you looked: it is now “{tier}”. Please look again.")


def _refuse_resolved(alert: Alert) -> None:
    if alert.state == AlertState.RESOLVED:
        outcome = alert.get_outcome_display()
        raise AlreadyResolved(f"This alert was already resolved: {outcome}.")


# --- escalated by time ------------------------------------------------------------------------


@transaction.atomic
def escalate_one(*, alert_id: UUID, now: datetime) -> AlertEvent | None:
    """Pass an alert that nobody acknowledged on to the next person; None if it is not due."""
    alert = (
        Alert.objects.select_for_update(skip_locked=True)
        .filter(pk=alert_id, state=AlertState.OPEN, due_at__lte=now)
        .first()
    )
    if alert is None:
        return None
    alert.level += 1
    told_all = deliveries.owe_staff_level(alert=alert, now=now)
    # Whoever has not answered is asked again, more slowly, until somebody takes it.
    alert.due_at = now + (ASK_ALL_AGAIN if told_all else ESCALATE_AFTER[Tier(alert.tier)])
    alert.save(update_fields=["level", "due_at"])
    return _event(alert, AlertStep.LEVEL, now)


def due_alerts(*, now: datetime, limit: int) -> list[UUID]:
    rows = Alert.objects.filter(due_at__lte=now).order_by("due_at")
    return list(rows.values_list("pk", flat=True)[:limit])


def _event(
    alert: Alert,
    step: AlertStep,
    now: datetime,
    *,
    staff: Staff | None = None,
    check_in: CheckIn | None = None,
    note: str = "",
    again_at: datetime | None = None,
) -> AlertEvent:
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


def _audit(staff: Staff, alert: Alert, action: str, now: datetime) -> None:
    audit.record(
        clinic_id=alert.clinic_id,
        actor=staff.audit_name,
        action=action,
        subject=f"alert:{alert.pk}",
        patient_id=alert.patient_id,
        now=now,
    )
