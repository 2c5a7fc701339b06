"""Pages of a signed-in phone: nobody else gets in, and each speaks the patient's language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation

from tracker.access import Phone
from tracker.phone_cookie import clear_phone, phone_of, was_ended

# No script of ours writes markup; the one policy names the service worker's address.
guarded = csp_update({"require-trusted-types-for": ["'script'"], "trusted-types": ["afterblock"]})


def phone_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show a page to a signed-in phone only, in its patient's language and time zone."""

    @wraps(view)
    def page(request: HttpRequest, **parts: Any) -> HttpResponse:
        phone = phone_of(request)
        if phone is None:
            return _turned_away(request)
        zone = ZoneInfo(phone.patient.timezone)
        with translation.override(phone.patient.language), timezone.override(zone):
            return view(request, phone, **parts)

    return guarded(page)


def _turned_away(request: HttpRequest) -> HttpResponse:
    if not was_ended(request):
        return redirect("join")
    # Signed out elsewhere: the phone is told, and forgets what it keeps.
    response = redirect(f"{reverse('join')}?ended")
    clear_phone(response)
    return response


def show(
    request: HttpRequest, phone: Phone, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page with what every page of a phone says: whose clinic, whom to call."""
    common = {"phone": phone, "clinic": phone.clinic, "emergency": phone.clinic.emergency_number}
    return render(request, f"phone/{template}", {**common, **context}, status=status)
