"""The enrolment form: a patient, one procedure, and what the rules must know beforehand."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from tracker.admin.forms import DeskForm, LocalMoment, dialled
from tracker.clinical.plausible import SUGARS
from tracker.models import Clinic
from tracker.models.patient import Language
from tracker.models.procedure import Kind, Nerve, ProcedureState, Side
from tracker.services.procedures import FUTURE_TOLERANCE

LONGEST_AGO = timedelta(days=365)
LONGEST_AHEAD = timedelta(days=365)
PLANNED_LATE = timedelta(days=1)
NEAR = ["New_York", "Chicago", "Denver", "Phoenix", "Los_Angeles", "Anchorage", "Puerto_Rico"]
FLAGS = ["diabetes", "insulin", "anticoagulant", "immunosuppressed", "ice_contraindicated"]


class EnrolForm(DeskForm):
    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = forms.CharField(
        max_length=40,
        help_text="As it is dialled here, or with + and the country.",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail",
        required=False,
        help_text="Used when no phone takes messages.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(choices=Language.choices)
    timezone = forms.ChoiceField(label="Time zone")
    temperature_unit = forms.ChoiceField(
        label="Thermometer", choices=[("[degF]", "°F"), ("Cel", "°C")]
    )
    glucose_unit = forms.ChoiceField(
        label="Sugar meter", choices=[("mg/dL", "mg/dL"), ("mmol/L", "mmol/L")]
    )

    nerves = forms.MultipleChoiceField(
        choices=Nerve.choices, widget=forms.CheckboxSelectMultiple, initial=[Nerve.SUPERIOR]
    )
    side = forms.ChoiceField(choices=Side.choices, widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.RadioSelect)
    steroid = forms.ChoiceField(
        label="Steroid given", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
    )
    stage = forms.ChoiceField(
        label="The procedure is",
        choices=[("done", "Done"), ("planned", "Planned")],
        widget=forms.RadioSelect,
        initial="done",
    )
    at = LocalMoment(label="Ended at, or planned for")
    baseline_pain = forms.IntegerField(
        label="Usual pain before",
        required=False,
        min_value=0,
        max_value=10,
        help_text="0 to 10. Without it, usual pain is not compared.",
        error_messages={"invalid": "Give a whole number from 0 to 10."},
    )
    baseline_glucose = forms.CharField(
        label="Usual sugar", required=False, max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    baseline_glucose_unit = forms.ChoiceField(
        label="Its unit", choices=[("mg/dL", "mg/dL"), ("mmol/L", "mmol/L")]
    )

    diabetes = forms.BooleanField(required=False, label="Diabetes")
    insulin = forms.BooleanField(required=False, label="Uses insulin")
    anticoagulant = forms.BooleanField(required=False, label="Takes a blood thinner")
    immunosuppressed = forms.BooleanField(required=False, label="Immunosuppressed")
    ice_contraindicated = forms.BooleanField(
        required=False, label="Ice is not safe (poor circulation, numb or fragile skin)"
    )

    def __init__(self, *args: Any, clinic: Clinic, now: datetime, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"timezone": clinic.timezone, "at": now})
        super().__init__(*args, **kwargs)
        self.clinic, self.now = clinic, now
        self.fields["timezone"].choices = _zones(clinic.timezone)  # type: ignore[attr-defined]
        self.fields["at"].help_text = f"On the clinic's clock ({_zone_name(clinic.timezone)})."

    def clean_phone(self) -> str:
        return dialled(self.cleaned_data["phone"], self.clinic)

    def clean_baseline_glucose(self) -> str:
        typed = str(self.cleaned_data["baseline_glucose"]).strip().replace(",", ".")
        if not typed:
            return ""
        unit = str(self.data.get("baseline_glucose_unit", ""))
        low, high = SUGARS.get(unit, SUGARS["mg/dL"])
        message = f"Give a number from {low} to {high} in {unit or 'mg/dL'}."
        try:
            value = Decimal(typed)
        except InvalidOperation:
            raise ValidationError(message, code="invalid") from None
        if not value.is_finite() or not low <= value <= high:
            raise ValidationError(f"{message} Is the unit right?", code="out_of_range")
        if unit == "mg/dL" and value != value.to_integral_value():
            raise ValidationError("In mg/dL, sugar is a whole number.", code="not_whole")
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Kind.DIAGNOSTIC and cleaned.get("steroid") == "yes":
            self.add_error(
                "steroid", "A diagnostic block has no steroid: say No, or change the kind."
            )
        if cleaned.get("at"):
            self._check_time(cleaned["at"], cleaned.get("stage"))
        return cleaned

    def _check_time(self, at: datetime, stage: str | None) -> None:
        if stage == "done" and at > self.now + FUTURE_TOLERANCE:
            self.add_error(
                "at", "This is in the future: choose Planned, or give a time that has passed."
            )
        elif stage == "done" and at < self.now - LONGEST_AGO:
            self.add_error("at", "This is more than a year ago: check the year.")
        elif stage == "planned" and at < self.now - PLANNED_LATE:
            self.add_error("at", "This has passed: choose Done, or give a time to come.")
        elif stage == "planned" and at > self.now + LONGEST_AHEAD:
            self.add_error("at", "This is more than a year ahead: check the year.")

    def patient(self) -> dict[str, Any]:
        """The patient's fields, as the service takes them."""
        own = ["name", "phone", "email", "language", "timezone", "temperature_unit", "glucose_unit"]
        fields = {name: self.cleaned_data[name] for name in [*own, *FLAGS]}
        # Insulin without diabetes would switch off the rules that look at diabetes.
        return {**fields, "diabetes": fields["diabetes"] or fields["insulin"]}

    def procedure(self) -> dict[str, Any]:
        """The procedure's fields; a planned one stays scheduled until it is marked done."""
        own = ["nerves", "side", "kind", "baseline_pain", "baseline_glucose"]
        is_done = self.cleaned_data["stage"] == "done"
        return {
            **{name: self.cleaned_data[name] for name in own},
            "baseline_glucose_unit": self.cleaned_data["baseline_glucose_unit"],
            "steroid": self.cleaned_data["steroid"] == "yes",
            "state": ProcedureState.SCHEDULED,
            "ended_at" if is_done else "scheduled_at": self.cleaned_data["at"],
        }


def _zones(own: str) -> list[tuple[str, list[tuple[str, str]]]]:
    near = dict.fromkeys([own, *(f"America/{city}" for city in NEAR), "Pacific/Honolulu"])
    rest = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone
        and not zone.startswith(("Etc/", "SystemV/", "posix", "right"))
        and zone not in near
    )
    return [
        ("Near", [(zone, _zone_name(zone)) for zone in near]),
        ("Elsewhere", [(zone, _zone_name(zone)) for zone in rest]),
    ]


def _zone_name(zone: str) -> str:
    return zone.replace("_", " ")
