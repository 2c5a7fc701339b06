"""The care card: one of three levels, what to do first, and why."""

from __future__ import annotations

from typing import Any

from tracker.clinical.wording import Advice

LEVELS = {"info": "self", "watch": "self", "call_today": "call", "emergency": "911"}


def card(advice: Advice) -> dict[str, Any]:
    """Give the advice as the templates show it."""
    told = advice.as_json()
    return {**told, "level": LEVELS[told["tier"]], "calls": told["actions"]}
