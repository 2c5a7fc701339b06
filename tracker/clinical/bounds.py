"""Which numbers a clinic may set, and how far.

Every other number of the protocol is fixed: nobody can lower, mute or delay it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


class OutOfBounds(ValueError):
    """Refuse this protocol: the sentence names the setting and says what is allowed."""


@dataclass(slots=True, frozen=True)
class Setting:
    """One number that a clinic may change, with its unit, its bounds and where it comes from."""

    name: str
    title: str
    unit: str
    low: str
    high: str
    provenance: str
    kind: str | None = None
    choices: tuple[int, ...] = ()

    @property
    def allowed(self) -> str:
        """What may be entered, in words."""
        if self.choices:
            return " or ".join(str(choice) for choice in self.choices) + f" {self.unit}"
        return f"{self.low} to {self.high} {self.unit}"

    def check(self, number: Decimal) -> Decimal:
        """The number itself, or OutOfBounds."""
        inside = Decimal(self.low) <= number <= Decimal(self.high)
        if not inside or (self.choices and number not in self.choices):
            raise OutOfBounds(f"{self.label} is {number} {self.unit}; allowed is {self.allowed}.")
        return number

    @property
    def label(self) -> str:
        return f"{self.name} ({self.kind})" if self.kind else self.name


PAIRED = {
    "fever": (
        Setting("fever", "Fever line", "Cel", "37.8", "38.5", "UW5656, KRAMES-NRB"),
        Setting("fever", "Fever line", "[degF]", "100.0", "101.3", "UW5656, KRAMES-NRB"),
    ),
    "g_high": (
        Setting("g_high", "Sugar that calls", "mg/dL", "250", "400", "LONETREE, KRAMES-HYPER"),
        Setting("g_high", "Sugar that calls", "mmol/L", "13.9", "22.2", "LONETREE, KRAMES-HYPER"),
    ),
}

SINGLE = {
    setting.name: setting
    for setting in (
        Setting("fever_confirm_h", "Second fever reading after", "h", "0", "4", "UW5656",
                choices=(0, 4)),
        Setting("persist_h", "Early soreness lasts", "h", "48", "168", "SEED1, FLARE"),
        Setting("severe", "Severe pain starts at", "of 10", "7", "10", "PHILLY"),
        Setting("site_grace_h", "Mild redness is tolerated for", "h", "0", "72", "proposal"),
        Setting("site_resolve_h", "Redness must be gone after", "h", "48", "168", "proposal"),
        Setting("weak_h", "Weak or numb leg calls from", "h", "6", "12", "KRAMES-NRB, LAKEVIEW"),
        Setting("area_numb_h", "Numb skin calls from", "h", "12", "48", "LAKEVIEW, RANZ"),
        Setting("g_high_count", "High sugars before a call", "readings", "1", "2", "HELPOF",
                choices=(1, 2)),
        Setting("dx_percent", "Relief that makes a block positive", "%", "30", "100", "COHEN2020"),
        Setting("active_h", "Daily follow-up lasts", "h", "168", "720", "UW5656"),
        Setting("outcome_d", "Outcomes are asked for", "days", "0", "365", "SEED1"),
    )
}  # fmt: skip

BY_KIND = {
    ("rfa", "persist_h"): Setting(
        "persist_h", "Early soreness lasts after RFA", "h", "168", "672", "ALEXBONE", kind="rfa"
    ),
}

SETTABLE = frozenset((*PAIRED, *SINGLE))


def whole(name: str, value: object) -> int:
    """A whole number as it came from a form or a file, or OutOfBounds."""
    number = decimal(name, value)
    if number != number.to_integral_value():
        raise OutOfBounds(f"{name} is {value}; it must be a whole number.")
    return int(number)


def decimal(name: str, value: object) -> Decimal:
    """A number as it came from a form or a file, or OutOfBounds."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        raise OutOfBounds(f"{name} is {value!r}; it must be a number.") from None
    if not number.is_finite():
        raise OutOfBounds(f"{name} is {value!r}; it must be a number.")
    return number


def check_pair(name: str, pair: Mapping[str, Decimal]) -> None:
    """Refuse a pair that is out of bounds, or whose two values do not mean the same."""
    for setting in PAIRED[name]:
        setting.check(pair[setting.unit])
    if name == "fever" and abs(pair["Cel"] * 9 / 5 + 32 - pair["[degF]"]) > Decimal("0.1"):
        raise OutOfBounds("fever must be the same temperature in Cel and in [degF].")
    if name == "g_high" and abs(pair["mmol/L"] * 18 - pair["mg/dL"]) > Decimal(2):
        raise OutOfBounds("g_high must be the same sugar in mg/dL and in mmol/L.")
