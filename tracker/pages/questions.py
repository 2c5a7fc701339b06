"""What the check-in asks, and what each tick means on the wire.

A tick means yes. "None of these" means no to every other one of its group. Neither means that
the question was not answered, which is never taken for good news.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Answer = bool | str | int
Words = str | Promise
NONE = "none"


@dataclass(frozen=True, slots=True)
class Tick:
    """One line to tick. `no` is what "None of these" records; None records nothing."""

    name: str
    words: Words
    symptom: str = ""
    yes: Answer = True
    no: Answer | None = False

    @property
    def item(self) -> str:
        return self.symptom or self.name


EMERGENCY = (
    Tick("dyspnea", _("Trouble breathing, wheezing or a tight throat")),
    Tick("chest_pain", _("Chest pain or pressure")),
    Tick("face_swelling", _("Swelling of the face, lips, tongue or throat")),
    Tick(
        "leg_severe",
        _("A leg so weak that I cannot stand on it"),
        symptom="leg_weakness",
        yes="severe",
    ),
    Tick(
        "leg_mild", _("A leg that feels weak, but I can stand"), symptom="leg_weakness", yes="mild"
    ),
    Tick("saddle_numbness", _("Numb between the legs or around the back passage")),
    Tick("bladder_loss", _("I cannot hold my urine")),
    Tick("bowel_loss", _("I cannot hold my stool")),
    Tick(
        "no_urine",
        _("No urine for 8 hours or more"),
        symptom="urinary_retention_h",
        yes=8,
        no=None,
    ),
    Tick(
        "bleeding",
        _("Bleeding that does not stop after I press on it for 10 minutes"),
        yes="not_stopping",
    ),
    Tick("faint", _("I fainted (passed out)")),
    Tick("seizure", _("A seizure (fit)")),
    Tick("confusion", _("Confused, or hard to wake")),
    Tick("one_sided", _("One side of my face, or one arm, is weak")),
)
FAINT = (
    Tick("faint_injury", _("I got hurt when I fainted")),
    Tick("faint_repeat", _("I fainted more than once")),
)
FEVER = (
    Tick("feverish", _("I feel hot or feverish")),
    Tick("chills", _("Shaking chills")),
    Tick("clammy", _("Cold, sweaty, pale skin")),
)
FIRST_HOURS = (
    Tick("metallic_taste", _("A metal taste")),
    Tick("ringing_ears", _("Ringing in my ears")),
    Tick("numb_mouth", _("A numb mouth or tongue")),
    Tick("twitching", _("Twitching muscles")),
)
FEELING = (
    Tick("leg_numbness", _("A numb leg")),
    Tick("area_numbness", _("Numb skin where I got the shot")),
)
OTHER = (
    Tick("headache", _("A very bad headache"), yes="severe"),
    Tick("stiff_neck", _("A stiff neck")),
    Tick("hives", _("Hives or an itchy rash")),
    Tick("facial_flush", _("A red, warm face")),
    Tick("vomiting", _("Throwing up")),
    Tick("nausea", _("Feeling sick to my stomach")),
    Tick("belly_pain", _("Belly pain")),
    Tick("fruity_breath", _("Breath that smells sweet, like fruit")),
    Tick("dizzy", _("Dizzy")),
    Tick("palpitations", _("My heart races or skips")),
    Tick("extreme_pain", _("The worst pain of my life")),
)

SITE_LOOK = (
    ("normal", _("Normal: no redness, swelling, warmth or fluid")),
    ("different", _("Something looks different")),
)
DRAINAGE = (
    ("none", _("None")),
    ("spot", _("A spot of blood")),
    ("clear", _("Clear fluid")),
    ("pus", _("Pus, or cloudy or smelly fluid")),
)
GRADES = (
    ("0", _("None")),
    ("1", _("As big as a coin")),
    ("2", _("As big as my palm, or spreading")),
    ("3", _("Larger, or hard, or hot")),
)
TREND = (
    ("first", _("This is the first time")),
    ("better", _("Better")),
    ("same", _("The same")),
    ("worse", _("Worse")),
)
URGENCY = (
    ("today", _("I need an answer today")),
    ("unsure", _("I am not sure")),
    ("can_wait", _("It can wait")),
)
YES_NO = (("yes", _("Yes")), ("no", _("No")))
TEMPERATURE_UNITS = (("[degF]", "°F"), ("Cel", "°C"))
GLUCOSE_UNITS = (("mg/dL", "mg/dL"), ("mmol/L", "mmol/L"))
GLUCOSE_READS = (
    ("number", _("A number")),
    ("HI", _("HI (too high to measure)")),
    ("LO", _("LO (too low to measure)")),
)
DEVICES = (("meter", _("Finger-stick meter")), ("cgm", _("Sensor on my skin (CGM)")))
KETONES = (
    ("none", _("None")),
    ("small", _("Small")),
    ("moderate", _("Medium")),
    ("large", _("Large")),
)
SCORES = tuple((str(score), str(score)) for score in range(11))


def choices(ticks: Collection[Tick], none: Words) -> list[tuple[str, Words]]:
    return [*((tick.name, tick.words) for tick in ticks), (NONE, none)]


def told(ticks: Collection[Tick], ticked: Collection[str]) -> dict[str, Answer]:
    """What a group of ticks says. Whoever ticks a sign and "none" means the sign."""
    said = {tick.item: tick.yes for tick in reversed(list(ticks)) if tick.name in ticked}
    if not said and NONE in ticked:
        return {tick.item: tick.no for tick in ticks if tick.no is not None}
    return said
