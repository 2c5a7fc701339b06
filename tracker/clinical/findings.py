"""What a rule says about a reading: present with its reason, absent, or unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from typing import Any

from . import phrases
from .quantities import Quantity


class Tier(IntEnum):
    """How soon somebody must act, from nothing to do up to an emergency call."""

    INFO = 0
    WATCH = 1
    CALL_TODAY = 2
    EMERGENCY = 3

    @property
    def wire(self) -> str:
        """The name in JSON: info, watch, call_today or emergency."""
        return self.name.lower()

    @classmethod
    def of(cls, wire: str) -> Tier:
        """The tier with this name in JSON."""
        return cls[wire.upper()]


@dataclass(slots=True)
class Measure:
    """How bad a sign is as one number, for seeing later whether it got materially worse.

    `kind` is temperature, glucose, pain or grade; `unit` is the unit typed, else "1".
    """

    kind: str
    value: Decimal
    unit: str = "1"

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind, "value": str(self.value), "unit": self.unit}

    @classmethod
    def from_json(cls, stored: Mapping[str, str] | None) -> Measure | None:
        """The measure as as_json wrote it."""
        if not stored:
            return None
        return cls(stored["kind"], Decimal(stored["value"]), stored["unit"])

    @classmethod
    def of(cls, kind: str, quantity: Quantity) -> Measure:
        """The measure of a temperature or a sugar reading, in its own unit."""
        return cls(kind, quantity.number, quantity.unit)


def score(value: int | None) -> Measure | None:
    """The measure of a pain score, 0 to 10."""
    return None if value is None else Measure("pain", Decimal(value))


def grade(value: int | None) -> Measure | None:
    """The measure of a site grade, 0 to 3."""
    return None if value is None else Measure("grade", Decimal(value))


Fact = str | int | list[str]


@dataclass(slots=True)
class Reason:
    """The evidence as a phrase and its facts, so that it can be said in each language."""

    phrase: str
    facts: dict[str, Fact]

    def say(self, language: str = "en") -> str:
        return phrases.say(self.phrase, self.facts, language)


def because(phrase: str, **facts: object) -> Reason:
    """A reason; quantities are put down as they were typed."""
    return Reason(phrase, {name: _plain(fact) for name, fact in facts.items()})


def _plain(fact: object) -> Fact:
    if isinstance(fact, float):
        # Cut, not rounded: 11.99 h must not be said as 12.0 h beside a limit of 12.
        whole = int(fact * 10) / 10
        return str(int(whole)) if whole == int(whole) else str(whole)
    return fact if isinstance(fact, int | list) else str(fact)


@dataclass(slots=True)
class Evidence:
    """One answer that a rule looked at: which reading, which item, what it said."""

    reading: str
    item: str
    value: object

    def as_json(self) -> dict[str, object]:
        return {"reading": self.reading, "item": self.item, "value": self.value}


@dataclass(slots=True)
class Present:
    """A rule that fired. The rule's name, sign and moment are filled in by the catalogue."""

    tier: Tier
    reason: Reason
    measure: Measure | None = None
    limit: str = ""
    also: list[Evidence] = field(default_factory=list)
    rule: str = ""
    sign: str = ""
    source: str = ""
    reading: str = ""
    observed_at: datetime | None = None
    inputs: list[Evidence] = field(default_factory=list)

    def because(self, language: str = "en") -> str:
        """The evidence in one sentence, as staff and the patient read it."""
        return self.reason.say(language)

    def as_json(self) -> dict[str, Any]:
        """Everything needed to answer "why this alert?" later on."""
        return {
            "rule": self.rule,
            "sign": self.sign,
            "tier": self.tier.wire,
            "because": {"phrase": self.reason.phrase, "facts": self.reason.facts},
            "measure": self.measure.as_json() if self.measure else None,
            "limit": self.limit,
            "inputs": [evidence.as_json() for evidence in self.inputs],
            "source": self.source,
            "reading": self.reading,
            "observed_at": self.observed_at.isoformat() if self.observed_at else None,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Present:
        """The finding as as_json wrote it."""
        seen = stored["observed_at"]
        return cls(
            tier=Tier.of(stored["tier"]),
            reason=Reason(stored["because"]["phrase"], dict(stored["because"]["facts"])),
            measure=Measure.from_json(stored["measure"]),
            limit=stored["limit"],
            rule=stored["rule"],
            sign=stored["sign"],
            source=stored["source"],
            reading=stored["reading"],
            observed_at=datetime.fromisoformat(seen) if seen else None,
            inputs=[Evidence(**evidence) for evidence in stored["inputs"]],
        )


# Made by most rules at each check-in: it holds nothing, so that nothing needs to be set.
@dataclass(slots=True, init=False)
class Absent:
    """The rule looked and found nothing."""


@dataclass(slots=True)
class Unknown:
    """The rule could not look: this was not answered. It is never good news."""

    what: str


Finding = Present | Absent | Unknown
