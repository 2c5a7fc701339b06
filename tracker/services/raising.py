"""Alerts as findings raise them: opened, escalated, re-raised, attached, cleared or marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Min

from tracker.clinical import triage as clinical
from tracker.clinical.assessment import cleared_at, ground_of
from tracker.clinical.course import Course
from tracker.clinical.findings import Measure, Present, Tier
from tracker.clinical.protocol import Protocol
from tracker.clinical.signs import TIMED_SIGNS
from tracker.models import Alert, AlertEvent, CheckIn, Procedure
from tracker.models.alert import AlertState, AlertStep, Outcome
from tracker.services import escalation, own_words
from tracker.services.alert_steps import move, record_step

TIMED_RULES = {sign.rule for sign in TIMED_SIGNS}
RAISED = (AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE, AlertStep.ATTACH)


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
    if (
        alert is not None
        and decision.event == "attach"
        and own_words.are_new(alert=alert, check_in=check_in)
    ):
        decision = clinical.in_new_words(_standing(alert), finding)
    if alert is None or decision.opens_new:
        alert = _open(procedure, finding, check_in, now)
    elif decision.notify:
        _notify_again(alert, decision, finding, check_in, now)
    else:
        _attach(alert, finding, decision.measure)
    event = AlertEvent.objects.create(
        clinic_id=alert.clinic_id,
        alert=alert,
        step=decision.event,
        rule=finding.rule,
        tier=int(finding.tier),
        because=finding.because("en"),
        check_in=check_in,
        at=now,
    )
    if decision.notify:
        escalation.note_exhausted(alert, now=now)
    return event


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
    alert = Alert(
        clinic=procedure.clinic,
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
    )
    escalation.start(alert, now=now)
    alert.save(force_insert=True)
    return alert


def _notify_again(
    alert: Alert,
    decision: clinical.Decision,
    finding: Present,
    check_in: CheckIn | None,
    now: datetime,
) -> None:
    """A higher tier or a materially worse value: whoever had taken it must look again."""
    alert.rule = finding.rule
    alert.tier = int(finding.tier)
    alert.because = finding.because("en")
    alert.check_in = check_in
    alert.notified = _stored(decision.measure)
    alert.observed_at = max(finding.observed_at or now, alert.observed_at)
    alert.raised_at = now
    move(alert, AlertStep(decision.event))
    escalation.start(alert, now=now)
    alert.save(
        update_fields=[
            "rule", "tier", "because", "check_in", "notified", "observed_at", "raised_at",
            "state", *escalation.STARTED,
        ]
    )  # fmt: skip


def _attach(alert: Alert, finding: Present, measure: Measure | None) -> None:
    alert.notified = _stored(measure)
    alert.observed_at = max(finding.observed_at or alert.observed_at, alert.observed_at)
    alert.save(update_fields=["notified", "observed_at"])


def _stored(measure: Measure | None) -> dict[str, str] | None:
    return measure.as_json() if measure else None


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
        ground = ground_of(course, alert.sign, _began_at(alert), protocol)
        if alert.check_in_id is not None and (ground is None or ground < alert.tier):
            events.append(record_step(alert, AlertStep.CORRECTED, now, check_in=correction))
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
        ground = ground_of(course, alert.sign, _began_at(alert), protocol)
        marked = alert.events.filter(step=AlertStep.NO_GROUND, at__gte=alert.raised_at)
        if (ground is None or ground < alert.tier) and not marked.exists():
            events.append(record_step(alert, AlertStep.NO_GROUND, now))
    return events


def _began_at(alert: Alert) -> datetime:
    """When the first reading behind an alert was observed: what stood before it is another's."""
    raised = alert.events.filter(step__in=RAISED)
    observed = raised.aggregate(first=Min("check_in__observed_at"))["first"]
    return min(observed or alert.observed_at, alert.observed_at)


def _clear(alert: Alert, cause: CheckIn | None, now: datetime) -> AlertEvent:
    move(alert, AlertStep.CLEAR)
    alert.outcome = Outcome.CLEAR_RECHECK
    alert.resolved_at = now
    alert.due_at = None
    alert.save(update_fields=["state", "outcome", "resolved_at", "due_at"])
    return record_step(alert, AlertStep.CLEAR, now, check_in=cause)
