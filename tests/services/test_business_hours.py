"""Business minutes: weekends, holidays, nights on which the clock changes, several shifts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.services.business_hours import (
    DAYS,
    add_business_minutes,
    is_open,
    next_day_ends,
    readable,
)  # fmt: skip

NEW_YORK = ZoneInfo("America/New_York")
WEEKDAYS = {day: [["08:00", "17:00"]] for day in DAYS[:5]}
TWO_SHIFTS = {day: [["13:00", "17:00"], ["08:00", "12:00"]] for day in DAYS[:5]}
DAY_AND_NIGHT = {day: [["00:00", "24:00"]] for day in DAYS}
THANKSGIVING = date(2026, 11, 26)


def local(text: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "hours", "end"),
    [
        ("11-18T10:00", 60, WEEKDAYS, "11-18T11:00"),  # in hours
        ("11-18T06:30", 60, WEEKDAYS, "11-18T09:00"),  # before they open
        ("11-18T16:30", 60, WEEKDAYS, "11-19T08:30"),  # over the evening
        ("11-18T16:00", 60, WEEKDAYS, "11-18T17:00"),  # to the last minute
        ("11-18T17:00", 60, WEEKDAYS, "11-19T09:00"),  # as they close
        ("11-18T20:00", 60, WEEKDAYS, "11-19T09:00"),  # after they closed
        ("11-20T16:30", 60, WEEKDAYS, "11-23T08:30"),  # over the weekend
        ("11-21T10:00", 60, WEEKDAYS, "11-23T09:00"),  # on the weekend
        ("11-25T16:30", 60, WEEKDAYS, "11-27T08:30"),  # over a holiday
        ("11-26T10:00", 60, WEEKDAYS, "11-27T09:00"),  # on a holiday
        ("11-18T11:30", 60, TWO_SHIFTS, "11-18T13:30"),  # over lunch, shifts in any order
        ("11-18T16:30", 2 * 540, WEEKDAYS, "11-20T16:30"),  # two whole days
        ("11-18T10:00", 0, WEEKDAYS, "11-18T10:00"),
        ("11-21T10:00", 0, WEEKDAYS, "11-23T08:00"),
        ("11-21T23:30", 60, DAY_AND_NIGHT, "11-22T00:30"),
        ("11-18T10:00", 60, {"wed": [["08:00", "17:00"], ["09:00", "10:30"]]}, "11-18T11:00"),
    ],
)
def test_only_opening_time_counts(start, minutes, hours, end):
    moment = add_business_minutes(local(start), minutes, hours, [THANKSGIVING], NEW_YORK)
    assert moment == local(end)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        # 8 March, 02:00: the hour until 03:00 does not exist.
        ("2026-03-08T01:30:00-05:00", 60, "2026-03-08T03:30:00-04:00"),
        # 1 November, 02:00: the hour from 01:00 comes twice.
        ("2026-11-01T00:30:00-04:00", 120, "2026-11-01T01:30:00-05:00"),
    ],
)
def test_minutes_are_elapsed_when_the_clock_changes(start, minutes, end):
    start, end = datetime.fromisoformat(start), datetime.fromisoformat(end)
    assert add_business_minutes(start, minutes, DAY_AND_NIGHT, [], NEW_YORK) == end


@pytest.mark.parametrize("day", ["03-07", "10-31"])
def test_opening_follows_the_wall_clock_when_it_changes_over_the_weekend(day):
    moment = add_business_minutes(local(f"{day}T12:00"), 60, WEEKDAYS, [], NEW_YORK)
    assert moment.astimezone(NEW_YORK).time() == time(9)


def test_a_time_that_the_clock_skips_is_the_jump_itself():
    hours = {"sun": [["01:30", "02:30"]], "mon": [["08:00", "17:00"]]}
    moment = add_business_minutes(local("03-08T00:00"), 31, hours, [], NEW_YORK)
    assert moment == local("03-09T08:01")


@pytest.mark.parametrize(
    "hours",
    [{}, {"mon": []}, None, "always", {"mon": "8-17"}, {"mon": [["17:00", "08:00"]]}, {"mon": [8]},
     {"mon": [["08:00Z", "17:00Z"]]}, {"mon": [["08:00Z", "24:00"]]}],
    ids=str,
)  # fmt: skip
def test_without_hours_that_can_be_read_every_minute_counts(hours):
    start = local("11-21T10:00")
    assert add_business_minutes(start, 60, readable(hours), [], NEW_YORK) == local("11-21T11:00")
    assert not is_open(start, readable(hours), [], NEW_YORK)


def test_a_clinic_that_never_opens_again_still_ends_every_wait():
    holidays = [date(2026, 11, 18) + timedelta(days=number) for number in range(1000)]
    start = local("11-18T10:00")
    moment = add_business_minutes(start, 60, WEEKDAYS, holidays, NEW_YORK)
    assert moment == start + timedelta(minutes=60)


@pytest.mark.parametrize(
    ("at", "open_then"),
    [("11-18T08:00", True), ("11-18T16:59", True), ("11-18T17:00", False), ("11-21T10:00", False),
     ("11-26T10:00", False)],
)  # fmt: skip
def test_open_until_it_closes(at, open_then):
    assert is_open(local(at), WEEKDAYS, [THANKSGIVING], NEW_YORK) is open_then


@pytest.mark.parametrize(
    ("at", "hours", "end"),
    [
        ("11-18T10:00", WEEKDAYS, "11-19T17:00"),
        ("11-20T10:00", WEEKDAYS, "11-23T17:00"),
        ("11-25T10:00", TWO_SHIFTS, "11-27T17:00"),
        ("11-20T10:00", {}, "11-22T00:00"),
    ],
)
def test_when_the_next_business_day_ends(at, hours, end):
    assert next_day_ends(local(at), hours, [THANKSGIVING], NEW_YORK) == local(end)


moments = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
zones = st.sampled_from(
    ["America/New_York", "America/Havana", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kolkata"]
).map(ZoneInfo)
minutes_of_day = st.integers(0, 24 * 60)
intervals = st.lists(minutes_of_day, min_size=2, max_size=2, unique=True).map(sorted)
days = st.lists(intervals, max_size=3)
weeks = st.fixed_dictionaries(dict.fromkeys(DAYS, days))


def clock_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def told(week):
    return {
        day: [[clock_time(opens), clock_time(closes)] for opens, closes in intervals]
        for day, intervals in week.items()
    }


@given(
    start=moments, minutes=st.integers(0, 3000), week=weeks, zone=zones, skipped=st.integers(0, 6)
)
def test_the_end_is_in_hours_and_never_before_the_minutes_have_passed(
    start, minutes, week, zone, skipped
):
    holidays = [start.astimezone(zone).date() + timedelta(days=skipped)]
    end = add_business_minutes(start, minutes, told(week), holidays, zone)
    assert end >= start + timedelta(minutes=minutes)
    if not any(week.values()):
        assert end == start + timedelta(minutes=minutes)
        return
    assert _within(end, week, zone, holidays)


def _within(end, week, zone, holidays):
    """On the wall clock, with the closing minute; what closes at midnight ends on the next day."""
    wall = end.astimezone(zone)
    before = wall.date() - timedelta(days=1)
    minute = wall.hour * 60 + wall.minute + (wall.second + wall.microsecond / 1e6) / 60
    jump = _jump(end, zone)
    today = wall.date() not in holidays and any(
        opens <= minute <= closes or (jump and opens <= minute and closes >= minute - jump)
        for opens, closes in week[DAYS[wall.weekday()]]
    )
    midnight = before not in holidays and any(
        closes == 24 * 60 for _, closes in week[DAYS[before.weekday()]]
    )
    return today or (midnight and (minute == 0 or bool(jump)))


def _jump(end, zone):
    """By how many minutes the clock jumped ahead at this very moment."""
    before = (end - timedelta(minutes=1)).astimezone(zone).utcoffset()
    after = end.astimezone(zone).utcoffset()
    return max(0, (after - before).total_seconds() / 60)
