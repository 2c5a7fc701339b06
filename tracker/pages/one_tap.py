"""One tap says how strong the usual pain is, or was before the block."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tracker import access, clock
from tracker.access import Phone
from tracker.models import CheckIn, Procedure
from tracker.pages.errors import bad_request, csrf_failure
from tracker.pages.phone import phone_page
from tracker.services import asked, procedures
from tracker.services.asked import OneTap
from tracker.services.check_ins import CheckInRefused, NothingToFollow
from tracker.services.second_thoughts import SECOND_THOUGHTS, record_form

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
    if which == OneTap.BASELINE and not _still_asked(phone, procedure, form_id):
        return redirect("today")
    try:
        sent = record_form(
            patient=phone.patient,
            form_id=form_id,
            answers=_answers(procedure, OneTap(which), score),
            now=clock.now(),
            caregiver=phone.caregiver,
        )
    except (CheckInRefused, NothingToFollow):
        # Another change of it was faster, or the clinic's: today's page says what is so now.
        return redirect("today")
    if which == OneTap.BASELINE:
        return redirect("today")
    return redirect("care-card", check_in_id=sent.client_id)


def _still_asked(phone: Phone, procedure: Procedure, form_id: uuid.UUID) -> bool:
    """A page that was open for days would make the baseline up; a slip is put right at once."""
    now = clock.now()
    if asked.by_one_tap(procedure=procedure, now=now) is OneTap.BASELINE:
        return True
    just_told = access.of_patient(phone, CheckIn.objects.filter(client_id=form_id))
    return just_told.filter(recorded_at__gt=now - SECOND_THOUGHTS).exists()


def _answers(procedure: Procedure, which: OneTap, score: int) -> dict[str, Any]:
    at = asked.observed_at(procedure=procedure, which=which, now=clock.now())
    return {"observed_at": at.isoformat(), "pain": {"usual": score}}


def _id_in(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("check_in_id", ""))
    except ValueError:
        return None
