"""Names and numbers as staff read them; what a sign is called comes from the catalogue."""

from __future__ import annotations

from datetime import timedelta

from tracker.clinical.signs import TIMED_SIGNS, WARNING_SIGNS
from tracker.clinical.sources import SOURCES
from tracker.models import Procedure
from tracker.models.procedure import Kind, Nerve

_CATALOGUE = {each.code: each for each in (*WARNING_SIGNS, *TIMED_SIGNS)}
_BROWSERS = {"Edg": "Edge", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")


def sign_title(rule: str, sign: str) -> str:
    """Name a sign as the catalogue does; a rule that has left the catalogue keeps its code."""
    entry = _CATALOGUE.get(f"{rule}/{sign}")
    return entry.title if entry else f"{sign.replace('_', ' ').capitalize()} ({rule})"


def sources_of(rule: str, sign: str) -> list[str]:
    """Name the bodies behind a rule."""
    entry = _CATALOGUE.get(f"{rule}/{sign}")
    return [SOURCES.get(key, key) for key in entry.sources] if entry else []


def procedure_words(procedure: Procedure) -> str:
    """Say which block it was, such as "Therapeutic: superior cluneal, right"."""
    kind = Kind(procedure.kind).label.split(" (")[0]
    nerves = [Nerve(nerve).label.split()[0].lower() for nerve in procedure.nerves]
    return f"{kind}: {' and '.join(nerves)} cluneal, {procedure.get_side_display().lower()}"


def day_words(day: int | None) -> str:
    return "Before" if day is None else f"Day {day} after"


def duration(length: timedelta) -> str:
    """Say how long in the two largest units that matter."""
    minutes = max(0, int(length.total_seconds())) // 60
    if minutes < 1:
        return "under a minute"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"


def device_name(label: str) -> str:
    """Make "iPhone, Safari" of what a browser calls itself."""
    device = next((each for each in _DEVICES if each in label), "")
    browser = next((name for mark, name in _BROWSERS.items() if mark in label), "")
    known = [each for each in (device.replace("Macintosh", "Mac"), browser) if each]
    return ", ".join(known) or label or "A browser without a name"
