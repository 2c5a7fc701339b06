"""A time on the clinic's clock, also in an hour that comes twice and in one that never does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from tracker.admin.forms import LocalMoment

NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
"""Half past one in the morning for the first time; an hour later it is that again."""
SECOND = FIRST + timedelta(hours=1)
MINUTES = timedelta(minutes=10)


def read(typed: str, *, now: datetime, **known: bool) -> datetime | None:
    with timezone.override(NEW_YORK), time_machine.travel(now, tick=False):
        return LocalMoment(**known).clean(typed)


@pytest.mark.parametrize(
    ("now", "past", "ahead"),
    [
        (FIRST - MINUTES, FIRST, FIRST),
        (FIRST + MINUTES, FIRST, SECOND),
        (SECOND - MINUTES, FIRST, SECOND),
        (SECOND - timedelta(minutes=1), SECOND, SECOND),  # two clocks differ a little
        (SECOND + MINUTES, SECOND, SECOND),
    ],
    ids=str,
)
def test_an_hour_that_comes_twice_is_the_latest_that_was_or_the_next_to_come(now, past, ahead):
    assert read("2026-11-01T01:30", now=now) == past
    assert read("2026-11-01T01:30", now=now, ahead=True) == ahead


def test_an_hour_that_never_comes_is_refused_in_words():
    with pytest.raises(ValidationError, match=r"goes forward then.*such as 03:30"):
        read("2026-03-08T02:30", now=FIRST)


def test_every_other_hour_is_itself():
    assert read("2026-11-01T03:30", now=FIRST) == FIRST + timedelta(hours=3)
