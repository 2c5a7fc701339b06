"""The clinic's hours, and who is on call: without them every alert waits for whoever looks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tracker import clock
from tracker.admin.corrections import Correction
from tracker.admin.forms import dialled
from tracker.admin.frame import at_work, page
from tracker.models import Clinic, Membership
from tracker.services import business_hours, cover
from tracker.services.corrections import ChangedMeanwhile

WRONG = 422
DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
ELSEWHERE = "They work at another clinic too, so it is not changed here."
HOURS_LOOK_LIKE = "Give hours such as 08:00-12:00, 13:00-17:00, or leave it empty when closed."


class CoverForm(Correction):
    """One field a weekday, and two for each colleague."""

    after_hours_phone = forms.CharField(required=False, label="Phone when you are closed")
    after_hours_text = forms.CharField(
        required=False,
        max_length=500,
        label="What patients should do when you are closed",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Patients read it while a call waits and nobody is there.",
    )
    after_hours_text_es = forms.CharField(
        required=False,
        max_length=500,
        label="The same in Spanish",
        widget=forms.Textarea(attrs={"rows": 2, "lang": "es"}),
        help_text="Where one of the two is empty, everybody reads the other.",
    )
    holidays = forms.CharField(
        required=False,
        label="Days on which you are closed",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One date a line, such as 2026-12-25.",
    )

    def __init__(self, *args: Any, clinic: Clinic, people: list[Membership], **kwargs: Any) -> None:
        known = cover.cover_of(clinic, people).by_field()
        super().__init__(*args, initial=_typed(known), standing=known, **kwargs)
        self.clinic, self.people = clinic, people
        for day, label in DAYS.items():
            self.fields[day] = forms.CharField(required=False, max_length=80, label=label)
        for each in people:
            self.fields[f"order-{each.pk}"] = forms.IntegerField(
                required=False, min_value=1, max_value=99, label=f"Place of {each.user}"
            )
            shared = cover.is_shared(each)
            self.fields[f"mobile-{each.pk}"] = forms.CharField(
                required=False,
                max_length=30,
                label=f"Mobile of {each.user}",
                disabled=shared,
                help_text=ELSEWHERE if shared else "",
            )

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[day] for day in DAYS]

    @property
    def colleagues(self) -> list[tuple[Membership, forms.BoundField, forms.BoundField]]:
        return [(each, self[f"order-{each.pk}"], self[f"mobile-{each.pk}"]) for each in self.people]

    def clean(self) -> dict[str, Any]:
        known = super().clean() or {}
        for day in DAYS:
            self._read(day, _intervals)
        for name in ("after_hours_phone", *(f"mobile-{each.pk}" for each in self.people)):
            if not self.fields[name].disabled:
                self._read(name, lambda text: dialled(text, self.clinic) if text else "")
        self._read("holidays", _dates)
        return known

    def _read(self, name: str, reader: Any) -> None:
        try:
            self.cleaned_data[name] = reader(self.cleaned_data.get(name, ""))
        except ValidationError as error:
            self.add_error(name, error)

    def said(self) -> dict[str, Any]:
        # Who was not on the page that was sent, such as a colleague who came since, stays as is.
        return {name: self.cleaned_data[name] for name in self.standing if name in self.data}


@require_http_methods(["GET", "HEAD", "POST"])
def cover_page(request: HttpRequest) -> HttpResponse:
    staff = at_work(request)
    people = cover.who_can_be_on_call(staff=staff)
    data = request.POST if request.method == "POST" else None
    form = CoverForm(data, clinic=staff.clinic, people=people)
    if form.is_valid():
        try:
            cover.change_cover(
                staff=staff, fields=form.corrected(), shown=form.was_shown(), now=clock.now()
            )
        except ChangedMeanwhile as error:
            form.say_changed(error)
        else:
            messages.success(request, "Saved. It holds for alerts raised from now on.")
            return redirect("admin:cover")
    return page(
        request,
        "desk/cover.html",
        "Hours and on call",
        status=WRONG if form.is_bound else 200,
        form=form,
        nobody=not any(each.on_call_order for each in people),
    )


def _typed(known: dict[str, Any]) -> dict[str, Any]:
    """What stands, as one types it."""
    hours = {day: ", ".join("-".join(each) for each in known[day]) for day in DAYS}
    return {**known, **hours, "holidays": "\n".join(day.isoformat() for day in known["holidays"])}


def _intervals(text: str) -> list[list[str]]:
    told = [_interval(each.strip()) for each in text.split(",") if each.strip()]
    if business_hours.readable({"mon": told}).get("mon", []) != told:
        raise ValidationError(HOURS_LOOK_LIKE)
    return told


def _interval(text: str) -> list[str]:
    opens, _, closes = text.replace("–", "-").partition("-")
    return [_time(opens.strip()), _time(closes.strip())]


def _time(text: str) -> str:
    if text == "24:00":
        return text
    try:
        return datetime.strptime(text, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 (a wall clock)
    except ValueError:
        raise ValidationError(HOURS_LOOK_LIKE) from None


def _dates(text: str) -> list[date]:
    try:
        return sorted({date.fromisoformat(each) for each in text.split()})
    except ValueError:
        raise ValidationError("Give one date a line, such as 2026-12-25.") from None
