"""The enrolment form: a patient, one procedure, and what the rules must know beforehand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from tracker.admin.patient_form import PatientFields, text, zone_name
from tracker.admin.procedure_form import ProcedureFields, WhenFields
from tracker.models import Clinic
from tracker.models.consent import ConsentKind


class EnrolForm(WhenFields, ProcedureFields, PatientFields):
    """All on one page, in the order in which it is asked."""

    consents = forms.MultipleChoiceField(
        label="Agreed to, after reading the words below",
        choices=ConsentKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    caregiver = text(120, required=False, help_text="Somebody who helps: they get their own card.")
    caregiver_may_log = forms.BooleanField(required=False, label="They may answer check-ins")

    def __init__(self, *args: Any, clinic: Clinic, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, clinic=clinic, now=now, **kwargs)
        self.fields["name"].widget.attrs["autofocus"] = True
        self.fields["at"].help_text = f"On the clinic's clock ({zone_name(clinic.timezone)})."

    def procedure(self) -> dict[str, Any]:
        """The procedure's fields, as the service takes them."""
        return {**self.facts(), **self.when()}

    def helper(self) -> dict[str, Any] | None:
        """Somebody who gets a card of their own, as the service takes them."""
        name = self.cleaned_data["caregiver"]
        may_log = self.cleaned_data["caregiver_may_log"]
        return {"name": name, "may_log": may_log} if name else None
