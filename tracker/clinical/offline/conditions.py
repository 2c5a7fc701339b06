"""Conditions as plain data, for a phone that judges a check-in without the server.

A condition is a small JSON object; `static/phone/offline_advice.js` reads the same ones. Measured
values are compared as whole hundredths in the unit typed, so that no side ever rounds. Hours are
elapsed since the end of the procedure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from ..quantities import Glucose
from ..reading import Reading
from ..signs.looking import answer

Condition = dict[str, Any]


def every(*parts: Condition) -> Condition:
    return {"at_least": len(parts), "of": list(parts)}


def some(*parts: Condition, at_least: int = 1) -> Condition:
    return {"at_least": at_least, "of": list(parts)}


def no(part: Condition) -> Condition:
    """The opposite; never around hours, which an unknown end of the procedure leaves open."""
    return {"no": part}


def says(item: str, *values: bool | str) -> Condition:
    return {"item": item, "is": list(values)}


def yes(item: str) -> Condition:
    return says(item, True)


def any_yes(*items: str) -> Condition:
    return some(*map(yes, items))


def number(item: str, low: int, high: int | None = None) -> Condition:
    """A score, a grade or a count from `low` to `high`, both included."""
    return {"item": item, "from": low} | ({} if high is None else {"to": high})


def other(*urgencies: str | None) -> Condition:
    """Something else was told, this urgent."""
    return {"other": list(urgencies)}


def reaches(item: str, limit: Mapping[str, Decimal]) -> Condition:
    return {"measured": item, "from": hundredths(limit)}


def below(item: str, limit: Mapping[str, Decimal]) -> Condition:
    return {"measured": item, "below": hundredths(limit)}


def above(item: str, limit: Mapping[str, Decimal]) -> Condition:
    return {"measured": item, "above": hundredths(limit)}


def measured(item: str) -> Condition:
    return {"measured": item}


def shows(word: str) -> Condition:
    """What the device shows: a `word`, or the `meter_hi` that is beyond every scale."""
    return {"shows": word}


def from_h(hours: float) -> Condition:
    return {"hours": "from", "h": hours}


def after_h(hours: float) -> Condition:
    return {"hours": "after", "h": hours}


def until_h(hours: float) -> Condition:
    return {"hours": "until", "h": hours}


def before_h(hours: float) -> Condition:
    return {"hours": "before", "h": hours}


def within_h(seen_h: float, hours: float) -> Condition:
    """At most so many hours after a reading that the server has."""
    return {"seen": seen_h, "within": hours}


def apart_h(seen_h: float, hours: float) -> Condition:
    """At least so many hours after a reading that the server has."""
    return {"seen": seen_h, "apart": hours}


def hundredths(limit: Mapping[str, Decimal]) -> dict[str, int]:
    return {unit: _whole(value * 100) for unit, value in limit.items()}


def _whole(value: Decimal) -> int:
    if value != value.to_integral_value():
        raise ValueError("a limit has at most two decimals")
    return int(value)


def holds(condition: Condition, reading: Reading, hours: float) -> bool:
    """Whether a reading of that hour meets a condition; the phone's module says the same."""
    if "of" in condition:
        met = sum(holds(part, reading, hours) for part in condition["of"])
        return bool(met >= condition["at_least"])
    if "no" in condition:
        return not holds(condition["no"], reading, hours)
    if "hours" in condition:
        return _WINDOWS[condition["hours"]](hours, condition["h"])
    if "seen" in condition:
        return _since(condition, hours)
    return _answered(condition, reading)


_WINDOWS: Mapping[str, Callable[[float, float], bool]] = {
    "from": lambda hours, h: hours >= h,
    "after": lambda hours, h: hours > h,
    "until": lambda hours, h: hours <= h,
    "before": lambda hours, h: hours < h,
}


def _since(condition: Condition, hours: float) -> bool:
    if "apart" in condition:
        return bool(hours - condition["seen"] >= condition["apart"])
    return bool(condition["seen"] >= hours - condition["within"])


def _answered(condition: Condition, reading: Reading) -> bool:
    if "measured" in condition:
        return _measured(condition, reading)
    if "shows" in condition:
        return _shows(condition["shows"], reading.glucose)
    if "other" in condition:
        return reading.other is not None and reading.other.urgency in condition["other"]
    value = answer(reading, condition["item"])
    if "is" in condition:
        return value in condition["is"]
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return bool(condition["from"] <= value <= condition.get("to", value))


def _measured(condition: Condition, reading: Reading) -> bool:
    quantity = reading.temperature if condition["measured"] == "temperature" else reading.glucose
    if quantity is None:
        return False
    value, unit = quantity.number * 100, quantity.unit
    if "from" in condition:
        return bool(value >= condition["from"][unit])
    if "below" in condition:
        return bool(value < condition["below"][unit])
    return bool(value > condition["above"][unit]) if "above" in condition else True


def _shows(word: str, sugar: Glucose | None) -> bool:
    if sugar is None or sugar.word is None:
        return False
    return word == "word" or (sugar.word == "HI" and sugar.device != "cgm")
