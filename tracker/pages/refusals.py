"""Answers that cannot be right: where they stand on the page, and what would be right."""

from __future__ import annotations

from tracker.clinical.intake import Problem
from tracker.pages.check_in_form import CheckInForm
from tracker.pages.words import UNITS

FIELDS = {
    "/pain/usual": "usual",
    "/pain/site": "site",
    "/pain": "usual",
    "/temperature": "temperature",
    "/glucose": "glucose",
    "/site/swelling": "swelling",
    "/site/drainage": "drainage",
    "/site": "redness",
    "/other": "text",
}


def field_of(pointer: str) -> str:
    """Name the field that a pointer of the intake means; the first question for the rest."""
    found = [start for start in FIELDS if pointer.startswith(start)]
    return FIELDS[max(found, key=len)] if found else "emergency"


def in_units(problem: Problem, form: CheckInForm, language: str) -> str:
    """Say what would be right, with the unit that was chosen where a number is out of range."""
    sentence = problem.say(language)
    unit = _unit(problem, form)
    if not unit or not sentence.endswith(f"{problem.facts['high']}."):
        return sentence
    return f"{sentence.removesuffix('.')} {unit}."


def _unit(problem: Problem, form: CheckInForm) -> str:
    if problem.phrase != "range":
        return ""
    if problem.pointer.startswith("/temperature"):
        return UNITS.get(form.cleaned_data["temperature_unit"], "°F")
    return form.cleaned_data["glucose_unit"] if problem.pointer.startswith("/glucose") else ""
