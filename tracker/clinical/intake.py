"""Reads a check-in as it came over the wire into a reading, questions and problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from . import plausible
from .answers import Part, Problem
from .course import Other, Pain, Reading, Site, Symptom
from .plausible import Question, Refused
from .protocol import Protocol
from .quantities import Glucose, Temperature
from .vocabulary import (
    COUNTED_SYMPTOMS,
    DEVICES,
    DRAINAGE,
    GLUCOSE_UNITS,
    GRADED_SYMPTOMS,
    SYMPTOMS,
    TEMPERATURE_UNITS,
    TRENDS,
    URGENCIES,
)

__all__ = ["Intake", "Problem", "Question", "read_answers"]

Value = TypeVar("Value", Temperature, Glucose)

PARTS = ("pain", "temperature", "glucose", "site", "symptoms", "other")
KEYS = ("observed_at", *PARTS, "confirmed", "corrects")
CONFIRMABLE = ("temperature", "glucose")


@dataclass(slots=True)
class Intake:
    """What came of a body: a reading when nothing is wrong, and what to ask or to refuse."""

    observed_at: datetime | None = None
    reading: Reading | None = None
    questions: list[Question] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    corrects: str | None = None
    confirmed: tuple[str, ...] = ()


def read_answers(
    body: object,
    *,
    recorded_at: datetime,
    reading_id: str = "",
    protocol: Protocol | None = None,
) -> Intake:
    """Read a check-in strictly: what cannot be right is a problem, what may not be a question.

    A reading comes back only when there is no problem; values in question are kept out of it. The
    protocol's lines decide how urgent a question is.
    """
    intake = Intake()
    if not isinstance(body, Mapping):
        intake.problems.append(Problem("", "reject_type", "not_object"))
        return intake
    whole = Part("", body, intake.problems)
    whole.only(KEYS)
    intake.observed_at = whole.time("observed_at", recorded_at)
    intake.corrects = whole.reference("corrects")
    intake.confirmed = _confirmed(whole)
    reading = Reading(reading_id, intake.observed_at or recorded_at, recorded_at)
    _fill(reading, whole, intake.questions, protocol or Protocol.default())
    if not intake.problems and not _says_anything(reading, intake.questions):
        intake.problems.append(Problem("", "reject_empty", "nothing"))
    reading.questions = tuple(question.pointer for question in intake.questions if question.urgent)
    intake.reading = None if intake.problems else reading
    return intake


def _fill(reading: Reading, whole: Part, questions: list[Question], protocol: Protocol) -> None:
    reading.pain = _pain(whole.part("pain"))
    reading.site = _site(whole.part("site"))
    reading.symptoms = _symptoms(whole.part("symptoms"))
    reading.other = _other(whole.part("other"))
    temperature = _temperature(whole.part("temperature"), reading, protocol)
    glucose = _glucose(whole.part("glucose"), protocol)
    if isinstance(temperature, Question):
        questions.append(temperature)
    else:
        reading.temperature = temperature
    if isinstance(glucose, Question):
        questions.append(glucose)
    else:
        reading.glucose = glucose


def _says_anything(reading: Reading, questions: list[Question]) -> bool:
    said = (reading.pain, reading.site, reading.antipyretic_within_6h)
    return bool(reading.items() or questions or any(part is not None for part in said))


def _confirmed(whole: Part) -> tuple[str, ...]:
    value = whole.answers.get("confirmed")
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > len(CONFIRMABLE):
        whole.refuse("confirmed", "reject_type", "not_list")
        return ()
    names = tuple(name for name in value if isinstance(name, str) and name in CONFIRMABLE)
    if len(names) != len(value):
        choices = ", ".join(CONFIRMABLE)
        whole.refuse("confirmed", "reject_choice", "choice", choices=choices)
    return names


def _pain(part: Part | None) -> Pain | None:
    if part is None:
        return None
    part.only(("usual", "site", "controlled", "worse_than_before"))
    pain = Pain(
        part.whole("usual", 0, 10, of_ten=True),
        part.whole("site", 0, 10, of_ten=True),
        part.yes_no("controlled"),
        part.yes_no("worse_than_before"),
    )
    return None if pain == Pain() else pain


def _site(part: Part | None) -> Site | None:
    if part is None:
        return None
    part.only(("redness", "swelling", "warmth", "drainage", "streaks", "bruise", "trend"))
    site = Site(
        part.whole("redness", 0, 3),
        part.whole("swelling", 0, 3),
        part.yes_no("warmth"),
        part.choice("drainage", DRAINAGE),
        part.yes_no("streaks"),
        part.yes_no("bruise"),
        part.choice("trend", TRENDS),
    )
    return None if site == Site() else site


def _symptoms(part: Part | None) -> dict[str, Symptom]:
    if part is None:
        return {}
    part.only(SYMPTOMS)
    asked = (name for name in SYMPTOMS if name in part.answers)
    said = {name: _symptom(part, name) for name in asked}
    return {name: answer for name, answer in said.items() if answer is not None}


def _symptom(part: Part, name: str) -> Symptom | None:
    if name in COUNTED_SYMPTOMS:
        return part.whole(name, *COUNTED_SYMPTOMS[name])
    if name in GRADED_SYMPTOMS and part.answers[name] is not False:
        return part.choice(name, GRADED_SYMPTOMS[name])
    return part.yes_no(name)


def _other(part: Part | None) -> Other | None:
    if part is None:
        return None
    part.only(("text", "urgency"))
    if part.answers.get("text") is None:
        part.refuse("text", "reject_required", "required")
    text = part.text("text")
    urgency = part.choice("urgency", URGENCIES)
    return None if text is None else Other(text, urgency)


def _temperature(
    part: Part | None, reading: Reading, protocol: Protocol
) -> Temperature | Question | None:
    if part is None:
        return None
    part.only(("value", "unit", "antipyretic_within_6h"))
    reading.antipyretic_within_6h = part.yes_no("antipyretic_within_6h")
    value = part.number("value", "37.2")
    unit = part.choice("unit", TEMPERATURE_UNITS)
    if value is None or _unit_missing(part, unit):
        return None
    return _judged(part, plausible.temperature(value, TEMPERATURE_UNITS[unit or ""], protocol))


def _glucose(part: Part | None, protocol: Protocol) -> Glucose | Question | None:
    if part is None:
        return None
    part.only(("value", "unit", "device"))
    unit = part.choice("unit", GLUCOSE_UNITS)
    device = DEVICES.get(part.choice("device", DEVICES) or "")
    word = part.answers.get("value")
    if word == "HI" or word == "LO":
        return Glucose(None, GLUCOSE_UNITS.get(unit or "", "mg/dL"), word, device)
    value = part.number("value", "130")
    if value is None or _unit_missing(part, unit):
        return None
    judged = plausible.glucose(value, GLUCOSE_UNITS[unit or ""], device, protocol)
    return _judged(part, judged)


def _unit_missing(part: Part, unit: str | None) -> bool:
    if part.answers.get("unit") is None:
        part.refuse("unit", "reject_required", "required")
    return unit is None


def _judged(part: Part, judged: Value | Question | Refused) -> Value | Question | None:
    if isinstance(judged, Refused):
        part.refuse("value", judged.code, judged.phrase, **judged.facts)
        return None
    return judged
