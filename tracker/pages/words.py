"""What a patient said, in the words in which it was asked, and the names of signs."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.pages import questions
from tracker.pages.questions import Tick

UNITS = {"Cel": "°C", "[degF]": "°F"}
TICKS = (
    questions.EMERGENCY
    + questions.FAINT
    + questions.FEVER
    + questions.FIRST_HOURS
    + questions.FEELING
    + questions.OTHER
)
SIGNS: dict[str, str | Promise] = {
    "airway": gettext_lazy("Breathing or allergy"),
    "bleed": gettext_lazy("Bleeding"),
    "brain": gettext_lazy("Head and nerves"),
    "cauda": gettext_lazy("Bladder, bowel or numbness"),
    "chest": gettext_lazy("Chest"),
    "drainage": gettext_lazy("Fluid from the skin"),
    "faint": gettext_lazy("Fainting"),
    "fever": gettext_lazy("Fever"),
    "glucose_high": gettext_lazy("High blood sugar"),
    "glucose_low": gettext_lazy("Low blood sugar"),
    "head": gettext_lazy("Headache"),
    "leg": gettext_lazy("Weak or numb leg"),
    "numb": gettext_lazy("Numb skin"),
    "other": gettext_lazy("What you wrote"),
    "pain_site": gettext_lazy("Pain where you got the shot"),
    "pain_usual": gettext_lazy("Your usual pain"),
    "redness": gettext_lazy("Redness"),
    "sepsis": gettext_lazy("Fever and feeling very ill"),
    "silence": gettext_lazy("We have not heard from you"),
    "swelling": gettext_lazy("Swelling"),
}


def name_of(sign: str) -> str:
    return str(SIGNS.get(sign, _("Something the clinic looks at")))


def said(answers: dict[str, Any]) -> list[str]:
    """Say what a check-in says, with every value as it was typed."""
    return [
        *_pain(answers.get("pain") or {}),
        *_measured(answers),
        *_site(answers.get("site") or {}),
        *_symptoms(answers.get("symptoms") or {}),
        *_other(answers.get("other") or {}),
    ]


def _pain(pain: dict[str, Any]) -> list[str]:
    lines = []
    if pain.get("usual") is not None:
        lines.append(_("Usual pain: %(score)s of\u00a010") % {"score": pain["usual"]})
    if pain.get("site") is not None:
        lines.append(_("Pain where I got the shot: %(score)s of\u00a010") % {"score": pain["site"]})
    if pain.get("controlled") is False:
        lines.append(_("My usual medicine or ice does not help enough"))
    if pain.get("worse_than_before"):
        lines.append(_("Worse than before the procedure"))
    return lines


def _measured(answers: dict[str, Any]) -> list[str]:
    lines = []
    for name, words in (
        ("temperature", _("Temperature: %(value)s")),
        ("glucose", _("Blood sugar: %(value)s")),
    ):
        measured = answers.get(name) or {}
        if "value" in measured:  # else only that a fever medicine was taken
            lines.append(words % {"value": quantity(measured)})
    return lines


def quantity(measured: dict[str, Any]) -> str:
    """A value as typed, in the unit typed; HI and LO have none."""
    value = str(measured["value"])
    if value in ("HI", "LO"):
        return value
    return f"{value} {UNITS.get(measured['unit'], measured['unit'])}"


def _site(site: dict[str, Any]) -> list[str]:
    lines = []
    for item, name in (("redness", _("Redness")), ("swelling", _("Swelling"))):
        if site.get(item):
            lines.append(f"{name}: {_lower(dict(questions.GRADES)[str(site[item])])}")
    if site.get("drainage") not in (None, "none"):
        lines.append(_("Fluid: ") + _lower(dict(questions.DRAINAGE)[site["drainage"]]))
    for item, words in (
        ("warmth", _("The skin is warm")),
        ("streaks", _("Red streaks")),
        ("bruise", _("A bruise")),
    ):
        if site.get(item):
            lines.append(words)
    if not lines and site.get("redness") == 0:
        return [_("The skin looks normal")]
    return lines


def _symptoms(symptoms: dict[str, Any]) -> list[str]:
    lines = [str(tick.words) for tick in TICKS if _reports(tick, symptoms)]
    if symptoms.get("bleeding") == "soaking":
        lines.append(_("Blood soaks the bandage"))
    if symptoms.get("ketones") not in (None, "none"):
        size = dict(questions.KETONES)[symptoms["ketones"]]
        lines.append(_("Ketones: ") + _lower(size))
    if not lines and symptoms.get("dyspnea") is False:
        return [_("No emergency signs")]
    return lines


def _reports(tick: Tick, symptoms: dict[str, Any]) -> bool:
    return tick.item in symptoms and symptoms[tick.item] == tick.yes


def _other(other: dict[str, Any]) -> list[str]:
    return [f"“{other['text']}”"] if other.get("text") else []


def _lower(words: str | Promise) -> str:
    text = str(words)
    return text[:1].lower() + text[1:]
