"""The words of the wire: what each question may be answered with."""

from __future__ import annotations

from collections.abc import Mapping

from .quantities import Device, GlucoseUnit, TemperatureUnit

TEMPERATURE_UNITS: Mapping[str, TemperatureUnit] = {"Cel": "Cel", "[degF]": "[degF]"}
GLUCOSE_UNITS: Mapping[str, GlucoseUnit] = {"mg/dL": "mg/dL", "mmol/L": "mmol/L"}
DEVICES: Mapping[str, Device] = {"meter": "meter", "cgm": "cgm"}
DRAINAGE = ("none", "spot", "clear", "pus")
TRENDS = ("first", "better", "same", "worse")
URGENCIES = ("today", "unsure", "can_wait")

YES_NO_SYMPTOMS = (
    "area_numbness", "belly_pain", "bladder_loss", "bowel_loss", "chest_pain", "chills", "clammy",
    "confusion", "dizzy", "dyspnea", "extreme_pain", "face_swelling", "facial_flush", "faint",
    "faint_injury", "faint_recovered", "faint_repeat", "feverish", "fruity_breath", "hives",
    "itching", "leg_numbness", "metallic_taste", "nausea", "numb_mouth", "one_sided",
    "palpitations", "ringing_ears", "saddle_numbness", "seizure", "stiff_neck", "sweating",
    "twitching", "vomiting",
)  # fmt: skip
GRADED_SYMPTOMS = {
    "bleeding": ("none", "spot", "soaking", "not_stopping"),
    "headache": ("none", "mild", "moderate", "severe"),
    "ketones": ("none", "small", "moderate", "large"),
    "leg_weakness": ("none", "mild", "severe"),
}
COUNTED_SYMPTOMS = {"urinary_retention_h": (0, 168)}
SYMPTOMS = (*YES_NO_SYMPTOMS, *GRADED_SYMPTOMS, *COUNTED_SYMPTOMS)
