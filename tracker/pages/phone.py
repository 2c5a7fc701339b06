"""Pages of a signed-in phone: nobody else gets in, and each speaks the patient's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from csp.decorators import csp_update
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from tracker import clock, phone_policy
from tracker.access import Phone
from tracker.phone_cookie import phone_of, was_ended
from tracker.services import looking

# No script of ours writes markup; the one policy names the service worker's address.
guarded = csp_update({"require-trusted-types-for": ["'script'"], "trusted-types": ["afterblock"]})

ENDED_MARK, OUT_MARK = "ended", "out"
"""How a phone comes to the sign-in: ended by somebody else, or by whoever holds it."""


def phone_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show a page to a signed-in phone only, in its patient's language and time zone."""

    @wraps(view)
    def page(request: HttpRequest, **parts: Any) -> HttpResponse:
        phone = phone_of(request)
        if phone is None:
            return _turned_away(request)
        if not phone_policy.allows(request, phone.caregiver):
            return _not_theirs(request, phone)
        zone = ZoneInfo(phone.patient.timezone)
        with translation.override(phone.patient.language), timezone.override(zone):
            return _recorded(view, request, phone, parts)

    return guarded(page)


def _recorded(
    view: Callable[..., HttpResponse], request: HttpRequest, phone: Phone, parts: dict[str, Any]
) -> HttpResponse:
    """Answer; whoever asks for what is not theirs, or not there, is written down."""
    match = request.resolver_match
    place = f"phone-{match.url_name if match else 'unknown'}"
    try:
        return view(request, phone, **parts)
    except (Http404, ObjectDoesNotExist):
        looking.refused(who=phone, place=place, ids=parts, now=clock.now())
        raise


def _not_theirs(request: HttpRequest, phone: Phone) -> HttpResponse:
    """A caregiver asked for what is the patient's alone, or what they may only read."""
    match = request.resolver_match
    place = f"phone-{match.url_name if match else 'unknown'}"
    looking.refused(who=phone, place=place, ids={}, now=clock.now())
    with translation.override(phone.patient.language):
        return show(request, phone, "not_theirs.html", status=403)


def _turned_away(request: HttpRequest) -> HttpResponse:
    if not was_ended(request):
        return redirect("join")
    # Signed out elsewhere: the page that this leads to says so, and clears what the phone keeps.
    return to_join(ENDED_MARK)


def to_join(mark: str) -> HttpResponse:
    """Lead to the sign-in by a way that says what the phone loses: only then is it cleared."""
    return redirect(f"{reverse('join')}?{mark}")


def may_log(phone: Phone) -> bool:
    return phone.caregiver is None or phone.caregiver.may_log


def show(
    request: HttpRequest, phone: Phone, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page with what every page of a phone says: whose clinic, whom to call."""
    common = {
        "phone": phone,
        "clinic": phone.clinic,
        "emergency": phone.clinic.emergency_number,
        "may_log": may_log(phone),
    }
    return render(request, f"phone/{template}", {**common, **context}, status=status)
