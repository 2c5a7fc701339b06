"""The one clock of the product: only ways in (api, pages, admin, tasks, commands) read it.

In trials and journeys it may run fast (`CLOCK_SPEED`) or be set apart (`CLOCK_OFFSET`); every
process of one installation reads the same settings, so they agree on the time.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings


def now() -> datetime:
    """Tell the time of the product, aware, in UTC."""
    real = datetime.now(UTC)
    if settings.CLOCK_STEP_FILE:
        real += _step()
    if settings.CLOCK_SPEED == 1 and settings.CLOCK_OFFSET == 0:
        return real
    since_start = (real - settings.CLOCK_STARTED_AT) * settings.CLOCK_SPEED
    return settings.CLOCK_STARTED_AT + since_start + timedelta(seconds=settings.CLOCK_OFFSET)


def _step() -> timedelta:
    """How far a trial has set the clock apart by now."""
    try:
        return timedelta(seconds=float(Path(settings.CLOCK_STEP_FILE).read_text()))
    except (OSError, ValueError):
        return timedelta()


def real(seconds: float) -> timedelta:
    """Turn seconds of the world (a network time-out, a lease) into time on the product's clock."""
    return timedelta(seconds=seconds * settings.CLOCK_SPEED)
