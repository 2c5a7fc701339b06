"""The care card: one of three levels, what to do first, and why."""

from __future__ import annotations

from typing import Any

from tracker.access import Phone
from tracker.clinical.wording import Advice, foot
from tracker.pages.source_names import plain
from tracker.services.advising import contact_of
from tracker.templatetags.phone import as_dialled

LEVELS = {"info": "self", "watch": "self", "call_today": "call", "emergency": "911"}


def card(advice: Advice, phone: Phone) -> dict[str, Any]:
    """Give the advice as the templates show it."""
    told = advice.as_json()
    reasons = [{**each, "source": plain(each["source"])} for each in told["reasons"]]
    return {
        **told,
        "reasons": reasons,
        "sourced": any(each["source"] for each in reasons),
        "level": LEVELS[told["tier"]],
        "calls": told["actions"],
        "lines": _lines(advice.text, phone),
    }


def _lines(text: str, phone: Phone) -> list[str]:
    """Say each thing once, with numbers as people read them; every page ends with the foot."""
    for number in (phone.clinic.phone, phone.clinic.after_hours_phone):
        if number:
            text = text.replace(number, as_dialled(number))
    closing = foot(phone.patient.language, contact_of(phone.clinic))
    lines = (line.strip() for line in text.split("\n"))
    return list(dict.fromkeys(line for line in lines if line and line != closing))
