"""Heat waits for three days after a block."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.clinical.heat import allowed_from

ENDED = datetime(2026, 11, 21, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
THREE_DAYS = timedelta(days=3)


@pytest.mark.parametrize(
    ("after", "waits"),
    [
        (-SECOND, False),
        (timedelta(), True),
        (THREE_DAYS - SECOND, True),
        (THREE_DAYS, False),
        (2 * THREE_DAYS, False),
    ],
)
def test_heat(after, waits):
    assert allowed_from(ENDED, ENDED + after) == (ENDED + THREE_DAYS if waits else None)
