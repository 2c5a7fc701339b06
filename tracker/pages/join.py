"""Sign a phone in with a typed code or a link, and sign it out."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.access import Phone
from tracker.accounts.addresses import address_of
from tracker.pages.phone import ENDED_MARK, OUT_MARK, guarded, phone_page, show, to_join
from tracker.phone_cookie import (
    BUT_COOKIES,
    clear_phone,
    label_of,
    phone_of,
    set_phone_cookie,
    token_of,
    was_ended,
)
from tracker.services import invitations
from tracker.services.invitations import AT_AN_ADDRESS, InvitationRefused, TooManyTries

WRONG, TOO_MANY_REQUESTS = 422, 429
LONGEST_CODE = 40
LONGEST_TOKEN = 200


@guarded
@require_http_methods(["GET", "HEAD", "POST"])
def join_page(request: HttpRequest) -> HttpResponse:
    """While nobody is known, the browser says which language to speak."""
    phone = phone_of(request)
    language = phone.patient.language if phone else None
    with translation.override(language or translation.get_language_from_request(request)):
        return _sign_in(request) if request.method == "POST" else _form(request)


def _form(
    request: HttpRequest, code: str = "", error: str = "", status: int = WRONG
) -> HttpResponse:
    ended = ENDED_MARK in request.GET and not error
    context = {"code": code, "error": error, "phone": phone_of(request), "ended": ended}
    response = render(request, "phone/join.html", context, status=status if error else 200)
    if request.method == "GET" and _was_told(request) and was_ended(request):
        clear_phone(response, BUT_COOKIES)
    return response


def _was_told(request: HttpRequest) -> bool:
    """Whether the way here says that unsent answers go: a card's link leaves them alone."""
    return any(mark in request.GET for mark in (ENDED_MARK, OUT_MARK))


def _sign_in(request: HttpRequest) -> HttpResponse:
    code = request.POST.get("code", "").strip()[:LONGEST_CODE]
    if not code:
        return _form(request, error=_("Type the code from your card."))
    try:
        signed_in = invitations.sign_in_with_code(
            code=code,
            label=label_of(request),
            now=clock.now(),
            replaces=token_of(request),
            address=address_of(request),
        )
    except TooManyTries:
        words = _("Too many codes were tried from here. Wait 15 minutes, or scan your card.")
        response = _form(request, code, words, TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(AT_AN_ADDRESS.lasts // timedelta(seconds=1))
        return response
    except InvitationRefused:
        return _form(request, code, _("This code does not work. Check each letter and number."))
    rotate_token(request)
    response = redirect("phones" if signed_in.ended else "today")
    set_phone_cookie(response, signed_in.token)
    return response


@guarded
@require_POST
def whose_page(request: HttpRequest) -> HttpResponse:
    """Name the clinic of a link before it takes the place of somebody; never the patient."""
    token = request.POST.get("token", "")[:LONGEST_TOKEN]
    try:
        clinic = invitations.clinic_of_link(token=token, now=clock.now())
    except InvitationRefused:
        raise Http404 from None
    return JsonResponse({"clinic": clinic})


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def sign_out_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    if request.method != "POST":
        return show(request, phone, "sign_out.html")
    invitations.sign_out(phone=phone, now=clock.now())
    return to_join(OUT_MARK)
