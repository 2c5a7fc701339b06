"""Apply the warning signs: to what a patient entered, and to what only time can raise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from tracker.clinical import assessment as clinical
from tracker.clinical.course import Course
from tracker.clinical.findings import Present, Tier
from tracker.clinical.protocol import RULE_SET_VERSION, Protocol
from tracker.models import Alert, AlertEvent, Assessment, CheckIn, Procedure
from tracker.models.alert import AlertState
from tracker.models.procedure import ProcedureState
from tracker.services import courses, deliveries, raising, reminder_plans


def judge_check_in(*, check_in: CheckIn, procedure: Procedure, now: datetime) -> list[AlertEvent]:
    """Judge a new check-in and every later one that it sheds light on.

    The caller holds the procedure's row lock. Alerts, their events and the messages they owe are
    rows of the caller's transaction.
    """
    rules = courses.rules_of(procedure)
    course = courses.course_of(procedure, rules.protocol)
    protocol = rules.protocol
    judged = clinical.judge(course, {str(check_in.pk)}, protocol)
    for each in (judged.assessment, *judged.later):
        _store(procedure, rules, each.observed_at, check_in, each.as_json(), now)
    events = _triage(procedure, judged.news, check_in, protocol, now)
    if check_in.corrects_id:
        events += raising.mark_corrected(
            procedure=procedure, course=course, protocol=protocol, correction=check_in, now=now
        )
    _finish(procedure, course, protocol, events, check_in, now)
    reminder_plans.plan(procedure=procedure, course=course, protocol=protocol, now=now)
    return events


def judge_all(
    *,
    procedure: Procedure,
    before: Course,
    judged_by: Protocol | None = None,
    now: datetime,
) -> None:
    """Judge every reading again, because what they are counted from or by has changed.

    `before` is the course as it was counted until now, and `judged_by` the numbers that judged it
    (the same, unless given): what they said is known already. An alert that no longer holds is
    marked, and waits for staff; none vanishes.
    """
    rules = courses.rules_of(procedure)
    course = courses.course_of(procedure, rules.protocol)
    protocol = rules.protocol
    news: list[Present] = []
    for observed_at in course.observed_times():
        judged = clinical.assess(course, observed_at, protocol)
        known = clinical.assess(before, observed_at, judged_by or protocol)
        _store(procedure, rules, observed_at, None, judged.as_json(), now)
        news += [each for each in judged.findings if _beyond(each, known)]
    events = _triage(procedure, news, None, protocol, now)
    events += raising.mark_groundless(
        procedure=procedure, course=course, protocol=protocol, now=now
    )
    _finish(procedure, course, protocol, events, None, now)
    reminder_plans.plan(procedure=procedure, course=course, protocol=protocol, now=now)


@transaction.atomic
def apply_warning_signs(*, procedure_id: str, now: datetime) -> list[AlertEvent]:
    """Apply the signs that only time can raise. Doing it twice changes nothing."""
    procedure = locked(procedure_id)
    rules = courses.rules_of(procedure)
    course = courses.course_of(procedure, rules.protocol)
    protocol = rules.protocol
    due = clinical.assess_time(
        course,
        now,
        protocol,
        open_signs=_open_signs(procedure),
        handled_at=_handled_at(procedure),
    )
    if due:
        _store(procedure, rules, now, None, {"fired": [each.as_json() for each in due]}, now)
    events = _triage(procedure, due, None, protocol, now)
    _finish(procedure, course, protocol, events, None, now)
    return events


def locked(procedure_id: UUID | str) -> Procedure:
    """One judgement of a procedure at a time; the caller's transaction holds it."""
    # The version is not joined: who waited while it was changed would find no row at all.
    rows = Procedure.objects.select_for_update(of=["self"])
    return rows.select_related("patient", "clinic").get(pk=procedure_id)


def next_assessment_at(*, procedure: Procedure, now: datetime) -> datetime | None:
    """When time decides next, as the stored rows say it now."""
    protocol = courses.protocol_of(procedure)
    course = courses.course_of(procedure, protocol)
    return _next_assessment_at(procedure, course, protocol, now)


def _next_assessment_at(
    procedure: Procedure, course: Course, protocol: Protocol, now: datetime
) -> datetime | None:
    return clinical.next_assessment_at(
        course,
        now,
        protocol,
        open_signs=_open_signs(procedure),
        handled_at=_handled_at(procedure),
    )


def _triage(
    procedure: Procedure,
    findings: Iterable[Present],
    check_in: CheckIn | None,
    protocol: Protocol,
    now: datetime,
) -> list[AlertEvent]:
    worth_an_alert = [each for each in findings if each.tier > Tier.INFO]
    return raising.raise_alerts(
        procedure=procedure, findings=worth_an_alert, check_in=check_in, protocol=protocol, now=now
    )


def _finish(
    procedure: Procedure,
    course: Course,
    protocol: Protocol,
    events: list[AlertEvent],
    cause: CheckIn | None,
    now: datetime,
) -> None:
    """Close what a recheck cleared, owe the messages, and note when time decides next."""
    events += raising.close_cleared_watches(
        procedure=procedure, course=course, protocol=protocol, cause=cause, now=now
    )
    deliveries.owe_alert_messages(procedure=procedure, events=events, now=now)
    procedure.next_assessment_at = _next_assessment_at(procedure, course, protocol, now)
    procedure.save(update_fields=["next_assessment_at"])


def _beyond(finding: Present, known: clinical.Assessment) -> bool:
    standing = known.of(finding.sign)
    return standing is None or finding.tier > standing.tier


def _store(
    procedure: Procedure,
    rules: courses.Rules,
    observed_at: datetime,
    check_in: CheckIn | None,
    findings: object,
    now: datetime,
) -> None:
    Assessment.objects.create(
        clinic_id=procedure.clinic_id,
        procedure=procedure,
        check_in=check_in,
        protocol_version=rules.version,
        protocol_override=rules.override,
        rule_set=RULE_SET_VERSION,
        observed_at=observed_at,
        findings=findings,
        assessed_at=now,
    )


def _open_signs(procedure: Procedure) -> dict[str, Tier]:
    still_open = Alert.objects.filter(procedure=procedure).exclude(state=AlertState.RESOLVED)
    signs = {sign: Tier(tier) for sign, tier in still_open.values_list("sign", "tier")}
    # Whom nobody asks any more is not silent; what they still enter is judged like any other.
    is_asked = procedure.state in (ProcedureState.SCHEDULED, ProcedureState.DONE)
    return signs if is_asked else {**signs, "silence": Tier.EMERGENCY}


def _handled_at(procedure: Procedure) -> dict[str, datetime]:
    """When staff last closed an alert of each sign: time counts anew from there."""
    resolved = Alert.objects.filter(procedure=procedure, state=AlertState.RESOLVED)
    return dict(resolved.values_list("sign").annotate(Max("resolved_at")))
