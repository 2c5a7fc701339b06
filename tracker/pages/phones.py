"""The phones that are signed in for a patient; each can be signed out from any of them."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from tracker import clock
from tracker.access import Phone
from tracker.pages.phone import OUT_MARK, phone_page, show, to_join
from tracker.services import devices


@require_safe
@phone_page
def phones_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    found = devices.phones_of(phone=phone)
    named = [(each, devices.name_of(each.label) or each.label) for each in found]
    return show(request, phone, "phones.html", phones=named, most=devices.MOST_PHONES)


@require_POST
@phone_page
def end_page(request: HttpRequest, phone: Phone, session_id: UUID) -> HttpResponse:
    try:
        devices.end_own(phone=phone, session_id=session_id, now=clock.now())
    except ObjectDoesNotExist:
        raise Http404 from None
    return to_join(OUT_MARK) if session_id == phone.session.pk else redirect("phones")
