"""The clinic's numbers: each with its unit, its default and where the default comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any

from . import bounds
from .bounds import OutOfBounds, Setting
from .quantities import PairedLimit, sugars, temperatures

__all__ = [
    "RULE_SET_VERSION",
    "OutOfBounds",
    "Protocol",
    "Setting",
    "merged",
    "settings",
    "settled",
]

RULE_SET_VERSION = "1"


def _by_kind() -> dict[str, dict[str, int]]:
    return {"rfa": {"persist_h": 336, "rise_h": 336}}


@dataclass(slots=True)
class Protocol:
    """Every number that a rule compares with; names ending in _h are elapsed hours."""

    fever: PairedLimit = field(default_factory=lambda: temperatures("38.0", "100.4"))
    fever_confirm_h: int = 0
    low_grade: PairedLimit = field(default_factory=lambda: temperatures("37.8", "100.0"))
    # The emergency rules keep lines of their own: a clinic's fever line does not move them.
    sepsis_fever: PairedLimit = field(default_factory=lambda: temperatures("38.0", "100.4"))
    cold: PairedLimit = field(default_factory=lambda: temperatures("36.0", "96.8"))
    lookback_h: int = 12
    infection_window_h: int = 720
    worse_temperature: PairedLimit = field(default_factory=lambda: temperatures("0.5", "0.9"))

    g_vlow: PairedLimit = field(default_factory=lambda: sugars("54", "3.0"))
    g_low: PairedLimit = field(default_factory=lambda: sugars("70", "3.9"))
    g_low_again_h: int = 24
    g_ketone: PairedLimit = field(default_factory=lambda: sugars("240", "13.3"))
    g_high: PairedLimit = field(default_factory=lambda: sugars("300", "16.7"))
    g_high_count: int = 1
    g_high_again_h: int = 24
    g_vhigh: PairedLimit = field(default_factory=lambda: sugars("400", "22.2"))
    g_hi_again_h: int = 2
    g_nodm: PairedLimit = field(default_factory=lambda: sugars("200", "11.1"))
    g_delta: PairedLimit = field(default_factory=lambda: sugars("100", "5.6"))
    g_delta_floor: PairedLimit = field(default_factory=lambda: sugars("180", "10.0"))
    g_persist_h: int = 192
    g_persist_floor: PairedLimit = field(default_factory=lambda: sugars("180", "10.0"))
    g_persist_delta: PairedLimit = field(default_factory=lambda: sugars("50", "2.8"))

    mcid: int = 2
    moderate: int = 4
    severe: int = 8
    persist_h: int = 72
    persist_gap_h: int = 12
    rise_h: int = 48
    rise_from_h: int = 24

    site_grace_h: int = 48
    site_resolve_h: int = 96
    site_worse_h: int = 24
    clear_fluid_h: int = 48
    warmth_h: int = 48

    weak_h: int = 12
    area_numb_h: int = 24
    last_h: int = 6
    retention_h: int = 8

    quiet_h: int = 12
    silent_early_h: int = 24
    silent_early_until_h: int = 96
    silent_late_h: int = 48
    question_min: int = 15
    active_h: int = 336
    outcome_d: int = 180
    dx_percent: int = 50
    by_kind: dict[str, dict[str, int]] = field(default_factory=_by_kind)
    _kinds: dict[str, Protocol] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def default(cls) -> Protocol:
        """The numbers of the shipped rule set."""
        return cls()

    @classmethod
    def from_numbers(cls, numbers: Mapping[str, Any]) -> Protocol:
        """The default with a clinic's own numbers; OutOfBounds names the first one refused."""
        protocol = cls()
        for name, value in numbers.items():
            if name not in NAMES:
                raise OutOfBounds(f"{name} is not a setting of this rule set.")
            setattr(protocol, name, _read(protocol, name, value))
        return protocol

    def numbers(self) -> dict[str, Any]:
        """Every number, as JSON can hold it; from_numbers reads it back."""
        return {name: _written(getattr(self, name)) for name in NAMES}

    def changes(self) -> dict[str, Any]:
        """What a clinic has set, as it is stored: the numbers that are not the defaults."""
        usual = Protocol()
        return {
            name: value
            for name, value in settled(self.numbers()).items()
            if getattr(self, name) != getattr(usual, name)
        }

    def for_kind(self, kind: str) -> Protocol:
        """The same protocol with the numbers that this kind of procedure has for itself."""
        changed = self.by_kind.get(kind)
        if not changed:
            return self
        if kind not in self._kinds:
            self._kinds[kind] = replace(self, _kinds={}, by_kind={}, **changed)  # type: ignore[arg-type]
        return self._kinds[kind]


