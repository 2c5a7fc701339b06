"""Reads a recorded course: a patient, a procedure, and entries with their times.

The format is that of the labelled vignettes: an entry is one part of a check-in, a `tick` of the
clock, an action of `staff` on a sign, or a use of `ice`. Times stand in hours since the procedure
(`h`, `recorded_h`), or as `observed_at` and `recorded_at`. A `check_in` is a whole one, with its
`answers` as the phone sent them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .course import PatientFacts, ProcedureFacts
from .quantities import Glucose

PATIENT_KINDS = ("pain", "temperature", "glucose", "site", "symptoms", "other", "check_in")
KINDS = (*PATIENT_KINDS, "tick", "staff", "ice")
FIELDS = {
    "temperature": ("value", "unit", "antipyretic_within_6h"),
    "glucose": ("value", "unit", "device"),
    "site": ("redness", "swelling", "warmth", "drainage", "streaks", "bruise", "trend"),
}
Entry = Mapping[str, Any]


class Unreadable(ValueError):
    """Correct the file: the sentence says which entry is wrong, and how."""


def entries(recorded: Mapping[str, Any], facts: ProcedureFacts) -> list[dict[str, Any]]:
    """The entries of a course, each with its two times as datetimes."""
    return [_timed(entry, n, facts) for n, entry in enumerate(recorded.get("entries", ()))]


def _timed(entry: Entry, index: int, facts: ProcedureFacts) -> dict[str, Any]:
    if entry.get("kind") not in KINDS:
        raise Unreadable(f"Entry {index} is of kind {entry.get('kind')!r}, which is unknown.")
    observed_at = _when(entry, index, "observed_at", "h", facts)
    late = entry.get("recorded_at") or entry.get("recorded_h") is not None
    recorded_at = _when(entry, index, "recorded_at", "recorded_h", facts) if late else observed_at
    return {**entry, "observed_at": observed_at, "recorded_at": recorded_at}


def _when(entry: Entry, index: int, name: str, hours: str, facts: ProcedureFacts) -> datetime:
    if entry.get(name):
        return datetime.fromisoformat(entry[name])
    if facts.ended_at is None or not isinstance(entry.get(hours), int | float):
        raise Unreadable(f"Entry {index} needs {name}, or {hours} and the end of the procedure.")
    return facts.ended_at.astimezone(UTC) + timedelta(hours=entry[hours])


def body(entry: Entry) -> dict[str, Any]:
    """A patient's entry as the phone would have sent it."""
    kind = entry["kind"]
    if kind == "check_in":
        return {**entry["answers"], "observed_at": entry["observed_at"].isoformat()}
    sent = {"observed_at": entry["observed_at"].isoformat(), kind: _part(kind, entry)}
    if entry.get("confirmed"):
        sent["confirmed"] = [kind]
    return sent


def _part(kind: str, entry: Entry) -> dict[str, Any]:
    if kind == "symptoms":
        return dict(entry["items"])
    if kind == "other":
        return {"text": entry.get("text"), "urgency": entry.get("patient_urgency")}
    if kind == "pain":
        score = {entry["where"]: entry["value"]}
        return {**score, **_given(entry, ("controlled", "worse_than_before"))}
    return _given(entry, FIELDS[kind])


def _given(entry: Entry, keys: Sequence[str]) -> dict[str, Any]:
    return {key: entry[key] for key in keys if key in entry}


def repeated(recorded: Mapping[str, Any]) -> set[int]:
    """The entries that repeat an earlier one: a retry may lead to nothing at all."""
    seen: set[str] = set()
    again = set()
    for index, entry in enumerate(recorded.get("entries", ())):
        client_id = entry.get("client_id")
        if client_id in seen:
            again.add(index)
        if client_id is not None:
            seen.add(client_id)
    return again


def patient(recorded: Mapping[str, Any]) -> PatientFacts:
    """What the clinic knew about the patient."""
    facts = recorded["patient"]
    zone = facts.get("timezone")
    return PatientFacts(
        diabetes=bool(facts.get("diabetes")),
        insulin=bool(facts.get("insulin")),
        anticoagulant=bool(facts.get("anticoagulant")),
        immunosuppressed=bool(facts.get("immunosuppressed")),
        ice_contraindicated=bool(facts.get("ice_contraindicated")),
        baseline_pain=facts.get("baseline_pain"),
        baseline_glucose=_baseline(facts.get("baseline_glucose")),
        zone=ZoneInfo(zone) if zone else None,
    )


def _baseline(value: object) -> Glucose | None:
    if value is None:
        return None
    if isinstance(value, Mapping):
        unit = value.get("unit", "mg/dL")
        return Glucose(Decimal(str(value["value"])), "mmol/L" if unit == "mmol/L" else "mg/dL")
    return Glucose(Decimal(str(value)), "mg/dL")


def procedure(recorded: Mapping[str, Any]) -> ProcedureFacts:
    """Which procedure it was, and when it ended."""
    facts = recorded["procedure"]
    ended_at = facts.get("ended_at")
    return ProcedureFacts(
        kind=facts.get("kind", "therapeutic"),
        ended_at=datetime.fromisoformat(ended_at) if ended_at else None,
        steroid=facts.get("steroid"),
    )
