"""What a course tells a rule about a reading: its submission, its baseline, what came before."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tests.clinical.factories import a_course, a_glucose, a_reading, at, judged
from tracker.clinical.course import elapsed

NEW_YORK = ZoneInfo("America/New_York")


def test_a_submission_is_every_reading_of_its_moment_and_no_other():
    readings = [a_reading(49), a_reading(50, id="1"), a_reading(51), a_reading(50, id="2")]
    moments = a_course(*readings).submission(at(50))
    assert [moment.reading.id for moment in moments] == ["1", "2"]
    for moment in moments:
        assert [reading.id for reading in moment.together] == ["1", "2"]
        assert [reading.id for _, reading in moment.earlier()] == ["at-49"]


def test_a_moment_is_the_same_in_every_zone_and_may_have_no_reading():
    course = a_course(a_reading(49), a_reading(50), a_reading(51))
    there = at(50).astimezone(timezone(timedelta(hours=-5)))
    assert [moment.reading.id for moment in course.submission(there)] == ["at-50"]
    assert course.submission(at(50.5)) == course.submission(at(52)) == []


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ({"headache": "mild"}, {"headache": "severe"}, ["mild", "severe"]),
        ({"headache": "mild"}, {}, ["mild", "mild"]),
        ({}, {"headache": "severe"}, ["severe", "severe"]),
        ({"bleeding": "none"}, {}, [None, None]),
    ],
    ids=str,
)
def test_a_reading_answers_for_itself_and_else_another_of_the_submission(one, other, said):
    course = a_course(a_reading(50, id="1", **one), a_reading(50, id="2", **other))
    assert [moment.says("headache") for moment in course.submission(at(50))] == said


def test_what_any_reading_of_a_submission_reports_is_reported_in_the_order_asked():
    one = a_reading(50, id="1", faint=True, hives=False, urinary_retention_h=1)
    other = a_reading(50, id="2", hives=True, dizzy=False, headache="severe")
    for moment in a_course(a_reading(49, chills=True), one, other).submission(at(50)):
        assert moment.reported(("hives", "dizzy", "faint", "chills")) == ["hives", "faint"]
        assert moment.reported(("urinary_retention_h", "headache", "dizzy")) == []


@pytest.mark.parametrize(
    ("readings", "usual"),
    [
        ([a_reading(-2, usual=4), a_reading(-1, usual=5)], 5),
        ([a_reading(-2, usual=4), a_reading(-1, sore=5)], 4),
        ([a_reading(-2, usual=4), a_reading(-1, chills=True)], 4),
        ([a_reading(-0.5, usual=0), a_reading(9, usual=3)], 0),
        ([a_reading(0, usual=4)], None),
        ([a_reading(0.5, usual=4)], None),
    ],
    ids=str,
)
def test_the_baseline_is_the_last_score_from_before_the_procedure(readings, usual):
    assert a_course(*readings, baseline_pain=None).baseline_pain == usual
    assert a_course(*readings, baseline_pain=7).baseline_pain == 7


@pytest.mark.parametrize(
    ("readings", "usual"),
    [
        ([a_reading(-2, glucose="120"), a_reading(-1, glucose="140")], "140"),
        ([a_reading(-2, glucose="120"), a_reading(-1, glucose="HI")], "120"),
        ([a_reading(-2, glucose="120"), a_reading(-1, usual=3)], "120"),
        ([a_reading(-0.5, glucose="6.7 mmol/L"), a_reading(9, glucose="200")], "6.7 mmol/L"),
        ([a_reading(0, glucose="120")], None),
    ],
    ids=str,
)
def test_the_usual_sugar_is_the_last_figure_from_before_the_procedure(readings, usual):
    expected = usual and a_glucose(usual)
    assert a_course(*readings).baseline_glucose == expected
    assert a_course(*readings, baseline_glucose="99").baseline_glucose == a_glucose("99")


def test_what_was_said_before_the_procedure_joins_nothing_after_it():
    ill = a_reading(2, clammy=True)
    assert judged(a_reading(-0.5, temperature="38 C"), ill) == {}
    assert "sepsis" in judged(a_reading(0, temperature="38 C"), ill)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (datetime(2025, 11, 1, 20, tzinfo=NEW_YORK), datetime(2025, 11, 2, 9, tzinfo=NEW_YORK), 14),
        (datetime(2026, 3, 7, 20, tzinfo=NEW_YORK), datetime(2026, 3, 8, 9, tzinfo=NEW_YORK), 12),
    ],
)
def test_real_time_passes_across_a_change_of_the_clocks(start, end, hours):
    assert elapsed(start, end) == timedelta(hours=hours)
