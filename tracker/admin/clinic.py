"""The clinic as patients know it, and by which ways messages may go."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.admin.corrections import Correction
from tracker.admin.forms import dialled
from tracker.admin.frame import at_work, page
from tracker.models import Clinic
from tracker.models.patient import Language
from tracker.services import clinic_settings
from tracker.services.corrections import ChangedMeanwhile

WRONG = 422
TEMPERATURE = [("[degF]", "°F"), ("Cel", "°C")]
GLUCOSE = [("mg/dL", "mg/dL"), ("mmol/L", "mmol/L")]


class ClinicForm(Correction):
    name = forms.CharField(max_length=120, label="Name of the clinic")
    phone = forms.CharField(
        max_length=30, label="Phone that patients call", help_text="It stands on every advice."
    )
    emergency_number = forms.RegexField(
        r"^[0-9]{3,8}$",
        label="Emergency number",
        error_messages={"invalid": "Give 3 to 8 digits, such as 911."},
    )
    hours = forms.CharField(
        required=False,
        max_length=120,
        label="Hours, as patients read them",
        help_text="Such as: Monday to Friday, 8 am to 5 pm. What counts is set under Hours.",
    )
    booking_link = forms.URLField(
        required=False,
        assume_scheme="https",
        label="Where patients make appointments",
        error_messages={"invalid": "Give a whole address, such as https://clinic.example/book."},
    )
    timezone = forms.CharField(
        max_length=64,
        label="Time zone",
        help_text="Such as America/New_York.",
        widget=forms.TextInput(attrs={"list": "time-zones"}),
    )
    language = forms.ChoiceField(choices=Language.choices, label="Language of patients, at first")
    temperature_unit = forms.ChoiceField(choices=TEMPERATURE, label="Temperature, at first")
    glucose_unit = forms.ChoiceField(choices=GLUCOSE, label="Blood sugar, at first")
    email_allowed = forms.BooleanField(required=False, label="Messages may go by e-mail")
    sms_allowed = forms.BooleanField(required=False, label="Messages may go by text")
    sms_sender = forms.CharField(
        required=False,
        max_length=40,
        label="Sender of texts",
        help_text="A neutral name: it stands on locked screens.",
    )
    digest_at = forms.TimeField(
        required=False,
        label="What waits, by e-mail, at",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="To everybody who takes alerts, on days on which you are open. Empty: never.",
        error_messages={"invalid": "Give a time, such as 07:30."},
    )
    keep_years = forms.IntegerField(
        min_value=1,
        max_value=30,
        label="Years to keep a record",
        help_text="Counted from when the last procedure was closed; then it is erased.",
    )

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        known = {name: getattr(clinic, name) for name in clinic_settings.FIELDS}
        super().__init__(*args, initial=known, standing=known, **kwargs)
        self.clinic = clinic

    def said(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in clinic_settings.FIELDS}

    def clean_phone(self) -> str:
        return dialled(self.cleaned_data["phone"], self.clinic)

    def clean_booking_link(self) -> str:
        link = str(self.cleaned_data["booking_link"])
        if link and not link.startswith("https://"):
            raise forms.ValidationError("Give an address that begins with https://.")
        return link

    def clean_timezone(self) -> str:
        zone = str(self.cleaned_data["timezone"])
        if zone not in available_timezones():
            raise forms.ValidationError("Choose one of the list, such as America/Chicago.")
        return zone


@require_http_methods(["GET", "HEAD", "POST"])
def clinic_page(request: HttpRequest) -> HttpResponse:
    staff = at_work(request)
    form = ClinicForm(request.POST if request.method == "POST" else None, clinic=staff.clinic)
    if form.is_valid():
        try:
            changed = clinic_settings.change_clinic(
                staff=staff, values=form.corrected(), shown=form.was_shown(), now=clock.now()
            )
        except ChangedMeanwhile as error:
            form.say_changed(error)
        else:
            messages.success(request, "Saved." if changed else "Nothing was changed.")
            return redirect("admin:clinic")
    return page(
        request,
        "desk/clinic.html",
        "Clinic",
        status=WRONG if form.is_bound else 200,
        form=form,
        zones=sorted(available_timezones()),
    )
