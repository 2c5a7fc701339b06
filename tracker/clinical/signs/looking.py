"""Small helpers that several families of signs share."""

from __future__ import annotations

from collections.abc import Callable, Collection

from ..course import Moment, Reading
from ..findings import Evidence, Fact
from ..quantities import Glucose, Temperature

Seen = Callable[[Reading], str | None]


def evidence(reading: Reading, item: str) -> Evidence:
    """One answer of a reading, as it is kept with the finding."""
    return Evidence(reading.id, item, _plain(answer(reading, item)))


def answer(reading: Reading, item: str) -> object:
    """What a reading says about an item; None when it was not answered."""
    part, _, field = item.partition(".")
    if field:
        return getattr(getattr(reading, part), field, None)
    if item == "temperature":
        return reading.temperature
    if item == "glucose":
        return reading.glucose
    if item == "other":
        return reading.other and reading.other.urgency
    return reading.symptoms.get(item)


def _plain(value: object) -> object:
    if isinstance(value, Glucose):
        return {"value": value.word or str(value.value), "unit": value.unit, "device": value.device}
    if isinstance(value, Temperature):
        return {"value": str(value.value), "unit": value.unit}
    return value


def says_yes(symptoms: Collection[str]) -> Seen:
    """Sees the first of these symptoms that a reading reports."""

    def seen(reading: Reading) -> str | None:
        return next((name for name in symptoms if reading.symptoms.get(name) is True), None)

    return seen


def within(
    moment: Moment, hours: float, one: Seen, other: Seen
) -> list[tuple[Reading, str]] | None:
    """Two things of which this reading says one and it, or one not long before it, the other.

    Whichever of the two is reported later finds the earlier one, so it does not matter which of
    them reached us first.
    """
    for mine, theirs in ((one, other), (other, one)):
        own = mine(moment.reading)
        if own is None:
            continue
        for reading in moment.lookback(hours):
            item = theirs(reading)
            if item is not None:
                return [(moment.reading, own), (reading, item)]
    return None


def named(reading: Reading, item: str) -> str:
    """An item for a sentence: its name, and its value where there is more to say than yes."""
    value = answer(reading, item)
    return item if value is True else f"{item}={value}"


def told(pairs: list[tuple[Reading, str]]) -> Fact:
    """The items of a pair, for a sentence."""
    return [named(reading, item) for reading, item in pairs]


def kept(pairs: list[tuple[Reading, str]]) -> list[Evidence]:
    """The items of a pair, for the record."""
    return [evidence(reading, item) for reading, item in pairs]
