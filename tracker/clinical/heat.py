"""Heat on the skin after a block: not in the first days, while the skin may be numb."""

from __future__ import annotations

from datetime import datetime, timedelta

LOCKED_FOR = timedelta(hours=72)
"""Sheets disagree: after 24 h it is well [UW5656], avoid it for 48 h [AKCOE], for 72 h [GOEL,
SERENITY]. The longest of these counts; no clinic may set it."""


def allowed_from(ended_at: datetime, at: datetime) -> datetime | None:
    """From when on heat is allowed; None where it is at this moment, or was before the block."""
    unlocked_at = ended_at + LOCKED_FOR
    return unlocked_at if ended_at <= at < unlocked_at else None
