"""Blood sugar: too high, much higher than usual, or high for too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from ..course import Moment, Reading
from ..findings import Absent, Finding, Measure, Present, Reason, Tier, Unknown, because
from ..protocol import Protocol
from ..quantities import Glucose, PairedLimit, in_unit
from .looking import kept, says_yes, told, within

ILL = ("vomiting", "belly_pain", "fruity_breath", "dyspnea", "confusion")
KETOACIDOSIS = ("glucose", "ketones", *ILL)
MANY_KETONES = ("moderate", "large")


def ketoacidosis(moment: Moment, protocol: Protocol) -> Finding:
    def high(reading: Reading) -> str | None:
        sugar = reading.glucose
        return "glucose" if sugar and protocol.g_ketone.reached_by(sugar) else None

    def ill(reading: Reading) -> str | None:
        many = reading.symptoms.get("ketones") in MANY_KETONES
        return "ketones" if many else says_yes(ILL)(reading)

    pair = within(moment, protocol.lookback_h, high, ill)
    if pair is None:
        return Absent()
    reason = because("within", symptoms=told(pair), limit=protocol.lookback_h)
    sugar = next(reading.glucose for reading, item in pair if item == "glucose")
    measure = _measure(sugar) if sugar else None
    return Present(Tier.EMERGENCY, reason, measure, f"{protocol.lookback_h} h", kept(pair))


def off_the_scale(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if not _meter_says_hi(sugar):
        return Absent()
    since_h = moment.hours - protocol.g_hi_again_h
    again = any(_meter_says_hi(earlier) for earlier in sugars_since(moment, since_h))
    tier = Tier.EMERGENCY if again else Tier.CALL_TODAY
    reason = because("hi_again" if again else "hi", hours=protocol.g_hi_again_h)
    return Present(tier, reason, _measure(sugar), "HI")


def very_high(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if sugar.word or not protocol.g_vhigh.reached_by(sugar):
        return Absent()
    limit = protocol.g_vhigh.within(sugar.unit)
    return Present(Tier.CALL_TODAY, _at_least(sugar, limit), _measure(sugar), str(limit))


def high(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if _meter_says_hi(sugar) or not protocol.g_high.reached_by(sugar):
        return Absent()
    if protocol.g_high_count > 1 and not sugar.word and not _high_before(moment, protocol):
        return Absent()
    limit = protocol.g_high.within(sugar.unit)
    return Present(Tier.CALL_TODAY, _at_least(sugar, limit), _measure(sugar), str(limit))


def _high_before(moment: Moment, protocol: Protocol) -> bool:
    since_h = moment.hours - protocol.g_high_again_h
    return any(protocol.g_high.reached_by(sugar) for sugar in sugars_since(moment, since_h))


def persisting(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    baseline = moment.course.baseline_glucose
    if sugar is None or baseline is None:
        return Unknown("glucose" if sugar is None else "baseline glucose")
    if not moment.course.patient.diabetes or moment.hours < protocol.g_persist_h:
        return Absent()
    limit = _persist_limit(baseline, sugar.unit, protocol)
    if sugar.number <= limit or not _on_another_date(moment, protocol, baseline):
        return Absent()
    reason = because("sugar_persists", value=sugar, limit=Glucose(limit, sugar.unit))
    return Present(Tier.CALL_TODAY, reason, _measure(sugar), str(Glucose(limit, sugar.unit)))


def _on_another_date(moment: Moment, protocol: Protocol, baseline: Glucose) -> bool:
    today = _local_date(moment, moment.reading)
    return any(
        reading.glucose is not None
        and reading.glucose.number > _persist_limit(baseline, reading.glucose.unit, protocol)
        and _local_date(moment, reading) != today
        for _, reading in moment.earlier(protocol.g_persist_h)
    )


def _persist_limit(baseline: Glucose, unit: str, protocol: Protocol) -> Decimal:
    floor = protocol.g_persist_floor.numbers[unit]
    return max(floor, _usual_plus(baseline, unit, protocol.g_persist_delta))


def _local_date(moment: Moment, reading: Reading) -> date:
    zone = moment.course.patient.zone
    return (reading.observed_at.astimezone(zone) if zone else reading.observed_at).date()


def ketone_line(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if not protocol.g_ketone.reached_by(sugar):
        return Absent()
    limit = protocol.g_ketone.within(sugar.unit)
    return Present(Tier.WATCH, _at_least(sugar, limit), _measure(sugar), str(limit))


def above_usual(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    baseline = moment.course.baseline_glucose
    if sugar is None or baseline is None:
        return Unknown("glucose" if sugar is None else "baseline glucose")
    limit = _usual_plus(baseline, sugar.unit, protocol.g_delta)
    if sugar.number < limit or not protocol.g_delta_floor.reached_by(sugar):
        return Absent()
    reason = because("sugar_above_usual", value=sugar, usual=baseline)
    return Present(Tier.WATCH, reason, _measure(sugar), str(Glucose(limit, sugar.unit)))


def without_diabetes(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if moment.course.patient.diabetes or not protocol.g_nodm.reached_by(sugar):
        return Absent()
    limit = protocol.g_nodm.within(sugar.unit)
    return Present(Tier.WATCH, _at_least(sugar, limit), _measure(sugar), str(limit))


def _usual_plus(baseline: Glucose, unit: str, difference: PairedLimit) -> Decimal:
    return in_unit(baseline.number, baseline.unit, unit) + difference.numbers[unit]


def sugars_since(moment: Moment, since_h: float) -> Iterator[Glucose]:
    earlier = (reading.glucose for _, reading in moment.earlier(since_h))
    return (sugar for sugar in earlier if sugar is not None)


def _meter_says_hi(sugar: Glucose) -> bool:
    return sugar.word == "HI" and sugar.device != "cgm"


def _measure(sugar: Glucose) -> Measure:
    return Measure.of("glucose", sugar)


def _at_least(sugar: Glucose, limit: object) -> Reason:
    return because("sugar_high", value=sugar, limit=limit)
