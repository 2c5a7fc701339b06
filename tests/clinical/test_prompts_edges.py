"""Which check-ins are prompted at all, and what a recheck and a full check-in count as."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.clinical.factories import a_reading, at
from tracker.clinical.followup import Due
from tracker.clinical.prompts import is_answered, prompts, recheck
from tracker.clinical.wall_clock import Hours

NOON = datetime(2026, 9, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(("minutes", "prompted"), [(-1, False), (0, True), (60, True), (61, False)])
def test_what_is_due_from_the_first_to_the_last_moment_is_prompted(minutes, prompted):
    dues = [Due(NOON + timedelta(minutes=minutes), "full")]
    found = prompts(dues, Hours(UTC), since=NOON, until=NOON + timedelta(hours=1))
    assert bool(found) is prompted


def test_a_recheck_is_asked_for_once_and_is_not_answered_by_what_came_before():
    due = Due(at(9), "recheck")
    assert recheck(due).repeat == 0
    assert not is_answered(due, [a_reading(9, temperature="37 C", usual=3)])


@pytest.mark.parametrize(
    ("answers", "answered"),
    [
        ({"glucose": "120"}, False),
        ({"ketones": "none"}, False),
        ({"glucose": "120", "ketones": "none"}, False),
        ({"glucose": "120", "chills": False}, True),
    ],
    ids=str,
)
def test_sugar_and_ketones_are_not_how_one_is(answers, answered):
    assert is_answered(Due(at(9), "full"), [a_reading(9, **answers)]) is answered


def test_one_answer_among_others_is_enough():
    readings = [a_reading(5, usual=3), a_reading(9, usual=3), a_reading(9.5, glucose="120")]
    assert is_answered(Due(at(9), "full"), readings)
    assert not is_answered(Due(at(9), "full"), [])


@pytest.mark.parametrize(("minutes", "answered"), [(5, True), (5.5, False)])
def test_a_diary_is_answered_at_most_five_minutes_early(minutes, answered):
    reading = a_reading(9 - minutes / 60, usual=3)
    assert is_answered(Due(at(9), "usual_pain"), [reading]) is answered
