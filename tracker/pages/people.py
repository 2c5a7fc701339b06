"""People who help the patient: let in with a code of their own, put out at once."""

from __future__ import annotations

import uuid

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.access import Phone
from tracker.pages.phone import phone_page, show
from tracker.services import caregivers
from tracker.services.caregivers import MOST, Added, NameMissing, TooManyCaregivers

LONGEST_NAME = 120


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def people_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    if request.method != "POST":
        return _page(request, phone)
    name = request.POST.get("name", "").replace("\0", "").strip()[:LONGEST_NAME]
    try:
        added = caregivers.add(
            phone=phone, name=name, may_log=request.POST.get("may") == "log", now=clock.now()
        )
    except NameMissing:
        return _page(request, phone, error=_("Give the name of this person."), status=422)
    except TooManyCaregivers:
        return _page(request, phone, status=409)
    return _page(request, phone, added=added)


@require_POST
@phone_page
def invite_page(request: HttpRequest, phone: Phone, caregiver_id: uuid.UUID) -> HttpResponse:
    try:
        added = caregivers.invite_again(phone=phone, caregiver_id=caregiver_id, now=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    return _page(request, phone, added=added)


@require_POST
@phone_page
def end_page(request: HttpRequest, phone: Phone, caregiver_id: uuid.UUID) -> HttpResponse:
    try:
        caregivers.revoke(phone=phone, caregiver_id=caregiver_id, now=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("people")


def _page(
    request: HttpRequest,
    phone: Phone,
    *,
    added: Added | None = None,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    """The code is on this page once: whoever opens it again sees that there is one."""
    people = list(caregivers.caregivers_of(patient=phone.patient))
    return show(
        request,
        phone,
        "people.html",
        status=status,
        people=people,
        added=added,
        join_address=added.invited.join_url.partition("#")[0] if added else "",
        error=error,
        full=len(people) >= MOST,
        most=MOST,
    )
