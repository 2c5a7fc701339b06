from decimal import Decimal

import pytest

from tests.clinical.check_ins import ASK, NOW, OBSERVED, URGENT, problems, questions, read
from tracker.clinical.intake import read_answers
from tracker.clinical.protocol import Protocol
from tracker.clinical.quantities import Temperature


@pytest.mark.parametrize(
    ("value", "unit", "asked"),
    [
        ("34.0", "Cel", None),
        ("43.0", "Cel", None),
        ("93.2", "[degF]", None),
        ("109.4", "[degF]", None),
        (37.5, "Cel", None),
        ("37,5", "Cel", None),
        (Decimal("37.5"), "Cel", None),
        ("93.2", "Cel", ASK),
        ("98.6", "Cel", ASK),
        ("100.3", "Cel", ASK),
        ("100.4", "Cel", URGENT),
        ("109.4", "Cel", URGENT),
        ("34.0", "[degF]", ASK),
        ("37.9", "[degF]", ASK),
        ("38.0", "[degF]", URGENT),
    ],
)
def test_a_temperature_may_be_in_the_other_unit(value, unit, asked):
    other = "[degF]" if unit == "Cel" else "Cel"
    expected = [("/temperature", asked, {"value": value, "unit": other})] if asked else []
    assert questions(temperature={"value": value, "unit": unit}) == expected
    kept = read(temperature={"value": value, "unit": unit}).reading.temperature
    typed = Decimal(str(value).replace(",", "."))
    assert kept == (None if asked else Temperature(typed, unit))


@pytest.mark.parametrize(
    ("value", "unit", "code"),
    [
        ("33.9", "Cel", "reject_range"),
        ("43.1", "Cel", "reject_range"),
        ("60", "Cel", "reject_range"),
        ("93.1", "Cel", "reject_range"),
        ("109.5", "Cel", "reject_range"),
        ("109.5", "[degF]", "reject_range"),
        ("93.1", "[degF]", "reject_range"),
        ("-38", "Cel", "reject_range"),
        ("", "Cel", "reject_not_number"),
        ("1e2", "Cel", "reject_not_number"),
        ("37.123", "Cel", "reject_not_number"),
        ("３7", "Cel", "reject_not_number"),
        ("3_7", "Cel", "reject_not_number"),
        ("NaN", "Cel", "reject_not_number"),
        (float("nan"), "Cel", "reject_not_number"),
        (float("inf"), "Cel", "reject_not_number"),
        (True, "Cel", "reject_not_number"),
        ("HI", "Cel", "reject_not_number"),
        ([37], "Cel", "reject_not_number"),
        (10**400, "Cel", "reject_not_number"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_a_temperature_that_cannot_be(value, unit, code):
    answers = {"value": value, "unit": unit}
    assert problems(temperature=answers) == [("/temperature/value", code)]


def test_the_clinics_line_decides_how_urgent_a_question_is():
    strict = Protocol.from_numbers({"fever": {"Cel": "37.8", "[degF]": "100.0"}})
    body = {"observed_at": OBSERVED, "temperature": {"value": "100.0", "unit": "Cel"}}
    assert read_answers(body, recorded_at=NOW, protocol=strict).questions[0].urgent
    assert not read_answers(body, recorded_at=NOW).questions[0].urgent
