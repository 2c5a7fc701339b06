"""Which temperatures and sugars can be, which need a question back, and which cannot be.

Nothing is converted: a value that fits only the other unit comes back as a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from . import phrases
from .protocol import Protocol
from .quantities import Device, Glucose, GlucoseUnit, Quantity, Temperature, TemperatureUnit

Code = Literal["ask_unit", "ask_unit_urgent"]

TEMPERATURES: Mapping[str, tuple[Decimal, Decimal]] = {
    "Cel": (Decimal("34.0"), Decimal("43.0")),
    "[degF]": (Decimal("93.2"), Decimal("109.4")),
}
SUGARS: Mapping[str, tuple[Decimal, Decimal]] = {
    "mg/dL": (Decimal(34), Decimal(900)),
    "mmol/L": (Decimal("0.6"), Decimal("33.3")),
}
LOWEST_METER_MG_DL = Decimal(10)
HIGHEST_SUGAR = Decimal(900)
WITHOUT_SUGGESTION: Mapping[Code, str] = {
    "ask_unit": "ask_value",
    "ask_unit_urgent": "ask_value_urgent",
}


@dataclass(slots=True)
class Question:
    """A value that was kept out and comes back: which unit, or which number, was meant."""

    pointer: str
    code: Code
    typed: str
    suggested: Quantity | None

    @property
    def urgent(self) -> bool:
        return self.code == "ask_unit_urgent"

    @property
    def suggestion(self) -> dict[str, str] | None:
        """What the phone may offer to send instead."""
        if self.suggested is None:
            return None
        return {"value": str(self.suggested.number), "unit": self.suggested.unit}

    @property
    def detail(self) -> str:
        return self.say("en")

    def say(self, language: str = "en", emergency_number: str = "911") -> str:
        """The question as the patient reads it."""
        phrase = self.code if self.suggested is not None else WITHOUT_SUGGESTION[self.code]
        facts = {"suggested": self.suggested, "typed": self.typed, "emergency": emergency_number}
        return phrases.say(phrase, facts, language)


@dataclass(slots=True)
class Refused:
    """A value that fits no unit: the phrase that says what would be right, and its facts."""

    code: str
    phrase: str
    facts: dict[str, object]


def temperature(
    value: Decimal, unit: TemperatureUnit, protocol: Protocol
) -> Temperature | Question | Refused:
    """Accept a temperature, ask about its unit, or refuse it."""
    typed = Temperature(value, unit)
    if _inside(value, TEMPERATURES[unit]):
        return typed
    other = Temperature(value, "[degF]" if unit == "Cel" else "Cel")
    if _inside(value, TEMPERATURES[other.unit]):
        return Question("/temperature", _code(protocol.fever.reached_by(other)), str(typed), other)
    low, high = TEMPERATURES[unit]
    return Refused("reject_range", "range", {"low": low, "high": high})


def glucose(
    value: Decimal, unit: GlucoseUnit, device: Device | None, protocol: Protocol
) -> Glucose | Question | Refused:
    """Accept a sugar reading, ask about its unit, or refuse it."""
    typed = Glucose(value, unit, None, device)
    if unit == "mg/dL":
        return _mg_dl(typed, value, protocol)
    return _mmol_l(typed, value, protocol)


def _mg_dl(typed: Glucose, value: Decimal, protocol: Protocol) -> Glucose | Question | Refused:
    low, high = SUGARS["mg/dL"]
    whole = value == value.to_integral_value()
    if whole and low <= value <= high:
        return typed
    other = Glucose(value, "mmol/L", None, typed.device)
    if _inside(value, SUGARS["mmol/L"]):
        # From 10 on a meter can show it, and then it is a deadly low; below, only mmol/L can be.
        urgent = value >= LOWEST_METER_MG_DL or _calls(other, protocol)
        return Question("/glucose", _code(urgent), str(typed), other)
    if whole or value > high or value < low:
        return Refused("reject_range", "range", {"low": low, "high": high})
    return Refused("reject_not_integer", "not_whole_sugar", {"low": low, "high": high})


def _mmol_l(typed: Glucose, value: Decimal, protocol: Protocol) -> Glucose | Question | Refused:
    low, high = SUGARS["mmol/L"]
    if low <= value <= high:
        return typed
    if not high < value <= HIGHEST_SUGAR:
        return Refused("reject_range", "range", {"low": low, "high": high})
    other = Glucose(value, "mg/dL", None, typed.device)
    # A meter in mg/dL shows no decimals, so with decimals there is nothing to suggest.
    whole = value == value.to_integral_value()
    urgent = _calls(other, protocol)
    return Question("/glucose", _code(urgent), str(typed), other if whole else None)


def _calls(sugar: Glucose, protocol: Protocol) -> bool:
    return protocol.g_high.reached_by(sugar) or not protocol.g_vlow.reached_by(sugar)


def _inside(value: Decimal, bounds: tuple[Decimal, Decimal]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _code(urgent: bool) -> Code:
    return "ask_unit_urgent" if urgent else "ask_unit"
