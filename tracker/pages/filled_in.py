"""A check-in as its form was filled in, so that its sender can change it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tracker.models import CheckIn
from tracker.pages import questions
from tracker.pages.check_in_form import NORMAL_SITE, CheckInForm, starting_values
from tracker.pages.questions import NONE, Tick

GROUPS = {
    "emergency": questions.EMERGENCY,
    "faint_more": questions.FAINT,
    "fever": questions.FEVER,
    "feeling": questions.FEELING,
    "first_hours": questions.FIRST_HOURS,
    "other": questions.OTHER,
}
MEASURED = ("temperature", "glucose")


def filled_in(check_in: CheckIn) -> dict[str, Any]:
    """What to fill the form with, so that sending it says the same again."""
    answers = check_in.answers
    return {
        **starting_values(check_in.patient),
        **_pain(answers.get("pain") or {}),
        **_measured(answers),
        **_site(answers.get("site") or {}),
        **_symptoms(answers.get("symptoms") or {}),
        **_other(answers.get("other") or {}),
    }


def corrected(check_in: CheckIn, said: dict[str, Any]) -> dict[str, Any]:
    """The body that corrects a check-in: what the form says now, and what it cannot say."""
    before = _read_back(check_in)
    # The body may have come from another program that says more than this form can.
    kept = {part: _unsaid(value, before.get(part)) for part, value in check_in.answers.items()}
    merged = {part: value for part, value in kept.items() if value}
    for part, value in said.items():
        merged[part] = {**merged.get(part, {}), **value} if isinstance(value, dict) else value
    return {
        **merged,
        **_still_confirmed(check_in.answers, said),
        "observed_at": check_in.observed_at.isoformat(),
        "corrects": str(check_in.client_id),
    }


def _read_back(check_in: CheckIn) -> dict[str, Any]:
    """What this form says of a check-in if it is sent as it was filled in."""
    form = CheckInForm({**filled_in(check_in), "check_in_id": check_in.client_id})
    form.is_valid()
    return form.answers(check_in.observed_at)


def _unsaid(value: Any, read_back: Any) -> Any:
    if not isinstance(value, dict):
        return None
    return {item: value[item] for item in value if item not in (read_back or {})}


def _still_confirmed(answers: dict[str, Any], said: dict[str, Any]) -> dict[str, list[str]]:
    """A number stays confirmed as long as it is the same number."""
    confirmed = [
        part for part in answers.get("confirmed") or [] if said.get(part) == answers.get(part)
    ]
    return {"confirmed": confirmed} if confirmed else {}


def _pain(pain: dict[str, Any]) -> dict[str, str]:
    scores = {name: str(pain[name]) for name in ("usual", "site") if pain.get(name) is not None}
    return {
        **{name: score.removesuffix("/10") for name, score in scores.items()},
        **_yes_no(controlled=pain.get("controlled"), worse=pain.get("worse_than_before")),
    }


def _measured(answers: dict[str, Any]) -> dict[str, str]:
    filled: dict[str, str] = {}
    for name in MEASURED:
        measured = answers.get(name) or {}
        if measured.get("value") in ("HI", "LO"):
            filled[f"{name}_reads"] = measured["value"]
        elif measured.get("value") is not None:
            filled[name] = str(measured["value"])
        filled.update(
            {f"{name}_{key}": measured[key] for key in ("unit", "device") if measured.get(key)}
        )
    return filled


def _site(site: dict[str, Any]) -> dict[str, Any]:
    if not site:
        return {}
    normal = all(site.get(item) == value for item, value in NORMAL_SITE.items())
    filled = {name: str(site[name]) for name in ("redness", "swelling") if site.get(name)}
    filled.update({name: site[name] for name in ("drainage", "trend") if site.get(name)})
    ticked = {name: True for name in ("warmth", "streaks", "bruise") if site.get(name)}
    if normal and not ticked and not site.get("trend"):
        return {"site_look": "normal"}
    return {**filled, **ticked, "site_look": "different"}


def _symptoms(symptoms: dict[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = {name: _ticked(ticks, symptoms) for name, ticks in GROUPS.items()}
    if symptoms.get("bleeding") == "soaking":
        filled.update(soaked=True, site_look="different")
    if symptoms.get("ketones"):
        filled["ketones"] = symptoms["ketones"]
    return {**filled, **_yes_no(faint_recovered=symptoms.get("faint_recovered"))}


def _ticked(ticks: Collection[Tick], symptoms: dict[str, Any]) -> list[str]:
    said = [tick.name for tick in ticks if symptoms.get(tick.item) == tick.yes]
    asked = [tick for tick in ticks if tick.no is not None]
    denied = all(symptoms.get(tick.item) == tick.no for tick in asked)
    return said or ([NONE] if denied else [])


def _other(other: dict[str, Any]) -> dict[str, str]:
    return {name: other[name] for name in ("text", "urgency") if other.get(name)}


def _yes_no(**said: bool | None) -> dict[str, str]:
    return {name: "yes" if answer else "no" for name, answer in said.items() if answer is not None}
