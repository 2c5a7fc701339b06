"""A patient's own hours: by the clock on the wall, through every change of the clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(slots=True, frozen=True)
class Hours:
    """When a patient is asked each day, and when nothing may ring."""

    zone: tzinfo
    check_in: time = time(9)
    quiet_from: time = time(21)
    quiet_until: time = time(8)

    def are_quiet(self, moment: datetime) -> bool:
        """Whether nothing may ring then; the quiet hours may last over midnight, or be none."""
        return self.is_quiet_at(moment.astimezone(self.zone).time())

    def is_quiet_at(self, local: time) -> bool:
        """Whether nothing may ring when the patient's own clock shows this."""
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return not self.quiet_until <= local < self.quiet_from


def later(moment: datetime, wait: timedelta) -> datetime:
    """So much later in real time, on the same wall clock."""
    return (moment.astimezone(UTC) + wait).astimezone(moment.tzinfo)


def on(day: date, at: time, zone: tzinfo) -> datetime:
    """When the clock on the wall shows that time, or first a later one where it skips that."""
    wall = datetime.combine(day, at, tzinfo=zone)
    shown = wall.astimezone(UTC).astimezone(zone)
    if shown.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return shown
    return _end_of_gap(wall.replace(fold=0))


def _end_of_gap(wall: datetime) -> datetime:
    # By the clock before the gap it would be this moment, by the clock after it the other one.
    first, last = wall.replace(fold=1).astimezone(UTC), wall.astimezone(UTC)
    low, high = 0, int((last - first).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        shown = (first + timedelta(seconds=middle)).astimezone(wall.tzinfo)
        # Same zone, so this compares what the wall shows.
        low, high = (low, middle) if shown >= wall else (middle, high)
    return (first + timedelta(seconds=high)).astimezone(wall.tzinfo)


def after_quiet_hours(moment: datetime, hours: Hours) -> datetime:
    """The same moment on the patient's clock, or the end of the quiet hours that it falls in."""
    local = moment.astimezone(hours.zone)
    if not hours.are_quiet(local):
        return local
    # Comparing on one wall clock would ignore the fold.
    since = moment.astimezone(UTC)
    ends = _next_days(local.date(), hours.quiet_until, hours.zone)
    return next(end for end in ends if end.astimezone(UTC) >= since)


def next_quiet(moment: datetime, hours: Hours) -> datetime | None:
    """When the quiet hours next begin; None for somebody who has none."""
    if hours.quiet_from == hours.quiet_until:
        return None
    since = moment.astimezone(UTC)
    day = moment.astimezone(hours.zone).date()
    starts = _next_days(day, hours.quiet_from, hours.zone)
    # A night as short as the hour that the clocks skip does not take place.
    return next(s for s in starts if s.astimezone(UTC) > since and hours.are_quiet(s))


def _next_days(day: date, at: time, zone: tzinfo) -> Iterator[datetime]:
    for days in range(4):  # a date line can take a day away
        for fold in (0, 1):
            yield on(day + timedelta(days=days), at.replace(fold=fold), zone)
