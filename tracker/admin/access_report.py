"""Who looked at whom: for the manager; and the way in for whoever has no patient data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from tracker import clock
from tracker.access import Staff
from tracker.admin.forms import DeskForm, dialled
from tracker.admin.frame import at_work, page
from tracker.services import access_report, break_glass, looking

PERIODS = {7: "7 days", 30: "30 days", 90: "3 months"}
USUALLY = 7
NO_REASON = 400


class BreakGlassForm(DeskForm):
    phone = forms.CharField(label="The patient's phone number", max_length=30)
    reason = forms.CharField(
        label="Why you need this record",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The manager reads it, and the patient sees that you looked.",
    )


@require_safe
def access_report_page(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else USUALLY
    staff, now = at_work(request), clock.now()
    report = access_report.access_report(staff=staff, days=days, now=now)
    patients = [each.patient_id for each in report.broken_glass]
    looking.listed(staff=staff, name="access_report", patients=patients, now=now)
    return page(
        request,
        "desk/access_report.html",
        "Who opened which records",
        report=report,
        periods=PERIODS,
        days=days,
        many=access_report.MANY,
        times=access_report.TIMES,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def break_glass_page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, BreakGlassForm())
    form = BreakGlassForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=NO_REASON)
    staff, known = at_work(request), form.cleaned_data
    try:
        phone = dialled(known["phone"], staff.clinic)
    except ValidationError as error:
        form.add_error("phone", error)
        return _form(request, form, status=NO_REASON)
    opened = break_glass.break_glass(
        staff=staff, phone=phone, reason=known["reason"], now=clock.now()
    )
    return redirect("admin:patient", opened.patient_id)


def opens(request: HttpRequest, who: Staff, name: str, ids: dict[str, Any], now: datetime) -> bool:
    """Whether this address is open to somebody who said why: a look at that patient, no more."""
    if name != "patient" or request.method not in ("GET", "HEAD"):
        return False
    return break_glass.is_open(staff=who, patient_id=ids["patient_id"], now=now)


def _form(request: HttpRequest, form: BreakGlassForm, status: int = 200) -> HttpResponse:
    title = "Open one record for an hour"
    return page(request, "desk/break_glass.html", title, status=status, form=form)
