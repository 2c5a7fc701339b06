"""Fever: a temperature at the line, shaking chills, or feeling hot without a thermometer."""

from __future__ import annotations

from ..course import Moment
from ..findings import Absent, Finding, Measure, Present, Tier, Unknown, because
from ..protocol import Protocol

CONFIRM_WITHIN_H = 24


def fever(moment: Moment, protocol: Protocol) -> Finding:
    reading = moment.reading.temperature
    if reading is None:
        return Unknown("temperature")
    if not protocol.fever.reached_by(reading):
        return Absent()
    limit = protocol.fever.within(reading.unit)
    late = moment.hours > protocol.infection_window_h
    reason = because("temperature_late" if late else "temperature", value=reading, limit=limit)
    tier = Tier.CALL_TODAY if _confirmed(moment, protocol) else Tier.WATCH
    return Present(tier, reason, Measure.of("temperature", reading), str(limit))


def _confirmed(moment: Moment, protocol: Protocol) -> bool:
    if protocol.fever_confirm_h == 0:
        return True
    return any(
        reading.temperature is not None and protocol.fever.reached_by(reading.temperature)
        for hours, reading in moment.earlier(since_h=moment.hours - CONFIRM_WITHIN_H)
        if moment.hours - hours >= protocol.fever_confirm_h
    )


def chills(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("chills",)):
        return Absent()
    return Present(Tier.CALL_TODAY, because("reported", symptoms=["chills"]))


def low_grade(moment: Moment, protocol: Protocol) -> Finding:
    reading = moment.reading.temperature
    if reading is None:
        return Unknown("temperature")
    if protocol.fever.reached_by(reading) or not protocol.low_grade.reached_by(reading):
        return Absent()
    limit = protocol.low_grade.within(reading.unit)
    reason = because("temperature_low_grade", value=reading, limit=limit)
    return Present(Tier.WATCH, reason, Measure.of("temperature", reading), str(limit))


def not_measured(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("feverish",)):
        return Absent()
    if any(reading.temperature is not None for reading in moment.together):
        return Absent()
    return Present(Tier.WATCH, because("not_measured"))
