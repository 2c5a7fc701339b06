"""How the clinic's work went over some days: a noisy rule shows, and so does a slow morning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median, quantiles
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracker import access
from tracker.access import Staff
from tracker.clinical.findings import Tier
from tracker.models import (
    AlertEvent,
    CheckIn,
    Clinic,
    Consent,
    Patient,
    PushSubscription,
    Reminder,
)
from tracker.models.alert import AlertStep, AlertTier, Outcome
from tracker.models.consent import ConsentKind
from tracker.models.delivery import PATIENTS_OWN
from tracker.models.procedure import ProcedureState
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.services import on_call

FIRED = [AlertStep.OPEN, AlertStep.ESCALATE, AlertStep.RERAISE]
ANSWERED = [AlertStep.ACKNOWLEDGE, AlertStep.HAND_OVER, AlertStep.RESOLVE]
ACTED_ON = {
    Outcome.REACHED_ADVISED,
    Outcome.VISIT_ARRANGED,
    Outcome.SENT_TO_EMERGENCY,
    Outcome.REACHED_BY_OTHER,
}
ANSWER_WITHIN = timedelta(hours=24)
TENTHS = 10
NOBODY = Q(pk=None)


@dataclass(frozen=True, slots=True)
class Firing:
    """One time that staff were told of a sign, and what became of it."""

    rule: str
    tier: int
    minutes_to_answer: float | None
    minutes_to_resolve: float | None
    in_time: bool | None
    """None for a watch, which has no target."""
    acted_on: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that fires often and is seldom acted on asks for other numbers."""

    rule: str
    fired: int
    in_time: int
    with_target: int
    acted_on: int
    resolved: int


@dataclass(frozen=True, slots=True)
class Speed:
    """Minutes of the clock from telling staff to their answer; the middle, and nine of ten."""

    tier: str
    target: str
    fired: int
    in_time: int
    answer_median: float | None
    answer_p90: float | None
    resolve_median: float | None
    resolve_p90: float | None


@dataclass(frozen=True, slots=True)
class Load:
    check_ins: int
    alerts: int

    @property
    def per_100(self) -> float | None:
        return round(100 * self.alerts / self.check_ins, 1) if self.check_ins else None


@dataclass(frozen=True, slots=True)
class Answers:
    """Daily check-ins that patients were asked for, and those that came within a day."""

    asked: int
    answered: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.answered / self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class Reach:
    """Patients who are followed now, by the best way to them."""

    followed: int
    by_phone: int
    by_mail_or_text: int
    not_at_all: int


@dataclass(frozen=True, slots=True)
class Report:
    load: Load
    rules: list[RuleLine]
    speeds: list[Speed]
    answers: Answers
    reach: Reach


def report(*, staff: Staff, since: datetime, until: datetime) -> Report:
    """Count what this clinic was told and did between two moments."""
    firings = _firings(staff, since, until)
    return Report(
        load=Load(_check_ins(staff, since, until), len(firings)),
        rules=_by_rule(firings),
        speeds=[_speed(tier, firings) for tier in reversed(AlertTier)],
        answers=_answers(staff, since, until),
        reach=_reach(staff),
    )


def _check_ins(staff: Staff, since: datetime, until: datetime) -> int:
    rows = access.of_clinic(staff, CheckIn.objects.all())
    return rows.filter(recorded_at__gte=since, recorded_at__lt=until).count()


def _firings(staff: Staff, since: datetime, until: datetime) -> list[Firing]:
    events = access.of_clinic(staff, AlertEvent.objects.all()).order_by("at", "pk")
    fired = list(
        events.filter(step__in=FIRED, at__gte=since, at__lt=until).select_related("alert__clinic")
    )
    answers: dict[UUID, list[AlertEvent]] = defaultdict(list)
    for event in events.filter(step__in=ANSWERED, alert__in={each.alert_id for each in fired}):
        answers[event.alert_id].append(event)
    return [_firing(event, answers[event.alert_id]) for event in fired]


def _firing(event: AlertEvent, answers: Sequence[AlertEvent]) -> Firing:
    later = [each for each in answers if each.at >= event.at]
    answered = next(iter(later), None)
    resolved = next((each for each in later if each.step == AlertStep.RESOLVE), None)
    return Firing(
        rule=event.rule,
        tier=event.tier or event.alert.tier,
        minutes_to_answer=_minutes(event, answered),
        minutes_to_resolve=_minutes(event, resolved),
        in_time=_in_time(event, answered),
        acted_on=resolved is not None and event.alert.outcome in ACTED_ON,
    )


def _minutes(event: AlertEvent, later: AlertEvent | None) -> float | None:
    return (later.at - event.at).total_seconds() / 60 if later else None


