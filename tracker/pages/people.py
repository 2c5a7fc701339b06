"""People who help the patient: let in with a code of their own, put out at once."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.access import Phone
from tracker.pages.phone import phone_page, show
from tracker.services import caregivers
from tracker.services.caregivers import MOST, Added, NameMissing, TooManyCaregivers

LONGEST_NAME = 120
CODE_COOKIE = "afterblock_code"
SHOWN_WITHIN = 60  # seconds


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def people_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    if request.method != "POST":
        return _with_code(request, phone)
    name = request.POST.get("name", "").replace("\0", "").strip()[:LONGEST_NAME]
    try:
        added = caregivers.add(
            phone=phone,
            name=name,
            may_log=request.POST.get("may") == "log",
            client_id=_id_in(request),
            now=clock.now(),
        )
    except NameMissing:
        return _page(request, phone, error=_("Give the name of this person."), status=422)
    except TooManyCaregivers:
        return _page(request, phone, status=409)
    except ObjectDoesNotExist:
        return redirect("people")  # an old form: they were let go meanwhile
    return _to_code(phone, added)


def _id_in(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("client_id", ""))
    except ValueError:
        return uuid.uuid4()


@require_POST
@phone_page
def invite_page(request: HttpRequest, phone: Phone, caregiver_id: uuid.UUID) -> HttpResponse:
    try:
        added = caregivers.invite_again(phone=phone, caregiver_id=caregiver_id, now=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    return _to_code(phone, added)


@require_POST
@phone_page
def end_page(request: HttpRequest, phone: Phone, caregiver_id: uuid.UUID) -> HttpResponse:
    try:
        caregivers.revoke(phone=phone, caregiver_id=caregiver_id, now=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("people")


# --- the code: the database keeps a digest, so it travels to the next page in a cookie ------------


def _to_code(phone: Phone, added: Added) -> HttpResponse:
    """Go on to the list, which shows the code once; a refresh there sends nothing again."""
    told = {
        "session": str(phone.session.pk),
        "name": added.caregiver.name,
        "code": added.invited.code,
        "link": added.invited.join_url,
        "page": added.invited.join_url.partition("#")[0],
    }
    response = redirect("people")
    response.set_cookie(
        CODE_COOKIE,
        signing.dumps(told, salt=CODE_COOKIE),
        max_age=SHOWN_WITHIN,
        path=reverse("people"),
        secure=settings.HTTPS,
        httponly=True,
        samesite="Strict",
    )
    return response


def _with_code(request: HttpRequest, phone: Phone) -> HttpResponse:
    response = _page(request, phone, added=_code_for(request, phone))
    if CODE_COOKIE in request.COOKIES:
        response.delete_cookie(CODE_COOKIE, path=reverse("people"), samesite="Strict")
    return response


def _code_for(request: HttpRequest, phone: Phone) -> dict[str, str] | None:
    try:
        told: dict[str, str] = signing.loads(
            request.COOKIES.get(CODE_COOKIE, ""), salt=CODE_COOKIE, max_age=SHOWN_WITHIN
        )
    except signing.BadSignature:
        return None
    return told if told["session"] == str(phone.session.pk) else None


def _page(request: HttpRequest, phone: Phone, *, status: int = 200, **more: Any) -> HttpResponse:
    """The code is on this page once: whoever opens it again sees that there is one."""
    people = list(caregivers.caregivers_of(patient=phone.patient))
    return show(
        request,
        phone,
        "people.html",
        status=status,
        people=people,
        new_id=uuid.uuid4(),
        full=len(people) >= MOST,
        most=MOST,
        **more,
    )
