"""The check-in: the questions, the care card that answers them, and what we ask back."""

from __future__ import annotations

import json
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
from tracker.models import CheckIn
from tracker.pages import offline
from tracker.pages.advice_card import card
from tracker.pages.check_in_form import CheckInForm, field_of, starting_values
from tracker.pages.phone import phone_page, show
from tracker.pages.words import name_of, quantity, said
from tracker.services import advising, check_ins, procedures, today
from tracker.services.check_ins import CheckInIdTaken, CheckInRefused, NothingToFollow

SECOND_THOUGHTS = timedelta(minutes=15)
"""A form that is sent again within this time corrects what it sent; later it is a new check-in."""

FIRST_HOURS = timedelta(hours=24)


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def check_in_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    if request.method == "POST":
        return _send(request, phone)
    start = {"check_in_id": uuid.uuid4(), **starting_values(phone.patient)}
    return _ask(request, phone, CheckInForm(initial=start))


def _ask(request: HttpRequest, phone: Phone, form: CheckInForm) -> HttpResponse:
    procedure = procedures.procedure_of(phone.patient)
    ended_at = procedure.ended_at if procedure else None
    return show(
        request,
        phone,
        "check_in.html",
        form=form,
        first_hours=ended_at is not None and clock.now() - ended_at <= FIRST_HOURS,
        ask_glucose=phone.patient.diabetes,
        offline=offline.data_for(phone, clock.now()),
        status=422 if form.errors else 200,
    )


def _send(request: HttpRequest, phone: Phone) -> HttpResponse:
    form = CheckInForm(request.POST)
    now = clock.now()
    if not form.is_valid():
        return _ask(request, phone, form)
    try:
        sent = _record(phone, form.cleaned_data["check_in_id"], form.answers(now), now)
    except CheckInRefused as error:
        for problem in error.problems:
            form.add_error(field_of(problem.pointer), problem.say(phone.patient.language))
        return _ask(request, phone, form)
    except NothingToFollow:
        form.add_error(None, _("The clinic has not planned a procedure for you yet. Call it."))
        return _ask(request, phone, form)
    return redirect("care-card", check_in_id=sent)


def _record(
    phone: Phone, check_in_id: uuid.UUID, answers: dict[str, Any], now: datetime
) -> uuid.UUID:
    """Record a form once, however often it is sent; sent again with other answers, correct it."""
    try:
        recorded = check_ins.record_check_in(
            patient=phone.patient, client_id=check_in_id, answers=answers, now=now
        )
        return recorded.check_in.client_id
    except CheckInIdTaken:
        earlier = _newest_of(_own(phone, check_in_id))
    if _content(earlier.answers) == _content(answers):
        return earlier.client_id
    if now - earlier.recorded_at < SECOND_THOUGHTS:
        answers = {**answers, "corrects": str(earlier.client_id)}
    return _record(phone, uuid.uuid5(check_in_id, _content(answers)), answers, now)


def _content(answers: dict[str, Any]) -> str:
    """What was said, apart from when it was said and what it replaces."""
    said_only = {key: answers[key] for key in answers if key not in ("observed_at", "corrects")}
    return json.dumps(said_only, sort_keys=True)


def _own(phone: Phone, check_in_id: uuid.UUID) -> CheckIn:
    rows = CheckIn.objects.select_related(
        "patient", "procedure__clinic", "procedure__patient", "procedure__protocol_version"
    )
    return get_object_or_404(access.of_patient(phone, rows), client_id=check_in_id)


def _newest_of(check_in: CheckIn) -> CheckIn:
    """Follow the corrections of a check-in to the one that counts."""
    while hasattr(check_in, "corrected_by"):
        check_in = check_in.corrected_by
    return check_in


@require_http_methods(["GET", "HEAD"])
@phone_page
def care_card_page(request: HttpRequest, phone: Phone, check_in_id: uuid.UUID) -> HttpResponse:
    check_in = _own(phone, check_in_id)
    newest = _newest_of(check_in)
    if newest.pk != check_in.pk:  # what was corrected advises nobody any more
        return redirect("care-card", check_in_id=newest.client_id)
    asked = read_answers(check_in.answers, recorded_at=check_in.recorded_at).questions
    return show(
        request,
        phone,
        "care_card.html",
        check_in=check_in,
        card=card(advising.advice_for(check_in), phone),
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
    check_in = _newest_of(_own(phone, check_in_id))
    pointer, choice = request.POST.get("pointer", ""), request.POST.get("choice", "")
    asked = read_answers(check_in.answers, recorded_at=check_in.recorded_at).questions
    question = next((each for each in asked if each.pointer == pointer), None)
    if question is None:  # answered already
        return redirect("care-card", check_in_id=check_in.client_id)
    answers = _corrected(check_in, question, use_suggestion=choice == "suggested")
    sent = _record(
        phone, uuid.uuid5(check_in.client_id, f"{pointer} {choice}"), answers, clock.now()
    )
    return redirect("care-card", check_in_id=sent)


def _corrected(check_in: CheckIn, question: Question, *, use_suggestion: bool) -> dict[str, Any]:
    part = question.pointer.strip("/").split("/")[0]
    answers = {**check_in.answers, "corrects": str(check_in.client_id)}
    if use_suggestion and question.suggestion:
        answers[part] = {**answers[part], **question.suggestion}
    answers["confirmed"] = sorted({*(check_in.answers.get("confirmed") or []), part})
    return answers
