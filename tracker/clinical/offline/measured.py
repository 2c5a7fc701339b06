"""Temperature and blood sugar, as lines that a phone can judge in the unit typed."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..findings import Tier
from ..protocol import Protocol
from ..quantities import Glucose, PairedLimit, in_unit
from ..signs import glucose as rules
from ..signs.fever import CONFIRM_WITHIN_H
from .conditions import (
    Condition,
    above,
    after_h,
    apart_h,
    below,
    every,
    from_h,
    measured,
    no,
    reaches,
    says,
    shows,
    some,
    until_h,
    within_h,
    yes,
)
from .scene import Line, Scene

CALL, WATCH, NOW = Tier.CALL_TODAY, Tier.WATCH, Tier.EMERGENCY
ITEM = {"Cel": "temperature", "[degF]": "temperature", "mg/dL": "glucose", "mmol/L": "glucose"}
METER_HI = shows("meter_hi")


def _at(limit: PairedLimit) -> Condition:
    return reaches(_item(limit), limit.numbers)


def _under(limit: PairedLimit) -> Condition:
    return below(_item(limit), limit.numbers)


def _item(limit: PairedLimit) -> str:
    return ITEM[next(iter(limit.numbers))]


def fever(scene: Scene) -> list[Line]:
    protocol, limit = scene.protocol, scene.protocol.fever
    late, early = after_h(protocol.infection_window_h), until_h(protocol.infection_window_h)
    ways = [(early, "temperature"), (late, "temperature_late")]
    confirmed = _confirmed(scene)
    if confirmed is None:
        return [Line(CALL, every(_at(limit), when), why, limit=limit) for when, why in ways]
    return [
        *(Line(CALL, every(_at(limit), confirmed, when), why, limit=limit) for when, why in ways),
        *(Line(WATCH, every(_at(limit), when), why, limit=limit) for when, why in ways),
    ]


def _confirmed(scene: Scene) -> Condition | None:
    """That an earlier fever stands behind this one; None where the clinic asks for no second."""
    wait_h = scene.protocol.fever_confirm_h
    if wait_h == 0:
        return None
    before = [h for h, _ in scene.seen(_at(scene.protocol.fever))]
    return some(*(every(apart_h(h, wait_h), within_h(h, CONFIRM_WITHIN_H)) for h in before))


def chills(scene: Scene) -> list[Line]:
    return [Line(CALL, yes("chills"), "reported", symptoms=("chills",))]


def low_grade(scene: Scene) -> list[Line]:
    limit = scene.protocol.low_grade
    when = every(_at(limit), _under(scene.protocol.fever))
    return [Line(WATCH, when, "temperature_low_grade", limit=limit)]


def not_measured(scene: Scene) -> list[Line]:
    when = every(yes("feverish"), no(measured("temperature")))
    return [Line(WATCH, when, "not_measured")]


def very_low(scene: Scene) -> list[Line]:
    limit = scene.protocol.g_vlow
    return [Line(NOW, _under(limit), "sugar_low", limit=limit)]


def ketoacidosis(scene: Scene) -> list[Line]:
    hours = scene.protocol.lookback_h
    ill = {"ketones": says("ketones", *rules.MANY_KETONES)}
    ill |= {symptom: yes(symptom) for symptom in rules.ILL}
    ways = scene.pair(("glucose", _at(scene.protocol.g_ketone)), ill, hours)
    return [Line(NOW, when, "within", {"limit": hours}, now, before) for when, now, before in ways]


def off_the_scale(scene: Scene) -> list[Line]:
    hours = scene.protocol.g_hi_again_h
    again = scene.lately(METER_HI, hours)
    return [
        *(Line(NOW, every(METER_HI, before), "hi_again", {"hours": hours}) for before in again),
        Line(CALL, METER_HI, "hi"),
    ]


def very_high(scene: Scene) -> list[Line]:
    limit = scene.protocol.g_vhigh
    return [Line(CALL, every(_at(limit), no(shows("word"))), "sugar_high", limit=limit)]


def high(scene: Scene) -> list[Line]:
    protocol, limit = scene.protocol, scene.protocol.g_high
    when = every(_at(limit), no(METER_HI))
    if protocol.g_high_count > 1:
        when = every(when, some(shows("word"), *scene.lately(_at(limit), protocol.g_high_again_h)))
    return [Line(CALL, when, "sugar_high", limit=limit)]


def low_again(scene: Scene) -> list[Line]:
    limit, hours = scene.protocol.g_low, scene.protocol.g_low_again_h
    return [
        Line(CALL, every(_under(limit), before), "sugar_low_again", {"hours": hours}, limit=limit)
        for before in scene.lately(_under(limit), hours)
    ]


def low_once(scene: Scene) -> list[Line]:
    limit = scene.protocol.g_low
    return [Line(WATCH, _under(limit), "sugar_low", limit=limit)]


def persisting(scene: Scene) -> list[Line]:
    patient, baseline = scene.course.patient, scene.course.baseline_glucose
    if baseline is None or not patient.diabetes:
        return []
    limit = _persist_limit(scene.protocol, baseline)
    over = every(above("glucose", limit.numbers), from_h(scene.protocol.g_persist_h))
    seen = scene.seen(over)
    if not seen:
        return []
    other_date = from_h(_next_day_h(scene, seen[-1][1].observed_at))
    return [Line(CALL, every(over, other_date), "sugar_persists", limit=limit)]


def _next_day_h(scene: Scene, observed_at: datetime) -> float:
    """The hour of the course at which the patient's calendar shows another date."""
    zone = scene.course.patient.zone
    local = observed_at.astimezone(zone) if zone else observed_at
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return scene.course.hours_at(midnight + timedelta(days=1))


def _persist_limit(protocol: Protocol, baseline: Glucose) -> PairedLimit:
    return _higher(protocol.g_persist_floor, _usual_plus(baseline, protocol.g_persist_delta))


def _usual_plus(baseline: Glucose, difference: PairedLimit) -> PairedLimit:
    return PairedLimit(
        {
            unit: in_unit(baseline.number, baseline.unit, unit) + number
            for unit, number in difference.numbers.items()
        }
    )


def _higher(one: PairedLimit, other: PairedLimit) -> PairedLimit:
    return PairedLimit({unit: max(one.numbers[unit], other.numbers[unit]) for unit in one.numbers})


def ketone_line(scene: Scene) -> list[Line]:
    limit = scene.protocol.g_ketone
    return [Line(WATCH, _at(limit), "sugar_high", limit=limit)]


def above_usual(scene: Scene) -> list[Line]:
    baseline = scene.course.baseline_glucose
    if baseline is None or not baseline.number.is_finite():
        return []
    usual = _usual_plus(baseline, scene.protocol.g_delta)
    when = _at(_higher(usual, scene.protocol.g_delta_floor))
    return [Line(WATCH, when, "sugar_above_usual", {"usual": baseline}, limit=usual)]


def without_diabetes(scene: Scene) -> list[Line]:
    if scene.course.patient.diabetes:
        return []
    limit = scene.protocol.g_nodm
    return [Line(WATCH, _at(limit), "sugar_high", limit=limit)]
