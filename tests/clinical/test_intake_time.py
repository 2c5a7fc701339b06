from datetime import UTC, datetime, timedelta

import pytest

from tests.clinical.check_ins import NOW
from tracker.clinical.intake import read_answers


@pytest.mark.parametrize(
    ("observed", "code"),
    [
        (None, "reject_required"),
        (1732186800, "reject_type"),
        ("", "reject_type"),
        ("2026-11-21", "reject_type"),
        ("2026-11-21T09:00:00", "reject_type"),
        ("2026-11-21 09:00:00-05:00", "reject_type"),
        ("2026-13-21T09:00:00-05:00", "reject_type"),
        ("2026-02-30T09:00:00-05:00", "reject_type"),
        ("2026-11-21T25:00:00-05:00", "reject_type"),
        ("0001-01-01T00:00:00+14:00", "reject_type"),
        ("2026-W47-6T09:00:00-05:00", "reject_type"),
        ("２026-11-21T09:00:00-05:00", "reject_type"),
        ("2026-11-21T09:05:01-05:00", "reject_future"),
        ("2027-11-21T09:00:00-05:00", "reject_future"),
    ],
)
def test_a_time_that_cannot_be(observed, code):
    intake = read_answers({"observed_at": observed, "pain": {"usual": 1}}, recorded_at=NOW)
    assert [(p.pointer, p.code) for p in intake.problems] == [("/observed_at", code)]


@pytest.mark.parametrize(
    ("observed", "moment"),
    [
        ("2026-11-21T14:05:00Z", NOW + timedelta(minutes=5)),
        ("2026-11-21T09:00-05:00", NOW),
        ("2026-11-21T14:00:00.000+00:00", NOW),
        ("2020-01-01T00:00:00Z", datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_with_its_offset(observed, moment):
    intake = read_answers({"observed_at": observed, "pain": {"usual": 1}}, recorded_at=NOW)
    assert intake.observed_at == intake.reading.observed_at == moment
