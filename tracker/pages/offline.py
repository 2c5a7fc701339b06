"""What a phone keeps, encrypted, to open without network: the day, what stands, whom to call, and
the data with which it advises by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from tracker.access import Phone
from tracker.models import Alert
from tracker.models.alert import AlertTier
from tracker.pages import questions
from tracker.pages.advice_card import LEVELS
from tracker.pages.check_in_form import NORMAL_SITE, starting_values
from tracker.pages.phone import may_log
from tracker.pages.same_again import boxes, last_told, recent_until, same_again
from tracker.pages.words import name_of
from tracker.services import today
from tracker.services.offline import offline_advice
from tracker.services.today import Today
from tracker.services.triage_queue import was_seen
from tracker.templatetags.phone import as_dialled, clock

# In the order in which the form reads them: a later group has the last word.
GROUPS = {
    "other": questions.OTHER,
    "first_hours": questions.FIRST_HOURS,
    "feeling": questions.FEELING,
    "fever": questions.FEVER,
    "emergency": questions.EMERGENCY,
    "faint_more": questions.FAINT,
}


def plan_of(phone: Phone, now: datetime) -> dict[str, Any]:
    """Give today as the phone shows it for days without network, until it can ask again."""
    found = today.today_of(patient=phone.patient, now=now)
    clinic = phone.clinic
    return {
        **data_for(phone, now),
        "timezone": phone.patient.timezone,
        "clinic": {
            "name": clinic.name,
            "phone": clinic.phone,
            "after_hours_phone": clinic.after_hours_phone,
            "hours": clinic.hours,
        },
        "may_log": may_log(phone),
        "day_zero": _day_zero(found),
        "due": bool(found.due),
        "advice": found.advice.as_json() if found.advice else None,
        "advised_at": found.advised_at.isoformat() if found.advised_at else None,
        "alerts": [_known(alert) for alert in found.alerts if alert.tier > AlertTier.WATCH],
        "nobody_has_seen": found.nobody_has_seen,
        "glucose": phone.patient.diabetes,
        "start": starting_values(phone.patient),
        **_same(phone, now),
        "ice": _ice(found),
    }


def _same(phone: Phone, now: datetime) -> dict[str, str | None]:
    """What was told last time, and how long that may be said again."""
    last = last_told(phone, now)
    until = recent_until(last)
    return {
        "same": boxes(same_again(last)),
        "same_until": until.isoformat() if until else None,
    }


def data_for(phone: Phone, now: datetime) -> dict[str, Any]:
    """Give what the phone needs to read this form, to judge it, and to show the card.

    Without a procedure there are no rules: the phone can save, and leaves advice to the server.
    """
    numbers = (phone.clinic.phone, phone.clinic.after_hours_phone)
    return {
        "hours": None,
        **(offline_advice(patient=phone.patient, now=now) or {}),
        "patient": str(phone.patient.pk),
        "now": now.isoformat(),
        "speed": settings.CLOCK_SPEED,
        "form": form_data(),
        "levels": LEVELS,
        "spoken": {number: as_dialled(number) for number in numbers if number},
    }


def form_data() -> dict[str, Any]:
    """What each tick of the form means, as `check_in_form` reads it."""
    return {
        "groups": {name: [_tick(tick) for tick in ticks] for name, ticks in GROUPS.items()},
        "normal_site": NORMAL_SITE,
    }


def _tick(tick: questions.Tick) -> dict[str, Any]:
    return {"name": tick.name, "item": tick.item, "yes": tick.yes, "no": tick.no}


def _day_zero(found: Today) -> str | None:
    """The day of the block on the patient's calendar; the phone counts from it."""
    if found.procedure is None or found.procedure.ended_at is None:
        return None
    zone = ZoneInfo(found.patient.timezone)
    return found.procedure.ended_at.astimezone(zone).date().isoformat()


def _ice(found: Today) -> dict[str, str] | None:
    """Ice that is on or rests; nothing to start for whom it may not be safe."""
    if found.patient.ice_contraindicated:
        return None
    last = found.ice
    if last is None or last.again_at <= found.now:
        return {}
    return {
        "on": last.started_at.isoformat(),
        "off": (last.stopped_at or last.off_at).isoformat(),
        "again": last.again_at.isoformat(),
    }


def _known(alert: Alert) -> dict[str, str]:
    """What the clinic knows, and honestly whether somebody has seen it."""
    if was_seen(alert) and alert.acknowledged_at:
        said = _("The clinic has seen this, at %(at)s.") % {"at": clock(alert.acknowledged_at)}
    else:
        said = _("Sent to the clinic at %(at)s.") % {"at": clock(alert.raised_at)}
    return {"name": name_of(alert.sign), "said": said}
