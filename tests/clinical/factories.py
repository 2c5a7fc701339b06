"""Readings and courses with a default for everything: a test names only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tracker.clinical import assessment, triage
from tracker.clinical.course import (
    Course,
    Other,
    Pain,
    PatientFacts,
    ProcedureFacts,
    Reading,
    Site,
)
from tracker.clinical.findings import Measure, Present, Reason, Tier
from tracker.clinical.protocol import Protocol
from tracker.clinical.quantities import Glucose, Temperature

T0 = datetime(2026, 9, 8, 14, 0, tzinfo=UTC)
DEFAULT = Protocol.default()
INFO, WATCH, CALL, EMERGENCY = Tier.INFO, Tier.WATCH, Tier.CALL_TODAY, Tier.EMERGENCY


def at(h: float) -> datetime:
    return T0 + timedelta(hours=h)


def a_temperature(text: str) -> Temperature:
    """ "38.1 C" or "100.4 F"."""
    value, unit = text.split()
    return Temperature(Decimal(value), "Cel" if unit == "C" else "[degF]")


def a_glucose(text: str) -> Glucose:
    """ "310", "16.7 mmol/L", "HI meter", "LO cgm"."""
    value, _, rest = text.partition(" ")
    if value in ("HI", "LO"):
        return Glucose(None, "mg/dL", value, rest or None)
    return Glucose(Decimal(value), "mmol/L" if rest == "mmol/L" else "mg/dL")


def a_reading(
    h: float = 50,
    *,
    id: str | None = None,
    recorded_h: float | None = None,
    usual: int | None = None,
    sore: int | None = None,
    controlled: bool | None = None,
    worse: bool | None = None,
    temperature: str | None = None,
    glucose: str | None = None,
    other: str | None = None,
    urgency: str | None = None,
    questions: tuple[str, ...] = (),
    site: dict[str, Any] | None = None,
    **symptoms: bool | str | int,
) -> Reading:
    pain = Pain(usual, sore, controlled, worse)
    return Reading(
        id=id or f"at-{h}",
        observed_at=at(h),
        recorded_at=at(h if recorded_h is None else recorded_h),
        pain=None if pain == Pain() else pain,
        temperature=a_temperature(temperature) if temperature else None,
        glucose=a_glucose(glucose) if glucose else None,
        site=Site(**site) if site is not None else None,
        symptoms=dict(symptoms),
        other=Other(other, urgency) if other else None,
        questions=questions,
    )


def a_course(
    *readings: Reading,
    kind: str = "therapeutic",
    baseline_pain: int | None = 6,
    baseline_glucose: str | None = None,
    **patient: Any,
) -> Course:
    usual = a_glucose(baseline_glucose) if baseline_glucose else None
    facts = PatientFacts(baseline_pain=baseline_pain, baseline_glucose=usual, **patient)
    return Course(facts, ProcedureFacts(kind, T0), list(readings))


def judged(
    *readings: Reading, protocol: Protocol = DEFAULT, **course: Any
) -> dict[str, tuple[str, Tier]]:
    """What counts for the last submission: by sign, the rule and its tier."""
    whole = a_course(*readings, **course)
    found = assessment.assess(whole, whole.readings[-1].observed_at, protocol).findings
    return {finding.sign: (finding.rule, finding.tier) for finding in found}


def tier_of(*readings: Reading, protocol: Protocol = DEFAULT, **course: Any) -> Tier:
    whole = a_course(*readings, **course)
    return assessment.assess(whole, whole.readings[-1].observed_at, protocol).tier


def a_finding(
    tier: Tier = CALL, *, sign: str = "fever", measure: Measure | None = None, h: float = 50
) -> Present:
    return Present(tier, Reason("pus", {}), measure, sign=sign, observed_at=at(h))


def degrees(value: str, unit: str = "Cel") -> Measure:
    return Measure("temperature", Decimal(value), unit)


def sugar(value: str, unit: str = "mg/dL") -> Measure:
    return Measure("glucose", Decimal(value), unit)


def points(value: int) -> Measure:
    return Measure("pain", Decimal(value))


def open_signs(arriving: Iterable[Reading], **course: Any) -> dict[str, Tier]:
    """Which signs stand open, and how high, once these readings arrived in this order."""
    arrived: list[Reading] = []
    standing: dict[str, triage.Standing] = {}
    for reading in arriving:
        arrived.append(reading)
        whole = a_course(*arrived, **course)
        for finding in assessment.judge(whole, {reading.id}, DEFAULT).news:
            if finding.tier > INFO:
                stands = standing.get(finding.sign)
                decision = triage.triage(stands, finding, at=at(0), protocol=DEFAULT)
                standing[finding.sign] = triage.after(stands, finding, decision)
        for sign, stands in standing.items():
            cleared = assessment.cleared_at(whole, sign, stands.fired_at, DEFAULT)
            if triage.closes(stands, cleared):
                stands.state = "closed"
    return {sign: stands.tier for sign, stands in standing.items() if stands.state == "open"}
