"""When the patient is reminded: the hour of the check-in, the night, and offers of ice."""

from __future__ import annotations

import contextlib
from datetime import time

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.access import Phone
from tracker.models.consent import ConsentKind
from tracker.pages.phone import phone_page, show
from tracker.services import consents, ice_reminders, patient_hours

HOURS = ("check_in_hour", "quiet_from", "quiet_until")


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def reminders_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    if request.method != "POST":
        typed = {name: getattr(phone.patient, name).strftime("%H:%M") for name in HOURS}
        return _page(request, phone, typed, {})
    typed = {name: request.POST.get(name, "").strip() for name in HOURS}
    read = {name: _time(typed[name]) for name in HOURS}
    errors = {name: _("Give a time, such as 09:00.") for name in HOURS if read[name] is None}
    if errors:
        return _page(request, phone, typed, errors)
    try:
        patient_hours.change_hours(
            patient=phone.patient,
            actor=phone.audit_name,
            timezone=phone.patient.timezone,
            check_in_hour=read["check_in_hour"] or time(),
            quiet_from=read["quiet_from"] or time(),
            quiet_until=read["quiet_until"] or time(),
            now=clock.now(),
        )
    except patient_hours.HourIsQuiet:
        told = _("No message comes between these hours. Pick a time outside of them.")
        return _page(request, phone, typed, {"check_in_hour": told})
    return redirect("today")


def _time(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


def _page(
    request: HttpRequest, phone: Phone, typed: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    labels = {
        "check_in_hour": _("Remind me of my check-in at"),
        "quiet_from": _("No messages from"),
        "quiet_until": _("No messages until"),
    }
    fields = [(name, labels[name], typed[name], errors.get(name, "")) for name in HOURS]
    status = 400 if errors else 200
    ways = _ways(phone)
    return show(request, phone, "reminders.html", status=status, fields=fields, ways=ways)


def _ways(phone: Phone) -> list[tuple[str, str, str, bool]]:
    """What else may bring messages: its name, where to, the words, and whether it does."""
    patient = phone.patient
    if phone.caregiver is not None:
        return []
    texts = (ConsentKind.SMS, _("Text messages"), patient.phone, bool(patient.texts_agreed_at))
    mail = (ConsentKind.EMAIL, _("E-mail"), patient.email, consents.takes_e_mail(patient))
    return [
        (kind.lower(), f"{name}: {address}", consents.WORDINGS[kind, patient.language], is_on)
        for kind, name, address, is_on in ([texts, mail] if settings.SMS else [mail])
        if address
    ]


@require_POST
@phone_page
def consent_page(request: HttpRequest, phone: Phone, kind: str) -> HttpResponse:
    """Agree to texts or e-mail, or take it back: it holds at once."""
    if kind not in ("sms", "email") or phone.caregiver is not None:
        raise Http404
    known, now = ConsentKind(kind.upper()), clock.now()
    if request.POST.get("on"):
        consents.give(patient=phone.patient, kinds=[known], recorded_by=None, now=now)
    else:
        consents.withdraw(
            patient=phone.patient, kind=known, through=consents.PHONE,
            actor=phone.audit_name, now=now,
        )  # fmt: skip
    return redirect("reminders")


@require_POST
@phone_page
def ice_offers_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    """Offers of ice on the next days, or none any more."""
    change = ice_reminders.offer_longer if request.POST.get("on") else ice_reminders.stop_offers
    # A page that asks for what cannot be had is old: the ice page says what holds.
    with contextlib.suppress(ice_reminders.NoOffers):
        change(patient=phone.patient, now=clock.now())
    return redirect("ice")
