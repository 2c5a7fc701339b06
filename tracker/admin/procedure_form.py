"""What is asked about a procedure: which block it was, and how it was before."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tracker.admin.corrections import Correction
from tracker.admin.forms import DeskForm, LocalMoment
from tracker.admin.patient_form import GLUCOSE_UNITS, text, usual, zone_name
from tracker.clinical.plausible import SUGARS
from tracker.models import Clinic, Procedure
from tracker.models.procedure import Guidance, Kind, Nerve, ProcedureState, Side
from tracker.services.patients import PROCEDURE_FIELDS
from tracker.services.procedures import FUTURE_TOLERANCE

LONGEST_AGO = timedelta(days=365)
LONGEST_AHEAD = timedelta(days=365)
PLANNED_LATE = timedelta(days=1)
YES_NO = [("yes", "Yes"), ("no", "No")]


class ProcedureFields(DeskForm):
    """Which block, with what, and the patient's usual figures before it."""

    nerves = forms.MultipleChoiceField(
        choices=Nerve.choices, widget=forms.CheckboxSelectMultiple, initial=[Nerve.SUPERIOR]
    )
    side = forms.ChoiceField(choices=Side.choices, widget=forms.RadioSelect)
    kind = forms.ChoiceField(choices=Kind.choices, widget=forms.RadioSelect)
    steroid = forms.ChoiceField(label="Steroid given", choices=YES_NO, widget=forms.RadioSelect)
    guidance = forms.ChoiceField(
        choices=[("", "Not said"), *Guidance.choices], required=False
    )  # fmt: skip
    anesthetic = text(60, required=False, help_text="Such as lidocaine 1 %.")
    contrast = forms.BooleanField(required=False, label="Contrast was given")
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
    baseline_glucose_unit = forms.ChoiceField(label="Its unit", choices=GLUCOSE_UNITS)

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
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What is known about the procedure, as the services take it."""
        known = {name: self.cleaned_data[name] for name in PROCEDURE_FIELDS}
        return {**known, "steroid": known["steroid"] == "yes"}


class WhenFields(DeskForm):
    """Whether a procedure is done, and when."""

    clinic: Clinic
    now: datetime

    stage = forms.ChoiceField(
        label="The procedure is",
        choices=[("done", "Done"), ("planned", "Planned")],
        widget=forms.RadioSelect,
        initial="done",
    )
    at = LocalMoment(label="Ended at, or planned for")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
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

    def when(self) -> dict[str, Any]:
        """A planned one stays scheduled until it is marked done."""
        is_done = self.cleaned_data["stage"] == "done"
        moment = "ended_at" if is_done else "scheduled_at"
        return {"state": ProcedureState.SCHEDULED, moment: self.cleaned_data["at"]}


class AddProcedureForm(WhenFields, ProcedureFields):
    """One more procedure of somebody who is enrolled already."""

    def __init__(self, *args: Any, clinic: Clinic, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, initial=usual(clinic, now), **kwargs)
        self.clinic, self.now = clinic, now
        self.fields["at"].help_text = f"On the clinic's clock ({zone_name(clinic.timezone)})."

    def procedure(self) -> dict[str, Any]:
        return {**self.facts(), **self.when()}


class ProcedureForm(Correction, ProcedureFields):
    """Correct what is known, or fill in a baseline. Its time is corrected on the patient's page."""

    TOGETHER = (("kind", "steroid"), ("baseline_glucose", "baseline_glucose_unit"))

    def __init__(self, *args: Any, procedure: Procedure, **kwargs: Any) -> None:
        known = {name: getattr(procedure, name) for name in PROCEDURE_FIELDS}
        initial = {**known, "steroid": "yes" if procedure.steroid else "no"}
        super().__init__(*args, initial=initial, standing=known, **kwargs)

    def said(self) -> dict[str, Any]:
        return self.facts()
