"""Every zone of the world through a year: no night disturbed, no hour missed, ice by the minute.

Quickly around each change of the clocks and on four days of the year; EXAMPLES=5000 tries each day.
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest

from tests.clinical.factories import DEFAULT
from tracker.clinical.course import PatientFacts, ProcedureFacts
from tracker.clinical.followup import check_ins
from tracker.clinical.icing import IceStarted, offers, start_ice
from tracker.clinical.prompts import prompts
from tracker.clinical.wall_clock import Hours, after_quiet_hours, next_quiet, on

YEAR = 2026
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
ZONES = sorted(available_timezones() - {"localtime", "posixrules"})
EVERY_DAY = int(os.environ.get("EXAMPLES", "0")) >= 5000
NIGHTS = [
    (time(9), time(21), time(8)),
    (time(7, 30), time(22, 30), time(2, 30)),  # ends in the hour that clocks skip or repeat
    (time(18), time(0, 30), time(13)),
    (time(9), time(1, 30), time(2)),
    (time(12), time(12), time(12)),  # none
]
evaluations = 0


@pytest.fixture(scope="module", autouse=True)
def counted():
    yield
    sys.stdout.write(f"\n{evaluations:,} evaluations in {len(ZONES)} zones\n")


def offset_at(zone: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


@cache
def changes(name: str) -> list[datetime]:
    """The hours of the year in which the clocks of a zone change."""
    zone, found = ZoneInfo(name), []
    day, step = datetime(YEAR, 1, 1, tzinfo=UTC), timedelta(days=1)
    while day.year == YEAR:
        if offset_at(zone, day) != offset_at(zone, day + step):
            hours = (day + n * HOUR for n in range(24))
            found += [h for h in hours if offset_at(zone, h) != offset_at(zone, h + HOUR)]
        day += step
    return found


def moments(name: str) -> Iterator[datetime]:
    step = timedelta(minutes=10 if EVERY_DAY else 40)
    for change in changes(name):
        yield from (change - 8 * HOUR + n * step for n in range(16 * HOUR // step))
    first, days = datetime(YEAR, 1, 1, 0, 7, tzinfo=UTC), 1 if EVERY_DAY else 120
    for day in range(0, 365, days):
        yield from (first + timedelta(days=day) + n * HOUR for n in range(24))


def all_hours(name: str) -> list[Hours]:
    return [Hours(ZoneInfo(name), *night) for night in NIGHTS]


def longest(hours: Hours) -> timedelta:
    """A night with the clocks set back twice an hour in it."""
    minutes = [at.hour * 60 + at.minute for at in (hours.quiet_from, hours.quiet_until)]
    return timedelta(minutes=(minutes[1] - minutes[0]) % (24 * 60)) + 2 * HOUR


@pytest.mark.parametrize("first", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_the_night_is_quiet_in_every_zone(first):
    global evaluations
    for name in (zone for zone in ZONES if zone.upper().startswith(first)):
        for hours in all_hours(name):
            for moment in moments(name):
                evaluations += 1
                moved = after_quiet_hours(moment, hours).astimezone(UTC)
                assert moment <= moved <= moment + longest(hours), (name, moment)
                assert not hours.are_quiet(moved), (name, moment)
                if hours.are_quiet(moment):
                    assert hours.are_quiet(moved - SECOND), (name, moment)
                else:
                    assert moved == moment, (name, moment)
                night = next_quiet(moment, hours)
                if night is not None:
                    begins = night.astimezone(UTC)
                    assert begins > moment and hours.are_quiet(begins), (name, moment)


def procedures(name: str) -> Iterator[datetime]:
    """Blocks that end a little before each change of the clocks, or on any day."""
    for change in changes(name):
        yield change - 30 * HOUR
    for day in range(0, 365, 1 if EVERY_DAY else 180):
        yield datetime(YEAR, 1, 1, 14, 0, tzinfo=UTC) + timedelta(days=day)


@pytest.mark.parametrize("first", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_each_prompt_comes_at_the_patients_hour_and_none_at_night(first):
    global evaluations
    patient = PatientFacts(diabetes=True)
    for name in (zone for zone in ZONES if zone.upper().startswith(first)):
        # Where the night comes back because the clocks do, only the moment of sending tells.
        for hours in all_hours(name)[::2]:
            for ended_at in procedures(name):
                facts = ProcedureFacts("therapeutic", ended_at, steroid=True)
                dues = check_ins(facts, patient, hours, DEFAULT)
                asked_at = {due.at for due in dues if due.ask == "full"}
                first_day = ended_at.astimezone(hours.zone).date()
                for day in range(1, 15):
                    morning = on(first_day + timedelta(days=day), hours.check_in, hours.zone)
                    assert morning.time() == hours.check_in
                    assert morning.astimezone(UTC) in asked_at, (name, ended_at, morning)
                until = ended_at + timedelta(days=15 if EVERY_DAY else 3)
                for each in prompts(dues, hours, since=ended_at, until=until):
                    evaluations += 1
                    assert not hours.are_quiet(each.at), (name, each)
                    assert not hours.are_quiet(each.expires_at - SECOND), (name, each)
                    assert ended_at < each.at < each.expires_at


@pytest.mark.parametrize("first", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_ice_is_twenty_minutes_and_offered_awake_in_every_zone(first):
    global evaluations
    for name in (zone for zone in ZONES if zone.upper().startswith(first)):
        for hours in all_hours(name)[::2]:
            for ended_at in procedures(name):
                offered = offers(ended_at, hours, timedelta(hours=72))
                for at in offered:
                    evaluations += 1
                    local = at.astimezone(hours.zone)
                    assert time(8) <= local.time() < time(21) and not hours.are_quiet(at)
                    started = start_ice([], local, PatientFacts())
                    assert isinstance(started, IceStarted)
                    assert started.off_at - at == timedelta(minutes=20)
                    assert started.again_at - at == timedelta(minutes=40)
                days = [at.astimezone(hours.zone).date() for at in offered]
                assert all(days.count(day) <= 6 for day in set(days))


def test_ice_over_a_change_of_the_clocks_lasts_twenty_minutes():
    zone = ZoneInfo("America/New_York")
    for started in (
        datetime(2026, 11, 1, 1, 50, tzinfo=zone),
        datetime(2026, 3, 8, 1, 50, tzinfo=zone),
    ):
        answer = start_ice([], started, PatientFacts())
        assert isinstance(answer, IceStarted)
        assert answer.off_at - started.astimezone(UTC) == timedelta(minutes=20)


def test_an_hour_that_the_clocks_skip_is_the_moment_after_it():
    asked = on(date(2026, 3, 8), time(2, 30), ZoneInfo("America/New_York"))
    assert (asked.time(), asked.astimezone(UTC).time()) == (time(3), time(7))
