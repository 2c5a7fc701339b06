"""What is asked about a patient, at enrolment and when it is corrected later."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms

from tracker.admin.corrections import Correction
from tracker.admin.forms import DeskForm, dialled
from tracker.models import Clinic, Patient
from tracker.models.consent import ConsentKind
from tracker.models.patient import Language
from tracker.services import consents
from tracker.services.patients import PATIENT_FIELDS

NEAR = ["New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage", "Puerto_Rico"]
FLAGS = ["diabetes", "insulin", "anticoagulant", "immunosuppressed", "ice_contraindicated"]
TEMPERATURE_UNITS = [("[degF]", "°F"), ("Cel", "°C")]
GLUCOSE_UNITS = [("mg/dL", "mg/dL"), ("mmol/L", "mmol/L")]
AGREED = "They have agreed. A new {} ends that, unless you tick this."
DIALLED_HERE = "As it is dialled here, or with + and the country."


def text(length: int, *, kind: str = "text", **more: Any) -> forms.CharField:
    box = forms.TextInput(attrs={"type": kind, "autocomplete": "off"})
    return forms.CharField(max_length=length, widget=box, **more)


class PatientFields(DeskForm):
    """The patient's own data; what the clinic usually says is filled in."""

    name = text(120)
    phone = text(40, kind="tel", help_text=DIALLED_HERE)
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="Used when no phone takes messages.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(choices=Language.choices)
    timezone = forms.ChoiceField(label="Time zone")
    temperature_unit = forms.ChoiceField(label="Thermometer", choices=TEMPERATURE_UNITS)
    glucose_unit = forms.ChoiceField(label="Sugar meter", choices=GLUCOSE_UNITS)
    address = text(200, required=False, help_text="Where an ambulance would go.")
    emergency_contact = text(120, required=False, help_text="A name.")
    emergency_contact_phone = text(40, kind="tel", label="Their phone", required=False)
    allergies = text(200, required=False)

    diabetes = forms.BooleanField(required=False, label="Diabetes")
    insulin = forms.BooleanField(required=False, label="Uses insulin")
    anticoagulant = forms.BooleanField(required=False, label="Takes a blood thinner")
    immunosuppressed = forms.BooleanField(required=False, label="Immunosuppressed")
    ice_contraindicated = forms.BooleanField(
        required=False, label="Ice is not safe (poor circulation, numb or fragile skin)"
    )

    def __init__(self, *args: Any, clinic: Clinic, now: datetime, **kwargs: Any) -> None:
        kwargs["initial"] = {**usual(clinic, now), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.clinic, self.now = clinic, now
        if "timezone" in self.fields:
            own = kwargs["initial"]["timezone"]
            self.fields["timezone"].choices = zones(own)  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return dialled(self.cleaned_data["phone"], self.clinic)

    def clean_emergency_contact_phone(self) -> str:
        typed = self.cleaned_data["emergency_contact_phone"]
        return dialled(typed, self.clinic) if typed else ""

    def patient(self) -> dict[str, Any]:
        """The patient's fields, as the services take them."""
        fields = {name: self.cleaned_data[name] for name in PATIENT_FIELDS}
        # Insulin without diabetes would switch off the rules that look at diabetes.
        return {**fields, "diabetes": fields["diabetes"] or fields["insulin"]}


class PatientForm(Correction, PatientFields):
    """Correct what is known, with the patient's answer about a new address."""

    TOGETHER = (("diabetes", "insulin"),)
    ANSWERS: ClassVar = {"email_agreed": ConsentKind.EMAIL, "texts_agreed": ConsentKind.SMS}

    email_agreed = forms.BooleanField(
        required=False,
        label="They agree to e-mails to this address",
        help_text="Ask about a new address: without it, none go there.",
    )
    texts_agreed = forms.BooleanField(
        required=False,
        label="They agree to texts to this number",
        help_text="Ask about a new number: without it, none go there.",
    )

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        known = {name: getattr(patient, name) for name in PATIENT_FIELDS}
        super().__init__(*args, initial=known, standing=known, **kwargs)
        if patient.texts_agreed_at:
            self.fields["texts_agreed"].help_text = AGREED.format("number")
        if consents.takes_e_mail(patient):
            self.fields["email_agreed"].help_text = AGREED.format("address")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("email_agreed") and cleaned.get("email") == "":
            self.add_error("email_agreed", "Give the address first.")
        return cleaned

    def said(self) -> dict[str, Any]:
        return self.patient()

    def agreed(self) -> list[ConsentKind]:
        """What the patient has answered yes to."""
        return [kind for name, kind in self.ANSWERS.items() if self.cleaned_data[name]]


def usual(clinic: Clinic, now: datetime) -> dict[str, Any]:
    """What the clinic's patients usually have."""
    return {
        "timezone": clinic.timezone,
        "language": clinic.language,
        "temperature_unit": clinic.temperature_unit,
        "glucose_unit": clinic.glucose_unit,
        "baseline_glucose_unit": clinic.glucose_unit,
        "at": now,
    }


def zones(own: str) -> list[tuple[str, list[tuple[str, str]]]]:
    near = dict.fromkeys([own, *(f"America/{city}" for city in NEAR), "Pacific/Honolulu"])
    rest = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone
        and not zone.startswith(("Etc/", "SystemV/", "posix", "right"))
        and zone not in near
    )
    return [
        ("Near", [(zone, zone_name(zone)) for zone in near]),
        ("Elsewhere", [(zone, zone_name(zone)) for zone in rest]),
    ]


def zone_name(zone: str) -> str:
    return zone.replace("_", " ")
