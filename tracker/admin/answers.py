"""A check-in in words, with every value as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.clinical import phrases
from tracker.clinical.quantities import UNIT_SIGNS

GRADES = ("none", "the size of a coin", "palm-sized or spreading", "larger, hard or hot")
DRAINAGE = {"none": "none", "spot": "a spot of blood", "clear": "clear fluid", "pus": "pus"}
TRENDS = {"better": "getting better", "same": "unchanged", "worse": "getting worse"}
URGENCIES = {
    "today": "wants an answer today",
    "unsure": "unsure how urgent",
    "can_wait": "can wait",
}
DEVICES = {"meter": "meter", "cgm": "sensor"}


@dataclass(frozen=True, slots=True)
class Line:
    """What was asked about, and what was said."""

    about: str
    words: str


def in_words(answers: Mapping[str, Any]) -> list[Line]:
    """Say what a check-in says; what was not answered is not listed."""
    said = [
        Line("Pain", _pain(answers.get("pain") or {})),
        Line("Temperature", _temperature(answers)),
        Line("Blood sugar", _glucose(answers.get("glucose") or {})),
        Line("Injection site", _site(answers.get("site") or {})),
        Line("Reports", _symptoms(answers.get("symptoms") or {}, present=True)),
        Line("Says no to", _symptoms(answers.get("symptoms") or {}, present=False)),
        Line("In their words", _other(answers.get("other") or {})),
    ]
    return [line for line in said if line.words]


def _pain(pain: Mapping[str, Any]) -> str:
    controlled = {True: "medicine or ice helps", False: "medicine or ice does not help"}
    parts = [
        f"usual pain {pain['usual']} of 10" if pain.get("usual") is not None else "",
        f"needle site {pain['site']} of 10" if pain.get("site") is not None else "",
        controlled.get(pain.get("controlled"), ""),
        "worse than before the block" if pain.get("worse_than_before") else "",
    ]
    return _sentence(parts)


def _temperature(answers: Mapping[str, Any]) -> str:
    measured = answers.get("temperature") or {}
    eased = answers.get("antipyretic_within_6h") or measured.get("antipyretic_within_6h")
    return _sentence([_quantity(measured), "fever medicine taken before" if eased else ""])


def _glucose(measured: Mapping[str, Any]) -> str:
    return _sentence([_quantity(measured), DEVICES.get(measured.get("device", ""), "")])


def _quantity(measured: Mapping[str, Any]) -> str:
    if not measured:
        return ""
    value, unit = str(measured.get("value", "")), str(measured.get("unit", ""))
    return value if value in ("HI", "LO") else f"{value} {UNIT_SIGNS.get(unit, unit)}".strip()


def _site(site: Mapping[str, Any]) -> str:
    grades = [
        f"{item} {GRADES[site[item]]}"
        for item in ("redness", "swelling")
        if site.get(item) in range(len(GRADES))
    ]
    present = [
        name
        for item, name in (
            ("warmth", "warm skin"),
            ("streaks", "red streaks"),
            ("bruise", "bruise"),
        )
        if site.get(item)
    ]
    drainage = DRAINAGE.get(site.get("drainage", ""), "")
    fluid = f"fluid: {drainage}" if drainage else ""
    return _sentence([*grades, *present, fluid, TRENDS.get(site.get("trend", ""), "")])


def _symptoms(symptoms: Mapping[str, Any], *, present: bool) -> str:
    named = [_symptom(item, value) for item, value in symptoms.items() if _is(value) == present]
    return _sentence(named)


def _is(value: Any) -> bool:
    return value is not False and value != "none" and value != 0 and value is not None


def _symptom(item: str, value: Any) -> str:
    if item == "urinary_retention_h" and value:
        return f"no urine for {value} hours"
    name = phrases.item_name(item, "en").replace("_", " ")
    graded = isinstance(value, str) and value != "none"
    return f"{name} ({value.replace('_', ' ')})" if graded else name


def _other(other: Mapping[str, Any]) -> str:
    text, urgency = other.get("text") or "", URGENCIES.get(other.get("urgency", ""), "")
    quoted = f"“{text}”" if text else ""
    return f"{quoted} ({urgency})" if quoted and urgency else quoted or urgency.capitalize()


def _sentence(parts: list[str]) -> str:
    words = "; ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]