def _in_time(event: AlertEvent, answered: AlertEvent | None) -> bool | None:
    tier = Tier(event.tier or event.alert.tier)
    waits = on_call.WAITS.get(tier)
    if waits is None:
        return None
    # The alert may have gone up since: its policy is then that of an emergency, around the clock.
    policy = replace(on_call.policy_of(event.alert), business=tier < Tier.EMERGENCY)
    by = policy.after(event.at, waits[0])
    return answered is not None and answered.at <= by


def _by_rule(firings: Iterable[Firing]) -> list[RuleLine]:
    rules: dict[str, list[Firing]] = defaultdict(list)
    for each in firings:
        rules[each.rule].append(each)
    lines = [
        RuleLine(
            rule=rule,
            fired=len(of_rule),
            in_time=sum(each.in_time is True for each in of_rule),
            with_target=sum(each.in_time is not None for each in of_rule),
            acted_on=sum(each.acted_on for each in of_rule),
            resolved=sum(each.minutes_to_resolve is not None for each in of_rule),
        )
        for rule, of_rule in rules.items()
    ]
    return sorted(lines, key=lambda line: (-line.fired, line.rule))


def _speed(tier: AlertTier, firings: Iterable[Firing]) -> Speed:
    of_tier = [each for each in firings if each.tier == tier]
    to_answer = [each.minutes_to_answer for each in of_tier if each.minutes_to_answer is not None]
    to_resolve = [
        each.minutes_to_resolve for each in of_tier if each.minutes_to_resolve is not None
    ]
    return Speed(
        tier=tier.label,
        target=_target(tier),
        fired=len(of_tier),
        in_time=sum(each.in_time is True for each in of_tier),
        answer_median=_middle(to_answer),
        answer_p90=_nine_of_ten(to_answer),
        resolve_median=_middle(to_resolve),
        resolve_p90=_nine_of_ten(to_resolve),
    )


def _target(tier: AlertTier) -> str:
    waits = on_call.WAITS.get(Tier(tier))
    if waits is None:
        return "none"
    return f"{waits[0]} min" + ("" if tier == AlertTier.EMERGENCY else " while open")


def _middle(minutes: Sequence[float]) -> float | None:
    return round(median(minutes), 1) if minutes else None


def _nine_of_ten(minutes: Sequence[float]) -> float | None:
    if len(minutes) < TENTHS:  # of fewer, nine tenths say nothing
        return None
    return round(quantiles(minutes, n=TENTHS, method="inclusive")[-1], 1)


def _answers(staff: Staff, since: datetime, until: datetime) -> Answers:
    asked = _asked(staff).filter(asked_at__gte=since, asked_at__lt=until)
    came = CheckIn.objects.filter(clinic=staff.clinic, observed_at__gte=since)
    at: dict[UUID, list[datetime]] = defaultdict(list)
    for procedure, observed_at in came.values_list("procedure_id", "observed_at"):
        at[procedure].append(observed_at)
    rows = list(asked.values_list("procedure_id", "asked_at", "state"))
    answered = sum(
        state == ReminderState.DONE or any(when <= each < when + ANSWER_WITHIN for each in at[of])
        for of, when, state in rows
    )
    return Answers(len(rows), answered)


def _asked(staff: Staff) -> QuerySet[Reminder]:
    left = [ReminderState.SENT, ReminderState.DONE, ReminderState.EXPIRED]
    rows = access.of_clinic(staff, Reminder.objects.all())
    return rows.filter(kind=ReminderKind.CHECK_IN, repeat=0, state__in=left)


def _takes_mail(clinic: Clinic) -> Q:
    """As a message finds its way: an address, nobody took it back, and the clinic sends any."""
    asked = Consent.objects.filter(patient=OuterRef("pk"), kind=ConsentKind.EMAIL)
    agreed = Exists(asked.filter(withdrawn_at__isnull=True)) | ~Exists(asked)
    return ~Q(email="") & agreed if clinic.email_allowed else NOBODY


def _takes_texts(clinic: Clinic) -> Q:
    if not (settings.SMS and clinic.sms_allowed):
        return NOBODY
    return Q(texts_agreed_at__isnull=False) & ~Q(phone="")


def _reach(staff: Staff) -> Reach:
    followed = access.of_clinic(staff, Patient.objects.all()).filter(
        procedures__state=ProcedureState.DONE
    )
    live = PushSubscription.objects.filter(PATIENTS_OWN, ended_at__isnull=True)
    phones = followed.filter(push_subscriptions__in=live)
    by_phone = set(phones.values_list("pk", flat=True))
    others = followed.filter(_takes_mail(staff.clinic) | _takes_texts(staff.clinic))
    by_mail_or_text = set(others.values_list("pk", flat=True)) - by_phone
    everybody = set(followed.values_list("pk", flat=True))
    return Reach(
        followed=len(everybody),
        by_phone=len(by_phone),
        by_mail_or_text=len(by_mail_or_text),
        not_at_all=len(everybody - by_phone - by_mail_or_text),
    )
