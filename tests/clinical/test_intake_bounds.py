"""Each answer goes to its bounds and no further (CLINICAL.md section 8)."""

from datetime import UTC, datetime

import pytest

from tests.clinical.check_ins import NOW, problems, read
from tracker.clinical.intake import read_answers

SCORE, GRADE = (0, 10), (0, 3)


@pytest.mark.parametrize(
    ("part", "item", "bounds"),
    [
        ("pain", "usual", SCORE),
        ("pain", "site", SCORE),
        ("site", "redness", GRADE),
        ("site", "swelling", GRADE),
        ("symptoms", "urinary_retention_h", (0, 168)),
    ],
)
def test_a_whole_number_goes_to_its_bounds(part, item, bounds):
    low, high = bounds
    for value in bounds:
        assert problems(**{part: {item: value}}) == []
    for value in (low - 1, high + 1):
        (problem,) = read(**{part: {item: value}}).problems
        assert (problem.pointer, problem.code) == (f"/{part}/{item}", "reject_range")
        assert problem.facts == {"low": low, "high": high}


@pytest.mark.parametrize(("length", "code"), [(2000, []), (2001, [("/other/text", "reject_text")])])
def test_a_text_may_be_two_thousand_characters_long(length, code):
    assert problems(other={"text": "x" * length}) == code


@pytest.mark.parametrize(("length", "shown"), [(63, 63), (64, 64), (65, 64), (5000, 64)])
def test_an_unknown_key_is_sent_back_in_a_size_that_is_safe(length, shown):
    assert problems(**{"k" * length: 1}, pain={"usual": 1}) == [
        ("/" + "k" * shown, "reject_unknown")
    ]


@pytest.mark.parametrize("confirmed", [[], ["glucose"], ["glucose", "temperature"]])
def test_both_measured_values_may_be_confirmed(confirmed):
    intake = read(pain={"usual": 1}, confirmed=confirmed)
    assert intake.problems == [] and intake.confirmed == tuple(confirmed)


def test_a_word_of_a_device_keeps_the_unit_that_was_chosen():
    reading = read(glucose={"value": "HI", "unit": "mmol/L", "device": "cgm"}).reading
    assert (reading.glucose.unit, str(reading.glucose.number)) == ("mmol/L", "22.3")


@pytest.mark.parametrize(
    ("value", "code"),
    [(999999, "reject_range"), (100000, "reject_range"), (10**6, "reject_not_number")],
)
def test_a_number_of_more_than_six_digits_is_none(value, code):
    assert problems(glucose={"value": value, "unit": "mg/dL"}) == [("/glucose/value", code)]
    negative = problems(glucose={"value": -value, "unit": "mg/dL"})
    assert negative == [("/glucose/value", code)]


@pytest.mark.parametrize(
    ("part", "unit", "example"), [("temperature", "Cel", "37.2"), ("glucose", "mg/dL", "130")]
)
def test_what_is_no_number_is_answered_with_an_example(part, unit, example):
    (problem,) = read(**{part: {"value": "warm", "unit": unit}}).problems
    assert problem.facts == {"example": example}
    assert example in problem.detail


@pytest.mark.parametrize(
    ("observed", "moment"),
    [
        ("2000-01-01T00:00:00Z", datetime(2000, 1, 1, tzinfo=UTC)),
        ("1999-12-31T23:59:59Z", None),
    ],
)
def test_a_time_of_the_last_century_is_a_mistake(observed, moment):
    intake = read_answers({"observed_at": observed, "pain": {"usual": 1}}, recorded_at=NOW)
    assert intake.observed_at == moment
    assert [p.code for p in intake.problems] == ([] if moment else ["reject_type"])
