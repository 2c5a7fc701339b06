"""The check-in: the questions, the care card that answers them, and what we ask back."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker import access, clock
from tracker.access import Phone
from tracker.clinical.intake import Question, read_answers
from tracker.models import CheckIn, Procedure
from tracker.pages import offline
from tracker.pages.advice_card import card
from tracker.pages.check_in_form import CheckInForm, starting_values
from tracker.pages.errors import csrf_failure
from tracker.pages.filled_in import corrected, filled_in
from tracker.pages.phone import phone_page, show
from tracker.pages.refusals import field_of, in_units
from tracker.pages.same_again import boxes, last_told, same_again
from tracker.pages.words import name_of, quantity, said
from tracker.services import advising, procedures, today
from tracker.services.check_ins import CheckInRefused, NothingToFollow
from tracker.services.second_thoughts import newest_of, record_form

FIRST_HOURS = timedelta(hours=24)


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def check_in_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    if request.method == "POST":
        return _send(request, phone)
    again = same_again(last_told(phone, clock.now()))
    start = {**starting_values(phone.patient), **(again if "same" in request.GET else {})}
    return _ask(request, phone, _fresh(phone, start), same=boxes(again))


@require_http_methods(["GET", "HEAD"])
@phone_page
def change_page(request: HttpRequest, phone: Phone, check_in_id: uuid.UUID) -> HttpResponse:
    """The form as it was filled in, to be sent again as a correction."""
    check_in = newest_of(_own(phone, check_in_id))
    start = {**filled_in(check_in), "corrects": check_in.client_id}
    return _ask(request, phone, _fresh(phone, start))


def _fresh(phone: Phone, start: dict[str, Any]) -> CheckInForm:
    whose = {"check_in_id": uuid.uuid4(), "patient": phone.patient.pk}
    return CheckInForm(initial={**whose, **start})


def _ask(request: HttpRequest, phone: Phone, form: CheckInForm, same: str = "") -> HttpResponse:
    procedure = procedures.procedure_of(phone.patient)
    return show(
        request,
        phone,
        "check_in.html",
        form=form,
        same=same,
        first_hours=_in_first_hours(procedure) or bool(form["first_hours"].value()),
        ask_glucose=phone.patient.diabetes,
        offline=offline.data_for(phone, clock.now()),
        status=422 if form.errors else 200,
    )


def _in_first_hours(procedure: Procedure | None) -> bool:
    ended_at = procedure.ended_at if procedure else None
    return ended_at is not None and clock.now() - ended_at <= FIRST_HOURS


def _send(request: HttpRequest, phone: Phone) -> HttpResponse:
    form = CheckInForm(request.POST)
    now = clock.now()
    if not form.is_valid():
        return _ask(request, phone, form)
    if form.cleaned_data["patient"] not in (None, phone.patient.pk):
        # Somebody else signed in since the page opened: this must not become their answer.
        return csrf_failure(request)
    try:
        sent = record_form(
            patient=phone.patient,
            form_id=form.cleaned_data["check_in_id"],
            answers=_answers(phone, form, now),
            now=now,
            caregiver=phone.caregiver,
        )
    except CheckInRefused as error:
        for problem in error.problems:
            field = field_of(problem.pointer)
            form.add_error(field, in_units(problem, form, phone.patient.language))
        return _ask(request, phone, form)
    except NothingToFollow:
        form.add_error(None, _("The clinic has not planned a procedure for you yet. Call it."))
        return _ask(request, phone, form)
    return redirect("care-card", check_in_id=sent.client_id)


def _answers(phone: Phone, form: CheckInForm, now: datetime) -> dict[str, Any]:
    said = form.answers(now)
    if form.cleaned_data["corrects"] is None:
        return said
    return corrected(newest_of(_own(phone, form.cleaned_data["corrects"])), said)


def _own(phone: Phone, check_in_id: uuid.UUID) -> CheckIn:
    rows = CheckIn.objects.select_related(
        "patient", "procedure__clinic", "procedure__patient", "procedure__protocol_version"
    )
    return get_object_or_404(access.of_patient(phone, rows), client_id=check_in_id)


@require_http_methods(["GET", "HEAD"])
@phone_page
def care_card_page(request: HttpRequest, phone: Phone, check_in_id: uuid.UUID) -> HttpResponse:
    check_in = _own(phone, check_in_id)
    newest = newest_of(check_in)
    if newest.pk != check_in.pk:  # what was corrected advises nobody any more
        return redirect("care-card", check_in_id=newest.client_id)
    asked = read_answers(check_in.answers, recorded_at=check_in.recorded_at).questions
    found = card(advising.advice_for(check_in), phone)
    standing = today.today_of(patient=phone.patient, now=clock.now())
    return show(
        request,
        phone,
        "care_card.html",
        check_in=check_in,
        card=found,
        today=standing,
        asks_to_call=found["level"] != "self",
        new_id=uuid.uuid4(),
        questions=[_question(each, phone) for each in asked],
        said=said(check_in.answers),
        sent=sorted({name_of(each.alert.sign) for each in _events(check_in)}),
        waiting=_waiting(phone, check_in),
    )


def _waiting(phone: Phone, check_in: CheckIn) -> list[str]:
    """What an earlier check-in told and staff have not closed: a calm one does not undo it."""
    told_now = {each.alert_id for each in _events(check_in)}
    still_open = today.open_calls(patient=phone.patient)
    return sorted({name_of(each.sign) for each in still_open if each.pk not in told_now})


def _events(check_in: CheckIn) -> Any:
    """The alerts that this check-in gave staff something to read about."""
    events = check_in.alertevent_set.select_related("alert").filter(actor__isnull=True)
    return [each for each in events if (each.tier or 0) > 1]


def _question(question: Question, phone: Phone) -> dict[str, Any]:
    suggestion = question.suggestion
    return {
        "pointer": question.pointer,
        "words": question.say(phone.patient.language, phone.clinic.emergency_number),
        "suggestion": quantity(suggestion) if suggestion else "",
        "urgent": question.urgent,
    }


@require_POST
@phone_page
def answer_page(request: HttpRequest, phone: Phone, check_in_id: uuid.UUID) -> HttpResponse:
    """Answer "did you mean ...?" with a correction that says which value counts."""
    check_in = newest_of(_own(phone, check_in_id))
    pointer, choice = request.POST.get("pointer", ""), request.POST.get("choice", "")
    asked = read_answers(check_in.answers, recorded_at=check_in.recorded_at).questions
    question = next((each for each in asked if each.pointer == pointer), None)
    if question is None:  # answered already
        return redirect("care-card", check_in_id=check_in.client_id)
    answers = _confirmed(check_in, question, use_suggestion=choice == "suggested")
    sent = record_form(
        patient=phone.patient,
        form_id=uuid.uuid5(check_in.client_id, f"{pointer} {choice}"),
        answers=answers,
        now=clock.now(),
        caregiver=phone.caregiver,
    )
    return redirect("care-card", check_in_id=sent.client_id)


def _confirmed(check_in: CheckIn, question: Question, *, use_suggestion: bool) -> dict[str, Any]:
    part = question.pointer.strip("/").split("/")[0]
    answers = {**check_in.answers, "corrects": str(check_in.client_id)}
    if use_suggestion and question.suggestion:
        answers[part] = {**answers[part], **question.suggestion}
    answers["confirmed"] = sorted({*(check_in.answers.get("confirmed") or []), part})
    return answers
