"""Whether the block worked: relief, its return, and what to ask about. Never an alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .course import Course
from .protocol import Protocol

SUCCESS_PERCENT = 50
BACK_WITHIN_POINTS = 2
RETURN_GAP_H = 12
REPEAT_AFTER_DAYS = 30
DX_FROM_H, DX_UNTIL_H, DX_ENTRIES = 0.25, 6, 3
DAY_14_H, DAY_14_SPREAD_H = 336, 48
RFA_DAY, RFA_SPREAD_DAYS = 90, 21
NO_RELIEF_PERCENT, NO_RELIEF_POINTS = 30, 2
RFA_BENCHMARK = {"relieved": 36, "of": 46, "low_percent": 64, "high_percent": 88}


@dataclass(slots=True)
class Score:
    """A usual-pain score with its reading and its hours since the procedure."""

    reading: str
    hours: float
    value: int


@dataclass(slots=True)
class Relief:
    """Usual pain after the procedure against the baseline, both 0 to 10; relief in percent."""

    baseline: int
    scores: list[Score]

    def percent(self, score: Score) -> float:
        return 100 * (self.baseline - score.value) / self.baseline


def relief_of(course: Course) -> Relief | None:
    """The usual-pain scores of a course; None without a baseline above zero or without scores."""
    baseline = course.baseline_pain
    scores = [
        Score(reading.id, hours, reading.pain.usual)
        for reading, hours in zip(course.readings, course.hours, strict=True)
        if hours >= 0 and reading.pain is not None and reading.pain.usual is not None
    ]
    return Relief(baseline, scores) if baseline and scores else None


@dataclass(slots=True)
class Return:
    """When usual pain came back: the first of two bad scores, and the one that confirmed it."""

    first: Score
    confirmed: Score

    @property
    def days(self) -> float:
        return self.first.hours / 24


def pain_returned(relief: Relief) -> Return | None:
    """Two scores at least 12 h apart with relief below 50 %, after there had been relief."""
    relieved, first = False, None
    for score in relief.scores:
        if _relieved(relief, score):
            relieved, first = True, None
        elif relieved and first is None:
            first = score
        elif first is not None and score.hours - first.hours >= RETURN_GAP_H:
            return Return(first, score)
    return None


def relief_at(relief: Relief, hours: float, spread_h: float) -> float | None:
    """Relief in percent at the score nearest to so many hours; None without one close enough."""
    score = _nearest(relief.scores, hours, spread_h)
    return None if score is None else relief.percent(score)


def _relieved(relief: Relief, score: Score) -> bool:
    """At least half gone, and more than two points: within two of the baseline it is back."""
    points = relief.baseline - score.value
    return relief.percent(score) >= SUCCESS_PERCENT and points > BACK_WITHIN_POINTS


def outcomes(course: Course, protocol: Protocol, now: datetime) -> list[dict[str, object]]:
    """Every measure that can be computed by now, as JSON-able rows with an id each."""
    relief = relief_of(course)
    if relief is None:
        return []
    rows = [
        _relief_now(relief),
        _change(relief),
        *_by_kind(course.procedure.kind, relief, protocol),
    ]
    came_back = pain_returned(relief)
    if came_back is None:
        return rows
    rows += _return(came_back, days_since=course.hours_at(now) / 24)
    if _block_was_positive(course.procedure.kind, rows):
        rows.append({"id": "OC-RFA", "consider": True})
    return rows


def _by_kind(kind: str, relief: Relief, protocol: Protocol) -> list[dict[str, object]]:
    if kind == "diagnostic":
        return _diagnostic(relief, protocol)
    return _rfa_day_90(relief) if kind == "rfa" else _no_relief(relief)


def _block_was_positive(kind: str, rows: list[dict[str, object]]) -> bool:
    """A diagnostic block by its own measure; a therapeutic one by the relief that came first."""
    if kind == "diagnostic":
        return any(row["id"] == "OC-DX" and row["positive"] for row in rows)
    return kind == "therapeutic"


def _relief_now(relief: Relief) -> dict[str, object]:
    return {"id": "OC-RELIEF", "percent": round(relief.percent(relief.scores[-1]), 1)}


def _change(relief: Relief) -> dict[str, object]:
    last = relief.scores[-1]
    percent, points = relief.percent(last), relief.baseline - last.value
    return {
        "id": "OC-MCID",
        "percent": round(percent, 1),
        "points": points,
        "level": _level(percent, points),
    }


def _level(percent: float, points: int) -> str:
    if percent >= SUCCESS_PERCENT:
        return "substantial"
    if points >= 2 or percent >= 30:
        return "much"
    return "minimal" if points >= 1 or percent >= 15 else "none"


def _diagnostic(relief: Relief, protocol: Protocol) -> list[dict[str, object]]:
    early = [score for score in relief.scores if score.hours <= DX_UNTIL_H]
    judged = [score for score in early if score.hours >= DX_FROM_H]
    if len(judged) < DX_ENTRIES:
        return []
    peak = max(relief.percent(score) for score in judged)
    mean = sum(relief.percent(score) for score in early) / len(early)
    return [
        {
            "id": "OC-DX",
            "positive": peak >= protocol.dx_percent,
            "peak_relief_percent": round(peak, 1),
            "mean_relief_percent_0_6h": round(mean, 1),
            "threshold_percent": protocol.dx_percent,
        }
    ]


def _no_relief(relief: Relief) -> list[dict[str, object]]:
    score = _nearest(relief.scores, DAY_14_H, DAY_14_SPREAD_H)
    if score is None:
        return []
    percent, points = relief.percent(score), relief.baseline - score.value
    if percent >= NO_RELIEF_PERCENT or points >= NO_RELIEF_POINTS:
        return []
    return [{"id": "OC-NORELIEF", "percent": round(percent, 1), "points": points}]


def _rfa_day_90(relief: Relief) -> list[dict[str, object]]:
    score = _nearest(relief.scores, RFA_DAY * 24, RFA_SPREAD_DAYS * 24)
    if score is None:
        return []
    percent = relief.percent(score)
    significant = percent >= SUCCESS_PERCENT
    return [{"id": "OC-RFA90", "relief_percent": round(percent, 1), "significant": significant}]


def _nearest(scores: Sequence[Score], hours: float, spread_h: float) -> Score | None:
    near = [score for score in scores if abs(score.hours - hours) <= spread_h]
    return min(near, key=lambda score: abs(score.hours - hours), default=None)


def _return(came_back: Return, *, days_since: float) -> list[dict[str, object]]:
    days = round(came_back.days, 1)
    return [
        {"id": "OC-RETURN", "at_reading": came_back.confirmed.reading, "days_of_relief": days},
        {"id": "OC-DURATION", "days": days},
        {"id": "OC-REPEAT", "eligible": days_since >= REPEAT_AFTER_DAYS},
    ]
