"""What a phone asks back about a number that may not be right, by the server's own ranges."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Any

from .. import plausible
from ..answers import Problem
from ..plausible import Question, Refused
from ..protocol import Protocol
from ..quantities import UNIT_SIGNS, Glucose, Temperature
from ..vocabulary import GLUCOSE_UNITS, TEMPERATURE_UNITS

CENT = Decimal("0.01")
Outcome = dict[str, str] | None


def outcomes(protocol: Protocol, language: str, emergency_number: str) -> dict[str, Any]:
    """For each unit, what the intake does with every number that can be typed.

    Two lists for each, of whole numbers and of others: [hundredths, outcome] holds from there up
    to the next line. None means that the number counts. The intake itself is asked, on both sides
    of every number that it compares with, so that no range is written down twice.
    """
    edges = _edges(protocol)
    kinds = {"whole": _whole(edges), "parts": _parts(edges)}

    def of(unit: str) -> dict[str, list[list[object]]]:
        return {
            kind: list(_runs(unit, numbers, protocol, language, emergency_number))
            for kind, numbers in kinds.items()
        }

    return {
        "temperature": {unit: of(unit) for unit in TEMPERATURE_UNITS},
        "glucose": {unit: of(unit) for unit in GLUCOSE_UNITS},
    }


def _edges(protocol: Protocol) -> list[Decimal]:
    ranges = (*plausible.TEMPERATURES.values(), *plausible.SUGARS.values())
    limits = (protocol.fever, protocol.g_high, protocol.g_vlow)
    return [
        *(edge for both in ranges for edge in both),
        *(number for limit in limits for number in limit.numbers.values()),
        plausible.LOWEST_METER_MG_DL,
        plausible.HIGHEST_SUGAR,
    ]


def _whole(edges: list[Decimal]) -> list[Decimal]:
    up = [edge.to_integral_value(ROUND_CEILING) for edge in edges]
    after = [(edge + CENT).to_integral_value(ROUND_CEILING) for edge in edges]
    return sorted({Decimal(0), *up, *after})


def _parts(edges: list[Decimal]) -> list[Decimal]:
    near = (number for edge in edges for number in (edge, edge + CENT))
    return sorted({CENT, *(number for number in near if number != number.to_integral_value())})


def _runs(
    unit: str, numbers: list[Decimal], protocol: Protocol, language: str, emergency_number: str
) -> Iterator[list[object]]:
    before: object = "nothing yet"
    for number in numbers:
        outcome = _outcome(number, unit, protocol, language, emergency_number)
        if outcome != before:
            before = outcome
            yield [int(number * 100), outcome]


def _outcome(
    number: Decimal, unit: str, protocol: Protocol, language: str, emergency_number: str
) -> Outcome:
    judged: Temperature | Glucose | Question | Refused
    if unit in TEMPERATURE_UNITS:
        pointer, judged = (
            "/temperature",
            plausible.temperature(number, TEMPERATURE_UNITS[unit], protocol),
        )
    else:
        pointer, judged = "/glucose", plausible.glucose(number, GLUCOSE_UNITS[unit], None, protocol)
    if isinstance(judged, Question):
        return {"code": judged.code, "detail": _template(judged, language, emergency_number)}
    if isinstance(judged, Refused):
        problem = Problem(f"{pointer}/value", judged.code, judged.phrase, judged.facts)
        return {"code": judged.code, "detail": problem.say(language)}
    return None


def _template(question: Question, language: str, emergency_number: str) -> str:
    """The question with {value} where the number stands that was typed."""
    typed = question.typed.rpartition(" ")[0]
    said = question.say(language, emergency_number)
    for sign in UNIT_SIGNS.values():
        said = said.replace(f"{typed} {sign}", f"{{value}} {sign}")
    return said
