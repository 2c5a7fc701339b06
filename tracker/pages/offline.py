"""The data with which a check-in page advises while its answers cannot be sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from tracker.access import Phone
from tracker.pages import questions
from tracker.pages.advice_card import LEVELS
from tracker.pages.check_in_form import NORMAL_SITE
from tracker.services.offline import offline_advice
from tracker.templatetags.phone import as_dialled

# In the order in which the form reads them: a later group has the last word.
GROUPS = {
    "other": questions.OTHER,
    "first_hours": questions.FIRST_HOURS,
    "feeling": questions.FEELING,
    "fever": questions.FEVER,
    "emergency": questions.EMERGENCY,
    "faint_more": questions.FAINT,
}


def data_for(phone: Phone, now: datetime) -> dict[str, Any] | None:
    """Give what the phone needs to read this form, to judge it, and to show the card."""
    data = offline_advice(patient=phone.patient, now=now)
    if data is None:
        return None
    numbers = (phone.clinic.phone, phone.clinic.after_hours_phone)
    return {
        **data,
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
