"""Temperatures and sugar readings, kept in the unit that the patient typed.

A limit is written once for each unit and a reading is compared inside its own unit. Converting
first would move the limit: 13.3 mmol/L is 239.6 mg/dL by arithmetic, and yet both devices mean 240.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

TemperatureUnit = Literal["Cel", "[degF]"]
GlucoseUnit = Literal["mg/dL", "mmol/L"]
Word = Literal["HI", "LO"]
Device = Literal["meter", "cgm"]

UNIT_SIGNS = {"Cel": "°C", "[degF]": "°F", "mg/dL": "mg/dL", "mmol/L": "mmol/L"}
DISPLAY_STEPS = {
    "Cel": Decimal("0.1"),
    "[degF]": Decimal("0.1"),
    "mg/dL": Decimal(1),
    "mmol/L": Decimal("0.1"),
}
MG_DL_IN_ONE_MMOL_L = Decimal("18.0182")
# A sensor says HIGH above 400 mg/dL. A meter gives no figure, only that it is beyond its scale.
SENSOR_HIGH = {"mg/dL": Decimal(401), "mmol/L": Decimal("22.3")}


@dataclass(slots=True)
class Temperature:
    """A body temperature in degrees Celsius or Fahrenheit."""

    value: Decimal
    unit: TemperatureUnit

    @property
    def number(self) -> Decimal:
        return self.value

    def __str__(self) -> str:
        return f"{self.value} {UNIT_SIGNS[self.unit]}"


@dataclass(slots=True)
class Glucose:
    """A sugar reading in mg/dL or mmol/L, or the word that the device showed instead."""

    value: Decimal | None
    unit: GlucoseUnit = "mg/dL"
    word: Word | None = None
    device: Device | None = None

    @property
    def number(self) -> Decimal:
        """Where the reading stands on its unit's scale; a word stands beyond the scale's end."""
        if self.value is not None:
            return self.value
        if self.word == "LO":
            return Decimal(0)
        return SENSOR_HIGH[self.unit] if self.device == "cgm" else Decimal("Infinity")

    def __str__(self) -> str:
        if self.value is None:
            return self.word or ""
        return f"{self.value} {UNIT_SIGNS[self.unit]}"


Quantity = Temperature | Glucose


@dataclass(slots=True)
class PairedLimit:
    """One limit, written down once in each unit of its kind."""

    numbers: Mapping[str, Decimal]

    def reached_by(self, quantity: Quantity) -> bool:
        return quantity.number >= self.numbers[quantity.unit]

    def within(self, unit: str) -> Quantity:
        """The limit as a quantity in that unit, for saying it."""
        number = self.numbers[unit]
        if unit == "Cel" or unit == "[degF]":
            return Temperature(number, "Cel" if unit == "Cel" else "[degF]")
        return Glucose(number, "mg/dL" if unit == "mg/dL" else "mmol/L")

    def as_json(self) -> dict[str, str]:
        return {unit: str(number) for unit, number in self.numbers.items()}


def celsius(value: str | int) -> Temperature:
    """A temperature in °C."""
    return Temperature(Decimal(value), "Cel")


def fahrenheit(value: str | int) -> Temperature:
    """A temperature in °F."""
    return Temperature(Decimal(value), "[degF]")


def mg_dl(value: str | int, device: Device | None = None) -> Glucose:
    """A sugar reading in mg/dL."""
    return Glucose(Decimal(value), "mg/dL", None, device)


def mmol_l(value: str | int, device: Device | None = None) -> Glucose:
    """A sugar reading in mmol/L."""
    return Glucose(Decimal(value), "mmol/L", None, device)


def temperatures(cel: str, deg_f: str) -> PairedLimit:
    """A limit in °C and in °F."""
    return PairedLimit({"Cel": Decimal(cel), "[degF]": Decimal(deg_f)})


def sugars(mg: str, mmol: str) -> PairedLimit:
    """A limit in mg/dL and in mmol/L."""
    return PairedLimit({"mg/dL": Decimal(mg), "mmol/L": Decimal(mmol)})


def in_unit(number: Decimal, unit: str, wanted: str) -> Decimal:
    """A number moved to another unit and rounded to its display step.

    Only for measuring how far two readings are apart when they were typed in different units.
    A limit is never compared like this.
    """
    if unit == wanted or not number.is_finite():
        return number
    return _moved(number, wanted).quantize(DISPLAY_STEPS[wanted], ROUND_HALF_UP)


def _moved(number: Decimal, wanted: str) -> Decimal:
    if wanted == "Cel":
        return (number - 32) * 5 / 9
    if wanted == "[degF]":
        return number * 9 / 5 + 32
    if wanted == "mg/dL":
        return number * MG_DL_IN_ONE_MMOL_L
    return number / MG_DL_IN_ONE_MMOL_L
