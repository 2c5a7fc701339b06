from decimal import Decimal

import pytest

from tests.clinical.check_ins import ASK, URGENT, problems, questions, read
from tracker.clinical.quantities import Glucose


@pytest.mark.parametrize(
    ("value", "unit", "asked"),
    [
        (34, "mg/dL", None),
        (900, "mg/dL", None),
        ("110.0", "mg/dL", None),
        (33, "mg/dL", URGENT),
        (22, "mg/dL", URGENT),
        (10, "mg/dL", URGENT),
        (9, "mg/dL", ASK),
        ("6.1", "mg/dL", ASK),
        ("3.0", "mg/dL", ASK),
        ("2.9", "mg/dL", URGENT),
        ("0.6", "mg/dL", URGENT),
        ("12.5", "mg/dL", URGENT),
        ("33.3", "mg/dL", URGENT),
        ("0.6", "mmol/L", None),
        ("33.3", "mmol/L", None),
        (12, "mmol/L", None),
        (34, "mmol/L", URGENT),
        (50, "mmol/L", URGENT),
        (53, "mmol/L", URGENT),
        (54, "mmol/L", ASK),
        (110, "mmol/L", ASK),
        (120, "mmol/L", ASK),
        (299, "mmol/L", ASK),
        (300, "mmol/L", URGENT),
        (310, "mmol/L", URGENT),
        (900, "mmol/L", URGENT),
    ],
)
def test_a_sugar_may_be_in_the_other_unit(value, unit, asked):
    other = "mmol/L" if unit == "mg/dL" else "mg/dL"
    expected = [("/glucose", asked, {"value": str(value), "unit": other})] if asked else []
    assert questions(glucose={"value": value, "unit": unit}) == expected
    reading = read(glucose={"value": value, "unit": unit}).reading
    assert reading.glucose == (None if asked else Glucose(Decimal(value), unit))
    assert reading.questions == (("/glucose",) if asked == URGENT else ())


@pytest.mark.parametrize(
    ("value", "asked"),
    [
        ("33.4", URGENT),
        ("40.5", URGENT),
        ("50.1", URGENT),
        ("53.9", URGENT),
        ("54.1", ASK),
        ("120.5", ASK),
        ("299.9", ASK),
        ("300.1", URGENT),
    ],
)
def test_with_decimals_there_is_nothing_to_suggest_and_a_question_all_the_same(value, asked):
    assert questions(glucose={"value": value, "unit": "mmol/L"}) == [("/glucose", asked, None)]


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        (901, "mg/dL", "reject_range"),
        (0, "mg/dL", "reject_range"),
        ("0.5", "mg/dL", "reject_range"),
        (-5, "mg/dL", "reject_range"),
        ("33.5", "mg/dL", "reject_range"),
        ("110.5", "mg/dL", "reject_not_integer"),
        ("0.5", "mmol/L", "reject_range"),
        ("901", "mmol/L", "reject_range"),
        ("hi", "mg/dL", "reject_not_number"),
        (True, "mg/dL", "reject_not_number"),
    ],
)
def test_a_sugar_that_cannot_be(value, unit, code):
    assert problems(glucose={"value": value, "unit": unit}) == [("/glucose/value", code)]


@pytest.mark.parametrize("word", ["HI", "LO"])
@pytest.mark.parametrize("device", ["meter", "cgm", None])
def test_the_words_of_a_device(word, device):
    reading = read(glucose={"value": word, "unit": "mg/dL", "device": device}).reading
    assert reading.glucose == Glucose(None, "mg/dL", word, device)
    assert read(glucose={"value": word}).reading.glucose.word == word


def test_confirming_admits_only_what_the_unit_allows():
    still_asked = read(glucose={"value": 22, "unit": "mg/dL"}, confirmed=["glucose"])
    assert still_asked.reading.glucose is None and still_asked.reading.questions == ("/glucose",)
    answered = read(glucose={"value": "22.0", "unit": "mmol/L"}, confirmed=["glucose"])
    assert answered.reading.glucose is not None and answered.questions == []
