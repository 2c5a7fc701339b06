"""Apply the warning signs: to what a patient entered, and to what only time can raise."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tracker.clinical import assessment as clinical
from tracker.clinical.course import Course
from tracker.clinical.findings import Present, Tier
from tracker.clinical.protocol import RULE_SET_VERSION, Protocol
from tracker.models import Alert, AlertEvent, Assessment, CheckIn, Procedure
from tracker.models.alert import AlertState
from tracker.services import alerts, courses, deliveries


def judge_check_in(*, check_in: CheckIn, procedure: Procedure, now: datetime) -> list[AlertEvent]:
    """Judge a new check-in and every later one that it sheds light on.

    The caller holds the procedure's row lock. Alerts, their events and the messages they owe are
    rows of the caller's transaction.
    """
    course = courses.course_of(procedure)
    if course is None:
        return []
    protocol = procedure.protocol_version.protocol()
    moments = clinical.affected_by(course, check_in.observed_at, protocol)
    events = _judge(procedure, course, protocol, moments, check_in, now)
    if check_in.corrects_id:
        events += _judge(procedure, course, protocol, _moments(course), check_in, now)
    deliveries.owe_alert_messages(procedure=procedure, events=events, cause=check_in, now=now)
    _plan_next(procedure, course, protocol, now)
    return events


def judge_all(*, procedure: Procedure, now: datetime) -> list[AlertEvent]:
    """Judge every reading again, because what they are counted from has changed."""
    course = courses.course_of(procedure)
    if course is None:
        return []
    protocol = procedure.protocol_version.protocol()
    events = _judge(procedure, course, protocol, _moments(course), None, now)
    deliveries.owe_alert_messages(procedure=procedure, events=events, cause=None, now=now)
    _plan_next(procedure, course, protocol, now)
    return events


@transaction.atomic
def apply_warning_signs(*, procedure_id: str, now: datetime) -> list[AlertEvent]:
    """Apply the signs that only time can raise, and judge what was left unjudged.

    Doing it twice changes nothing.
    """
    procedure = (
        Procedure.objects.select_for_update(of=["self"])
        .select_related("patient", "clinic", "protocol_version")
        .get(pk=procedure_id)
    )
    course = courses.course_of(procedure)
    if course is None:
        return []
    protocol = procedure.protocol_version.protocol()
    events = _judge(procedure, course, protocol, _unjudged(procedure, course), None, now)
    timed = clinical.assess_time(course, now, protocol, open_signs=_open_signs(procedure))
    fresh = [each for each in timed if not _stands(procedure, each)]
    if fresh:
        _store(procedure, now, None, [each.as_json() for each in fresh], now)
        events += alerts.raise_alerts(
            procedure=procedure,
            findings=fresh,
            observed_at=now,
            check_in=None,
            protocol=protocol,
            now=now,
        )
    deliveries.owe_alert_messages(procedure=procedure, events=events, cause=None, now=now)
    _plan_next(procedure, course, protocol, now)
    return events


def _judge(
    procedure: Procedure,
    course: Course,
    protocol: Protocol,
    moments: list[datetime],
    cause: CheckIn | None,
    now: datetime,
) -> list[AlertEvent]:
    events: list[AlertEvent] = []
    for observed_at in moments:
        judged = clinical.assess(course, observed_at, protocol)
        before = _newest(procedure, observed_at)
        _store(procedure, observed_at, cause, judged.as_json(), now)
        fresh = [each for each in judged.findings if not _known(each, before)]
        events += alerts.raise_alerts(
            procedure=procedure,
            findings=[each for each in fresh if each.tier > Tier.INFO],
            observed_at=observed_at,
            check_in=cause,
            protocol=protocol,
            now=now,
        )
    events += alerts.close_cleared_watches(
        procedure=procedure, course=course, protocol=protocol, cause=cause, now=now
    )
    return events


def _store(
    procedure: Procedure,
    observed_at: datetime,
    check_in: CheckIn | None,
    findings: object,
    now: datetime,
) -> None:
    Assessment.objects.create(
        clinic_id=procedure.clinic_id,
        procedure=procedure,
        check_in=check_in,
        protocol_version=procedure.protocol_version,
        rule_set=RULE_SET_VERSION,
        observed_at=observed_at,
        findings=findings,
        assessed_at=now,
    )


def _newest(procedure: Procedure, observed_at: datetime) -> Assessment | None:
    rows = Assessment.objects.filter(procedure=procedure, observed_at=observed_at)
    return rows.order_by("-pk").first()


def _known(finding: Present, before: Assessment | None) -> bool:
    """Whether this very finding was judged (and triaged) before: it must not page twice."""
    if before is None:
        return False
    earlier = before.findings["findings"] if isinstance(before.findings, dict) else before.findings
    return finding.as_json() in earlier


def _stands(procedure: Procedure, finding: Present) -> bool:
    """Whether time has already raised this sign at this tier, and it is still open."""
    return (
        Alert.objects.filter(procedure=procedure, sign=finding.sign, tier__gte=int(finding.tier))
        .exclude(state=AlertState.RESOLVED)
        .exists()
    )


def _open_signs(procedure: Procedure) -> dict[str, Tier]:
    still_open = Alert.objects.filter(procedure=procedure).exclude(state=AlertState.RESOLVED)
    return {sign: Tier(tier) for sign, tier in still_open.values_list("sign", "tier")}


def _unjudged(procedure: Procedure, course: Course) -> list[datetime]:
    """The audit's share: submissions that carry no assessment, whatever the reason."""
    judged = set(
        Assessment.objects.filter(procedure=procedure).values_list("observed_at", flat=True)
    )
    return [moment for moment in _moments(course) if moment not in judged]


def _moments(course: Course) -> list[datetime]:
    return sorted({reading.observed_at for reading in course.readings})


def _plan_next(procedure: Procedure, course: Course, protocol: Protocol, now: datetime) -> None:
    procedure.next_assessment_at = clinical.next_assessment_at(
        course, now, protocol, open_signs=_open_signs(procedure)
    )
    procedure.save(update_fields=["next_assessment_at"])
