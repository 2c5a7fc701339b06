"""Whether a sign that fired is gone: clear rechecks, and ground that a correction took away."""

from __future__ import annotations

from datetime import datetime

from .course import Course, Reading
from .findings import Tier
from .judgement import assess
from .protocol import Protocol
from .signs import sign_items
from .signs.looking import answer


def is_clear(course: Course, sign: str, observed_at: datetime, protocol: Protocol) -> bool:
    """Whether a submission is a clear recheck: the sign was asked about and no rule of it fires.

    What is merely expected fires as well, so it is not clear. Silence is never clear.
    """
    if course.hours_at(observed_at) < 0 or not _rechecked(course, sign, observed_at):
        return False
    return assess(course, observed_at, protocol).of(sign) is None


def _rechecked(course: Course, sign: str, observed_at: datetime) -> bool:
    moments = course.submission(observed_at)
    answered = {item for moment in moments for item in moment.reading.items()}
    items = sign_items(sign)
    if answered.isdisjoint(items):
        return False
    reported = (
        item
        for item in items
        if any(_yes(answer_to(r, item)) for r in course.readings if r.observed_at <= observed_at)
    )
    return answered.issuperset(reported)


def answer_to(reading: Reading, item: str) -> object:
    """What a reading says about an item; None when it was not answered."""
    return answer(reading, item) if item in reading.items() else None


def _yes(said: object) -> bool:
    return said is not None and said is not False and said != 0 and said != "none"


def cleared_at(course: Course, sign: str, since: datetime, protocol: Protocol) -> datetime | None:
    """When a clear recheck was observed, at or after that time; None when there was none."""
    if sign == "silence":
        heard = (reading.recorded_at for reading in course.readings)
        return next((recorded_at for recorded_at in heard if recorded_at >= since), None)
    for observed_at in course.observed_times():
        if observed_at >= since and is_clear(course, sign, observed_at, protocol):
            return observed_at
    return None


def ground_of(course: Course, sign: str, since: datetime, protocol: Protocol) -> Tier | None:
    """The highest tier that a sign reaches at or after that time, for judging a correction."""
    times = (at for at in course.observed_times() if at >= since)
    assessed = (assess(course, at, protocol).of(sign) for at in times)
    tiers = [finding.tier for finding in assessed if finding is not None]
    return max(tiers, default=None)
