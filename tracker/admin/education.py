"""The cards that patients read, for a clinician to approve."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.admin.frame import action, at_work, page
from tracker.policy import Action
from tracker.services import education
from tracker.services.education import CardChanged


@require_safe
def cards_page(request: HttpRequest) -> HttpResponse:
    staff = at_work(request)
    return page(
        request,
        "desk/cards.html",
        "Cards for patients",
        cards=education.standing(staff=staff),
        decides=staff.may(Action.PROTOCOL_DECIDE),
    )


@action
def approve(request: HttpRequest, key: str) -> HttpResponse:
    digest = request.POST.get("digest", "")
    try:
        education.approve(staff=at_work(request), key=key, digest=digest, now=clock.now())
    except CardChanged as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Approved. Patients of your clinic see it from now on.")
    return redirect("admin:cards")


@action
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    education.withdraw(staff=at_work(request), key=key, now=clock.now())
    messages.success(request, "Withdrawn. Patients see it no longer.")
    return redirect("admin:cards")
