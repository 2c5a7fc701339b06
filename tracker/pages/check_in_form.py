"""The check-in as a form, and what was filled in as the body that the rules read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracker.models import Patient
from tracker.pages import questions
from tracker.pages.questions import Tick, Words, choices, told

LONGEST_TEXT = 2000
NORMAL_SITE = {
    "redness": 0,
    "swelling": 0,
    "warmth": False,
    "drainage": "none",
    "streaks": False,
}


def _one_of(options: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=options, required=False, widget=forms.RadioSelect, **more)


def _some_of(ticks: tuple[Tick, ...], none: Words) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        choices=choices(ticks, none), required=False, widget=forms.CheckboxSelectMultiple
    )


def _number() -> forms.CharField:
    box = forms.TextInput(
        attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 12, "size": 8}
    )
    return forms.CharField(required=False, max_length=12, widget=box)


class CheckInForm(forms.Form):
    """Every question may stay open; what cannot be right, the intake refuses in its own words."""

    check_in_id = forms.UUIDField(widget=forms.HiddenInput)
    corrects = forms.UUIDField(required=False, widget=forms.HiddenInput)
    patient = forms.UUIDField(required=False, widget=forms.HiddenInput)
    emergency = _some_of(questions.EMERGENCY, _("None of these"))
    faint_more = _some_of(questions.FAINT, _("Neither of these"))
    faint_recovered = _one_of(questions.YES_NO)
    usual = _one_of(questions.SCORES)
    site = _one_of(questions.SCORES)
    controlled = _one_of(questions.YES_NO)
    worse = _one_of(questions.YES_NO)
    temperature = _number()
    temperature_unit = _one_of(questions.TEMPERATURE_UNITS)
    fever = _some_of(questions.FEVER, _("None of these"))
    site_look = _one_of(questions.SITE_LOOK)
    redness = _one_of(questions.GRADES)
    swelling = _one_of(questions.GRADES)
    drainage = _one_of(questions.DRAINAGE)
    warmth = forms.BooleanField(required=False)
    streaks = forms.BooleanField(required=False)
    bruise = forms.BooleanField(required=False)
    soaked = forms.BooleanField(required=False)
    trend = _one_of(questions.TREND)
    glucose = _number()
    glucose_unit = _one_of(questions.GLUCOSE_UNITS)
    glucose_reads = _one_of(questions.GLUCOSE_READS)
    glucose_device = _one_of(questions.DEVICES)
    ketones = _one_of(questions.KETONES)
    feeling = _some_of(questions.FEELING, _("Neither of these"))
    first_hours = _some_of(questions.FIRST_HOURS, _("None of these"))
    other = _some_of(questions.OTHER, _("None of these"))
    text = forms.CharField(
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_TEXT, "placeholder": " "}),
    )
    urgency = _one_of(questions.URGENCY)

    use_required_attribute = False

    def answers(self, now: datetime) -> dict[str, Any]:
        """Say what was filled in, and nothing about what was not."""
        said = self.cleaned_data
        body = {
            "observed_at": now.isoformat(),
            "pain": _pain(said),
            "temperature": _temperature(said),
            "glucose": _glucose(said),
            "site": _site(said),
            "symptoms": _symptoms(said),
            "other": _other(said),
        }
        return {part: value for part, value in body.items() if value}


def starting_values(patient: Patient) -> dict[str, str]:
    """The units in which this patient measures."""
    return {
        "temperature_unit": patient.temperature_unit,
        "glucose_unit": patient.glucose_unit,
        "glucose_reads": "number",
        "glucose_device": "meter",
    }


def _pain(said: dict[str, Any]) -> dict[str, Any]:
    pain: dict[str, Any] = {name: int(said[name]) for name in ("usual", "site") if said[name]}
    return {
        **pain,
        **_yes_no(controlled=said["controlled"], worse_than_before=said["worse"]),
    }


def _temperature(said: dict[str, Any]) -> dict[str, str]:
    if not said["temperature"]:
        return {}
    return {"value": _typed(said["temperature"]), "unit": said["temperature_unit"] or "[degF]"}


def _glucose(said: dict[str, Any]) -> dict[str, str]:
    word = said["glucose_reads"] in ("HI", "LO")
    value = said["glucose_reads"] if word else _typed(said["glucose"])
    if not value:
        return {}
    glucose = {"value": value, "unit": said["glucose_unit"] or "mg/dL"}
    return {**glucose, "device": said["glucose_device"]} if said["glucose_device"] else glucose


def _typed(number: str) -> str:
    """As typed, but for the comma that many keyboards put in place of the point."""
    return number.strip().replace(",", ".")


def _site(said: dict[str, Any]) -> dict[str, Any]:
    site: dict[str, Any] = dict(NORMAL_SITE) if said["site_look"] == "normal" else {}
    site.update({name: int(said[name]) for name in ("redness", "swelling") if said[name]})
    site.update({name: said[name] for name in ("drainage", "trend") if said[name]})
    site.update({name: True for name in ("warmth", "streaks", "bruise") if said[name]})
    return site


def _symptoms(said: dict[str, Any]) -> dict[str, Any]:
    symptoms = {
        **told(questions.OTHER, said["other"]),
        **told(questions.FIRST_HOURS, said["first_hours"]),
        **told(questions.FEELING, said["feeling"]),
        **told(questions.FEVER, said["fever"]),
        **({"ketones": said["ketones"]} if said["ketones"] else {}),
        **told(questions.EMERGENCY, said["emergency"]),
    }
    if said["soaked"] and symptoms.get("bleeding") != "not_stopping":
        symptoms["bleeding"] = "soaking"
    if symptoms.get("faint"):
        symptoms.update(told(questions.FAINT, said["faint_more"]))
        symptoms.update(_yes_no(faint_recovered=said["faint_recovered"]))
    return symptoms


def _other(said: dict[str, Any]) -> dict[str, Any]:
    if not said["text"].strip():
        return {}
    return {"text": said["text"], "urgency": said["urgency"] or None}


def _yes_no(**asked: str) -> dict[str, bool]:
    return {name: answer == "yes" for name, answer in asked.items() if answer}
