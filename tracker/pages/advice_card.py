"""The care card: one of three levels, what to do first, and why."""

from __future__ import annotations

from typing import Any

from tracker.clinical.wording import Advice

LEVELS = {"info": "self", "watch": "self", "call_today": "call", "emergency": "911"}


def card(advice: Advice) -> dict[str, Any]:
    """Give the advice as the templates show it."""
    told = advice.as_json()
    calls = [each for each in told["actions"] if each.get("phone")]
    steps = [each for each in told["actions"] if not each.get("phone")]
    return {**told, "level": LEVELS[told["tier"]], "calls": calls, "steps": steps}