NAMES = frozenset(f.name for f in fields(Protocol) if not f.name.startswith("_"))


def settings() -> tuple[Setting, ...]:
    """Every number that a clinic may set, one row for each unit and kind of procedure."""
    paired = [setting for pair in bounds.PAIRED.values() for setting in pair]
    return (*paired, *bounds.SINGLE.values(), *bounds.BY_KIND.values())


def settled(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers that a clinic may set, written the way they are stored.

    Fixed numbers may be repeated, so they are read and then left out; OutOfBounds names the first
    one refused.
    """
    protocol = Protocol.from_numbers(numbers)
    kept = {name: _stored(getattr(protocol, name)) for name in numbers if name in bounds.SETTABLE}
    by_kind: dict[str, dict[str, int]] = {}
    for kind, name in bounds.BY_KIND:
        if name in numbers.get("by_kind", {}).get(kind, {}):
            by_kind.setdefault(kind, {})[name] = protocol.by_kind[kind][name]
    return {**kept, "by_kind": by_kind} if by_kind else kept


def merged(numbers: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers with others on top, down to each number that a kind of procedure has for itself."""
    by_kind = {
        kind: {**numbers.get("by_kind", {}).get(kind, {}), **given}
        for kind, given in more.get("by_kind", {}).items()
    }
    both = {**numbers, **more}
    return {**both, "by_kind": {**numbers.get("by_kind", {}), **by_kind}} if by_kind else both


def _stored(value: object) -> object:
    # Never in scientific notation: the database reads these numbers again.
    if isinstance(value, PairedLimit):
        return {unit: f"{number:f}" for unit, number in value.numbers.items()}
    return value


def _read(default: Protocol, name: str, value: object) -> object:
    if name == "by_kind":
        return _read_kinds(value)
    standing = getattr(default, name)
    if isinstance(standing, PairedLimit):
        return _read_pair(name, standing, value)
    number = bounds.whole(name, value)
    if name in bounds.SINGLE:
        bounds.SINGLE[name].check(Decimal(number))
    elif number != standing:
        raise OutOfBounds(f"{name} is fixed at {standing}.")
    return number


def _read_pair(name: str, standing: PairedLimit, value: object) -> PairedLimit:
    if not isinstance(value, Mapping):
        # A difference used to be written in mg/dL alone; it may be repeated, never changed.
        value = {**standing.numbers, "mg/dL": bounds.decimal(name, value)}
    if set(value) != set(standing.numbers):
        raise OutOfBounds(f"{name} needs a value in {' and in '.join(standing.numbers)}.")
    pair = {unit: bounds.decimal(name, value[unit]) for unit in standing.numbers}
    if name in bounds.PAIRED:
        bounds.check_pair(name, pair)
    elif pair != standing.numbers:
        fixed = " | ".join(str(standing.within(unit)) for unit in standing.numbers)
        raise OutOfBounds(f"{name} is fixed at {fixed}.")
    return PairedLimit(pair)


def _read_kinds(value: object) -> dict[str, dict[str, int]]:
    if not isinstance(value, Mapping):
        raise OutOfBounds("by_kind must name a kind of procedure and its numbers.")
    kinds = _by_kind()
    for kind, numbers in value.items():
        if kind not in kinds or not isinstance(numbers, Mapping):
            raise OutOfBounds(f"by_kind has no numbers for {kind}.")
        for name, number in numbers.items():
            kinds[kind][name] = _read_for_kind(kinds, kind, name, number)
    return kinds


def _read_for_kind(kinds: dict[str, dict[str, int]], kind: str, name: str, value: object) -> int:
    if name not in kinds[kind]:
        raise OutOfBounds(f"{name} cannot be set for {kind}.")
    number = bounds.whole(name, value)
    setting = bounds.BY_KIND.get((kind, name))
    if setting is not None:
        setting.check(Decimal(number))
    elif number != kinds[kind][name]:
        raise OutOfBounds(f"{name} ({kind}) is fixed at {kinds[kind][name]}.")
    return number


def _written(value: object) -> object:
    return value.as_json() if isinstance(value, PairedLimit) else value
