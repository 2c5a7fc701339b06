"""A time that the clocks skip becomes the very moment at which they go on."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tracker.clinical.wall_clock import on

GAPS = [
    ("America/New_York", date(2026, 3, 8), datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("Australia/Lord_Howe", date(2026, 10, 4), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "day", "end"), GAPS)
@pytest.mark.parametrize("minute", [0, 1, 2, 7, 13, 20, 29])
@pytest.mark.parametrize("second", [0, 1, 2, 59])
def test_every_second_of_a_gap_becomes_its_end(zone, day, end, minute, second):
    assert on(day, time(2, minute, second), ZoneInfo(zone)).astimezone(UTC) == end


@pytest.mark.parametrize(("zone", "day", "end"), GAPS)
def test_the_seconds_around_a_gap_stay_as_they_are(zone, day, end):
    before = on(day, time(1, 59, 59), ZoneInfo(zone)).astimezone(UTC)
    assert (end - before).total_seconds() == 1
