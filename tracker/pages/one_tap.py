"""One tap says how strong the usual pain is, or was before the block."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tracker import clock
from tracker.access import Phone
from tracker.models import Procedure
from tracker.pages.errors import bad_request, csrf_failure
from tracker.pages.phone import phone_page
from tracker.services import asked, procedures
from tracker.services.asked import OneTap
from tracker.services.second_thoughts import record_form

SCORES = {str(score): score for score in range(11)}


@require_POST
@phone_page
def one_tap_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    procedure = procedures.procedure_of(phone.patient)
    which, form_id = request.POST.get("which", ""), _id_in(request)
    score = SCORES.get(request.POST.get("usual", ""))
    if which not in list(OneTap) or form_id is None or score is None or procedure is None:
        return bad_request(request)
    if request.POST.get("patient") != str(phone.patient.pk):
        # Somebody else signed in since the page opened: this must not become their answer.
        return csrf_failure(request)
    sent = record_form(
        patient=phone.patient,
        form_id=form_id,
        answers=_answers(procedure, OneTap(which), score),
        now=clock.now(),
        caregiver=phone.caregiver,
    )
    if which == OneTap.BASELINE:
        return redirect("today")
    return redirect("care-card", check_in_id=sent.client_id)


def _answers(procedure: Procedure, which: OneTap, score: int) -> dict[str, Any]:
    at = asked.observed_at(procedure=procedure, which=which, now=clock.now())
    return {"observed_at": at.isoformat(), "pain": {"usual": score}}


def _id_in(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("check_in_id", ""))
    except ValueError:
        return None
