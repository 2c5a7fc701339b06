"""One button says what the patient did about the advice."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from tracker import clock
from tracker.access import Phone
from tracker.models.answer_to_advice import Did
from tracker.pages.errors import bad_request
from tracker.pages.phone import phone_page
from tracker.services import answers_to_advice
from tracker.services.answers_to_advice import AnswerIdTaken, NothingStands


@require_POST
@phone_page
def answer_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    did, form_id = request.POST.get("did", ""), _id_in(request)
    if did not in Did.values or form_id is None:
        return bad_request(request)
    # When staff were faster, the page shows how it stands.
    with suppress(AnswerIdTaken, NothingStands):
        # The page has one id for all its buttons: each of them may be pressed.
        answers_to_advice.answer(
            phone=phone, client_id=uuid.uuid5(form_id, did), did=Did(did), now=clock.now()
        )
    return redirect("today")


def _id_in(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.POST.get("answer_id", ""))
    except ValueError:
        return None
