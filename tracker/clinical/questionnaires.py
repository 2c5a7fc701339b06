"""The short questionnaires: PEG, and the patient's own impression of the change."""

from __future__ import annotations


def peg(pain: int, enjoyment: int, activity: int) -> float:
    """The mean of the three PEG answers, each 0 to 10, over the past week."""
    return round((pain + enjoyment + activity) / 3, 1)


def peg_improved(baseline: float, now: float) -> bool:
    """Whether the PEG score fell by at least 30 percent."""
    return baseline > 0 and round((baseline - now) / baseline, 4) >= 0.3


PGIC_SUCCESS = ("very_much_improved", "much_improved")
PGIC = (*PGIC_SUCCESS, "minimally_improved", "no_change", "minimally_worse", "much_worse",
        "very_much_worse")  # fmt: skip


def pgic_success(answer: str) -> bool:
    """Whether the patient's own impression of the change counts as success."""
    return answer in PGIC_SUCCESS
