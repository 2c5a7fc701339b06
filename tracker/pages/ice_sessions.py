"""The ice timer: 20 minutes on, then a rest for the skin."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker import clock
from tracker.access import Phone
from tracker.models import IceSession
from tracker.pages.phone import phone_page, show
from tracker.services import ice_reminders, ice_sessions
from tracker.services.ice_sessions import IceIdTaken, IceNotSafe, IceTooSoon, NoProcedure

MINUTES = 20
STILL_ON_PERHAPS = timedelta(minutes=5)
"""How long after the end the page still says first of all: take it off."""


@dataclass(frozen=True, slots=True)
class Timer:
    """What the timer shows: `ready`, `on` (ice on the skin) or `rest`."""

    state: str
    now: datetime
    session: IceSession | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @property
    def left(self) -> timedelta:
        return self.ends_at - self.now if self.ends_at else timedelta()

    @property
    def minutes_left(self) -> int:
        """Rounded up: "1 minute" until it is over."""
        return -(-int(self.left.total_seconds()) // 60)

    @property
    def percent_gone(self) -> int:
        if self.starts_at is None or self.ends_at is None or self.ends_at <= self.starts_at:
            return 0
        return round(100 * (1 - self.left / (self.ends_at - self.starts_at)))

    @property
    def off_at(self) -> datetime | None:
        """When the ice came or comes off."""
        return (self.session.stopped_at or self.session.off_at) if self.session else None

    @property
    def just_up(self) -> bool:
        """The time ran out a moment ago, and nobody said that the ice is off."""
        if self.state != "rest" or self.session is None or self.session.stopped_at:
            return False
        return self.now - self.session.off_at < STILL_ON_PERHAPS

    @property
    def speed(self) -> float:
        return settings.CLOCK_SPEED


def timer_of(session: IceSession | None, now: datetime) -> Timer:
    if session is None or now >= session.again_at:
        return Timer("ready", now, session)
    if session.stopped_at is None and now < session.off_at:
        return Timer("on", now, session, session.started_at, session.off_at)
    rests_from = session.stopped_at or session.off_at
    return Timer("rest", now, session, rests_from, session.again_at)


@require_http_methods(["GET", "HEAD", "POST"])
@phone_page
def ice_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    return _start(request, phone) if request.method == "POST" else _page(request, phone)


def _page(request: HttpRequest, phone: Phone, error: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    context: dict[str, Any] = {
        "timer": timer_of(ice_sessions.latest_session(phone.patient), now),
        "safe": not phone.patient.ice_contraindicated,
        "new_id": uuid.uuid4(),
        "minutes": MINUTES,
        "times": ice_sessions.times_today(patient=phone.patient, now=now),
        "offers": ice_reminders.offers_of(patient=phone.patient, now=now),
        "error": error,
    }
    return show(request, phone, "ice.html", status=status, **context)


def _start(request: HttpRequest, phone: Phone) -> HttpResponse:
    now = clock.now()
    try:
        ice_sessions.start_ice(
            patient=phone.patient,
            client_id=_id_in(request),
            started_at=now,
            now=now,
            actor=phone.audit_name,
        )
    except IceTooSoon:
        return _page(request, phone, _("Your skin needs a rest first."), 409)
    except IceNotSafe:
        return _page(request, phone, status=409)
    except NoProcedure:
        return _page(
            request, phone, _("The clinic has not planned a procedure for you yet. Call it."), 409
        )
    except IceIdTaken:
        pass  # the button was pressed twice: the first press counts
    return redirect("ice")


def _id_in(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.POST.get("session_id", ""))
    except ValueError:
        return uuid.uuid4()


@require_POST
@phone_page
def stop_page(request: HttpRequest, phone: Phone, session_id: uuid.UUID) -> HttpResponse:
    try:
        ice_sessions.stop_ice(
            patient=phone.patient,
            client_id=session_id,
            now=clock.now(),
            actor=phone.audit_name,
        )
    except ObjectDoesNotExist:
        raise Http404 from None
    return redirect("ice")
