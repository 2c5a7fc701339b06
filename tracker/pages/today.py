"""Today: which day it is, what is due, what stands, and whom to call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from tracker import access, clock
from tracker.access import Phone
from tracker.models import Alert, CheckIn
from tracker.models.alert import AlertTier
from tracker.pages.advice_card import card
from tracker.pages.from_clinic import shown
from tracker.pages.ice_sessions import MINUTES, timer_of
from tracker.pages.phone import phone_page, show
from tracker.pages.words import name_of
from tracker.services import asked, today
from tracker.services.today import Today
from tracker.services.triage_queue import unseen_past_target, was_seen

FOLLOWED_DAYS = 14


@dataclass(frozen=True, slots=True)
class AlertLine:
    """Open alerts that stand alike, as their patient sees them."""

    names: list[str]
    state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayMark:
    """One day of the follow-up: `done`, `missed`, `today` or `ahead`."""

    number: int
    state: str


@require_safe
@phone_page
def today_page(request: HttpRequest, phone: Phone) -> HttpResponse:
    now = clock.now()
    found = today.today_of(patient=phone.patient, now=now)
    return show(
        request,
        phone,
        "today.html",
        today=found,
        card=card(found.advice, phone) if found.advice else None,
        advised=_advised(phone),
        alerts=_lines(found.alerts, now),
        unread=[shown(each, phone) for each in found.unread],
        track=_track(phone, found, now),
        timer=timer_of(found.ice, now),
        one_tap=_one_tap(found, now),
        safe=not phone.patient.ice_contraindicated,
        new_id=uuid.uuid4(),
        minutes=MINUTES,
        push_key=settings.VAPID_PUBLIC_KEY,
    )


def _one_tap(found: Today, now: datetime) -> dict[str, Any] | None:
    """The score that is asked for by itself, and when it was so."""
    which = asked.by_one_tap(procedure=found.procedure, now=now)
    if which is None or found.procedure is None:
        return None
    at = asked.observed_at(procedure=found.procedure, which=which, now=now)
    return {"which": which, "at": at, "scores": range(11)}


def _advised(phone: Phone) -> CheckIn | None:
    """The check-in whose advice still stands."""
    rows = access.of_patient(phone, CheckIn.objects.filter(corrected_by__isnull=True))
    return rows.order_by("-observed_at", "-pk").first()


def _lines(alerts: list[Alert], now: datetime) -> list[AlertLine]:
    """One line for alerts of the same state and minute: most come from one check-in."""
    lines: dict[tuple[str, datetime], AlertLine] = {}
    for alert in alerts:
        state, at = _state(alert, now)
        key = (state, at.replace(second=0, microsecond=0))
        lines.setdefault(key, AlertLine([], state, at)).names.append(name_of(alert.sign))
    return list(lines.values())


def _state(alert: Alert, now: datetime) -> tuple[str, datetime]:
    if was_seen(alert):
        return "seen", alert.acknowledged_at or alert.raised_at
    if alert.tier == AlertTier.WATCH:
        return "watch", alert.raised_at
    return ("late" if unseen_past_target(alert, now=now) else "sent"), alert.raised_at


def _track(phone: Phone, found: Today, now: datetime) -> list[DayMark]:
    """One mark a day for the two weeks in which the clinic asks daily."""
    if found.procedure is None or found.day is None or not 0 <= found.day <= FOLLOWED_DAYS:
        return []
    first = timezone.localdate(found.procedure.ended_at)
    rows = access.of_patient(phone, CheckIn.objects.filter(procedure=found.procedure))
    days_told = {timezone.localdate(at) for at in rows.values_list("observed_at", flat=True)}
    return [
        DayMark(number, _mark(first + timedelta(days=number), timezone.localdate(now), days_told))
        for number in range(FOLLOWED_DAYS + 1)
    ]


def _mark(day: date, today_is: date, days_told: set[date]) -> str:
    if day in days_told:
        return "done"
    if day == today_is:
        return "today"
    return "missed" if day < today_is else "ahead"
