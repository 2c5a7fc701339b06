"""The check-in as staff ask it on the phone, and what was typed as the rules read it."""

from __future__ import annotations

from typing import Any

from django import forms

from tracker.admin.forms import DeskForm, LocalMoment
from tracker.admin.patient_form import GLUCOSE_UNITS, TEMPERATURE_UNITS
from tracker.models import Patient

LONGEST_TEXT = 2000
NONE = "none"
Ticks = dict[str, tuple[str, str, Any]]

EMERGENCY: Ticks = {
    "dyspnea": ("Trouble breathing, wheeze, tight throat", "dyspnea", True),
    "chest_pain": ("Chest pain or pressure", "chest_pain", True),
    "face_swelling": ("Swelling of face, lips, tongue or throat", "face_swelling", True),
    "leg_severe": ("A leg too weak to stand on", "leg_weakness", "severe"),
    "leg_mild": ("A weak leg, but can stand", "leg_weakness", "mild"),
    "saddle_numbness": ("Numb between the legs", "saddle_numbness", True),
    "bladder_loss": ("Cannot hold urine", "bladder_loss", True),
    "bowel_loss": ("Cannot hold stool", "bowel_loss", True),
    "no_urine": ("No urine for 8 hours or more", "urinary_retention_h", 8),
    "bleeding": ("Bleeding not stopped by 10 minutes of pressure", "bleeding", "not_stopping"),
    "faint": ("Fainted", "faint", True),
    "seizure": ("Seizure", "seizure", True),
    "confusion": ("Confused, or hard to wake", "confusion", True),
    "one_sided": ("One side of the face, or one arm, weak", "one_sided", True),
}
OTHERS: Ticks = {
    "feverish": ("Feels hot or feverish", "feverish", True),
    "chills": ("Shaking chills", "chills", True),
    "clammy": ("Cold, sweaty, pale", "clammy", True),
    "headache": ("Severe headache", "headache", "severe"),
    "stiff_neck": ("Stiff neck", "stiff_neck", True),
    "hives": ("Hives or itchy rash", "hives", True),
    "facial_flush": ("Red, warm face", "facial_flush", True),
    "vomiting": ("Vomiting", "vomiting", True),
    "belly_pain": ("Belly pain", "belly_pain", True),
    "fruity_breath": ("Breath smells of fruit", "fruity_breath", True),
    "dizzy": ("Dizzy", "dizzy", True),
    "leg_numbness": ("A numb leg", "leg_numbness", True),
    "area_numbness": ("Numb skin at the site", "area_numbness", True),
    "extreme_pain": ("The worst pain of their life", "extreme_pain", True),
}
NO_IS = {"leg_weakness": "none", "bleeding": "none", "headache": "none"}
UNKNOWN = ("", "Not asked")
GRADES = [
    UNKNOWN, ("0", "None"), ("1", "Coin-sized"), ("2", "Palm-sized or spreading"),
    ("3", "Larger, hard or hot"),
]  # fmt: skip
YES_NO = [UNKNOWN, ("yes", "Yes"), ("no", "No")]


def _ticks(ticks: Ticks, label: str) -> forms.MultipleChoiceField:
    known = [(name, words) for name, (words, _, _) in ticks.items()]
    return forms.MultipleChoiceField(
        label=label,
        choices=[*known, (NONE, "None of these: each was asked")],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def _score(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=10)


def _number(label: str, help_text: str = "") -> forms.CharField:
    box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(
        label=label, required=False, max_length=8, widget=box, help_text=help_text
    )


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


class CallForm(DeskForm):
    """Every question may stay open: what was not asked is not recorded as "no"."""

    observed_at = LocalMoment(label="How it was at")
    emergency = _ticks(EMERGENCY, "Ask first: any of these now?")
    usual = _score("Usual pain")
    site = _score("Pain at the needle site")
    controlled = _choice("Medicine or ice helps", YES_NO)
    worse = _choice("Worse than before the block", YES_NO)
    temperature = _number("Temperature")
    temperature_unit = forms.ChoiceField(label="Its unit", choices=TEMPERATURE_UNITS)
    glucose = _number("Blood sugar", "A number, HI or LO.")
    glucose_unit = forms.ChoiceField(label="Its unit", choices=GLUCOSE_UNITS)
    redness = _choice("Redness", GRADES)
    swelling = _choice("Swelling", GRADES)
    warmth = _choice("Warm skin", YES_NO)
    streaks = _choice("Red streaks", YES_NO)
    drainage = _choice("Fluid", [UNKNOWN, ("none", "None"), ("spot", "A spot of blood"),
                                 ("clear", "Clear fluid"), ("pus", "Pus")])  # fmt: skip
    others = _ticks(OTHERS, "Anything else?")
    text = forms.CharField(
        label="In their words",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    urgency = _choice("How urgent to them", [UNKNOWN, ("today", "Today"), ("unsure", "Not sure"),
                                             ("can_wait", "It can wait")])  # fmt: skip
    confirmed = forms.BooleanField(
        required=False, label="I asked again: the temperature and the sugar are as typed"
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["temperature_unit"].initial = patient.temperature_unit
        self.fields["glucose_unit"].initial = patient.glucose_unit

    def answers(self) -> dict[str, Any]:
        """Say what was typed, and nothing about what was not asked."""
        said = self.cleaned_data
        body = {
            "observed_at": said["observed_at"].isoformat(),
            "pain": _given(said, usual="usual", site="site")
            | _yes_no(said, controlled="controlled", worse_than_before="worse"),
            "temperature": _quantity(said, "temperature"),
            "glucose": _quantity(said, "glucose"),
            "site": {name: int(said[name]) for name in ("redness", "swelling") if said[name]}
            | _yes_no(said, warmth="warmth", streaks="streaks")
            | _given(said, drainage="drainage"),
            "symptoms": _told(OTHERS, said["others"]) | _told(EMERGENCY, said["emergency"]),
            "other": _given(said, text="text") and _given(said, text="text", urgency="urgency"),
        }
        kept = {part: value for part, value in body.items() if value}
        sure = [name for name in ("temperature", "glucose") if said["confirmed"] and name in kept]
        return {**kept, "confirmed": sure} if sure else kept


def _given(said: dict[str, Any], **names: str) -> dict[str, Any]:
    return {item: said[name] for item, name in names.items() if said[name] not in (None, "")}


def _yes_no(said: dict[str, Any], **names: str) -> dict[str, bool]:
    return {item: said[name] == "yes" for item, name in names.items() if said[name]}


def _quantity(said: dict[str, Any], name: str) -> dict[str, str]:
    typed = said[name].strip().upper().replace(",", ".")
    return {"value": typed, "unit": said[f"{name}_unit"]} if typed else {}


def _told(ticks: Ticks, ticked: list[str]) -> dict[str, Any]:
    """Whoever ticks a sign and "none" means the sign; of two grades the worse one counts."""
    chosen = {ticks[n][1]: ticks[n][2] for n in reversed(list(ticks)) if n in ticked}
    if chosen or NONE not in ticked:
        return chosen
    asked = {item: NO_IS.get(item, False) for _, item, _ in ticks.values()}
    return {item: no for item, no in asked.items() if item != "urinary_retention_h"}
