"""Minutes that count only while a clinic is open, on its own clock.

Pure: the standard library, nothing else. A clinic without opening hours counts every minute; a
wait may end too early, but it always ends.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

Hours = Mapping[str, Sequence[Sequence[str]]]
"""Per weekday, from and until in local time, such as {"mon": [["08:00", "17:00"]]}."""

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FARTHEST = 400
"""Days looked at: whoever closes for longer is treated as always open."""


def add_business_minutes(
    start: datetime, minutes: int, hours: Hours, holidays: Collection[date], zone: tzinfo
) -> datetime:
    """The moment at which so many minutes of opening time have passed since `start`, in UTC.

    No minutes at all end at once within hours, else when the clinic opens.
    """
    start = start.astimezone(UTC)
    left = minutes * MINUTE
    for opens, closes in _from(start, hours, holidays, zone):
        begin = max(opens, start)
        if begin + left <= closes:
            return begin + left
        left -= closes - begin
    return start + minutes * MINUTE


def is_open(at: datetime, hours: Hours, holidays: Collection[date], zone: tzinfo) -> bool:
    """Whether somebody is there; nobody knows of a clinic without opening hours."""
    day = at.astimezone(zone).date()
    return any(opens <= at < closes for opens, closes in _intervals(day, hours, holidays, zone))


def next_day_ends(at: datetime, hours: Hours, holidays: Collection[date], zone: tzinfo) -> datetime:
    """When the next business day after this local day closes, in UTC."""
    today = at.astimezone(zone).date()
    for ahead in range(1, FARTHEST):
        intervals = _intervals(today + ahead * DAY, hours, holidays, zone)
        if intervals:
            return intervals[-1][1]
    return _moment(today + 2 * DAY, time(0), zone)


def next_part_ends(
    at: datetime,
    part: tuple[time, time],
    hours: Hours,
    holidays: Collection[date],
    zone: tzinfo,
) -> datetime:
    """When opening time within a part of the day ends next, such as the morning's; in UTC.

    `at` itself where the clinic is never open in that part.
    """
    today = at.astimezone(zone).date()
    for ahead in range(FARTHEST):
        day = today + ahead * DAY
        begins, ends = (_moment(day, each, zone) for each in part)
        for opens, closes in reversed(_intervals(day, hours, holidays, zone)):
            if opens < ends and begins < closes:
                if min(closes, ends) >= at:
                    return min(closes, ends)
                break
    return at


def _from(
    start: datetime, hours: Hours, holidays: Collection[date], zone: tzinfo
) -> Iterator[tuple[datetime, datetime]]:
    """Every interval that is not over at `start`."""
    today = start.astimezone(zone).date()
    for ahead in range(FARTHEST):
        for opens, closes in _intervals(today + ahead * DAY, hours, holidays, zone):
            if closes > start:
                yield opens, closes


def _intervals(
    day: date, hours: Hours, holidays: Collection[date], zone: tzinfo
) -> list[tuple[datetime, datetime]]:
    """When the clinic is open on a local day, in order, each minute once."""
    if day in holidays:
        return []
    told = sorted(
        (_on(day, opens, zone), _on(day, closes, zone))
        for opens, closes in hours.get(DAYS[day.weekday()], ())
    )
    intervals: list[tuple[datetime, datetime]] = []
    for opens, closes in told:
        begin = max(opens, intervals[-1][1]) if intervals else opens
        if begin < closes:
            intervals.append((begin, closes))
    return intervals


def _on(day: date, text: str, zone: tzinfo) -> datetime:
    """A local time of a day; 24:00 is the midnight that ends it."""
    if text == "24:00":
        return _moment(day + DAY, time(0), zone)
    return _moment(day, time.fromisoformat(text), zone)


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    """A local time in UTC: the first of two, and the jump itself where the clock skips it."""
    local = datetime.combine(day, at)
    moment = local.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == local:
        return moment
    after = moment.astimezone(zone).utcoffset()
    while (moment - MINUTE).astimezone(zone).utcoffset() == after:
        moment -= MINUTE
    return moment


def readable(hours: object) -> Hours:
    """Opening hours as stored; what cannot be read counts as always open, never as closed."""
    try:
        if not isinstance(hours, Mapping):
            return {}
        known = {day: [_interval(each) for each in hours[day]] for day in DAYS if day in hours}
    except (TypeError, ValueError):
        return {}
    return {day: intervals for day, intervals in known.items() if intervals}


def _interval(told: Sequence[str]) -> list[str]:
    opens, closes = told
    begin = time.fromisoformat(opens)
    if begin >= (time.max if closes == "24:00" else time.fromisoformat(closes)):
        raise ValueError(f"{opens} is not before {closes}")
    if begin.tzinfo is not None:
        raise ValueError(f"{opens} is not on the clinic's own clock")
    return [opens, closes]
