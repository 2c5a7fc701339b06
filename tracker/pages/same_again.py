"""Same as last time: what the last check-in said, to be looked at and sent again.

Never the emergency questions, nor anything measured or written: those are of their own moment.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F

from tracker import access
from tracker.access import Phone
from tracker.models import CheckIn
from tracker.pages.filled_in import filled_in

RECENT = timedelta(hours=48)
"""As long as a line of the drawing joins two check-ins."""
SAID_AGAIN = (
    "usual", "site", "controlled", "worse", "fever", "site_look", "redness", "swelling", "drainage",
    "warmth", "streaks", "bruise", "feeling", "first_hours", "other",
)  # fmt: skip


def last_told(phone: Phone, now: datetime) -> CheckIn | None:
    """The last check-in, while it is recent. What was before the block is no last time."""
    rows = access.of_patient(phone, CheckIn.objects.filter(corrected_by__isnull=True))
    recent = rows.filter(observed_at__gt=now - RECENT, observed_at__lte=now)
    after = recent.exclude(observed_at__lt=F("procedure__ended_at"))
    return after.select_related("patient").order_by("-observed_at", "-pk").first()


def recent_until(check_in: CheckIn | None) -> datetime | None:
    """When it is too long ago to be said again; for a phone without network."""
    return check_in.observed_at + RECENT if check_in else None


def same_again(check_in: CheckIn | None) -> dict[str, Any]:
    """What to fill in; empty where there is nothing to say again."""
    if check_in is None:
        return {}
    before = filled_in(check_in)
    again = {name: before[name] for name in SAID_AGAIN if before.get(name)}
    return {**again, "trend": "same"} if again.get("site_look") == "different" else again


def boxes(again: dict[str, Any]) -> str:
    """The same as the boxes of the form to tick: a selector, for the script."""
    ticks = ((name, value) for name, values in again.items() for value in _each(values))
    return ",".join(_box(name, value) for name, value in ticks)


def _each(values: Any) -> list[Any]:
    return values if isinstance(values, list) else [values]


def _box(name: str, value: Any) -> str:
    return f"[name={name}]" if value is True else f'[name={name}][value="{value}"]'
