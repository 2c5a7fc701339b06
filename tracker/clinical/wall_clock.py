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
        local = moment.astimezone(self.zone).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= local < self.quiet_until
        return not self.quiet_until <= local < self.quiet_from


def later(moment: datetime, wait: timedelta) -> datetime:
    """So much later in real time, on the same wall clock."""
    return (moment.astimezone(UTC) + wait).astimezone(moment.tzinfo)


def on(day: date, at: time, zone: tzinfo) -> datetime:
    """That time of that day: the first of two when the clocks go back, after a gap else."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC).astimezone(zone)


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
    return next(start for start in starts if start.astimezone(UTC) > since)


def _next_days(day: date, at: time, zone: tzinfo) -> Iterator[datetime]:
    for days in range(4):  # a date line can take a day away
        for fold in (0, 1):
            yield on(day + timedelta(days=days), at.replace(fold=fold), zone)
