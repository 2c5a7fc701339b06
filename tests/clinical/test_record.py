"""What stays on record of a judgement, and which of several findings stands for its sign."""

import pytest

from tests.clinical.factories import (
    CALL,
    DEFAULT,
    a_course,
    a_reading,
    at,
    degrees,
    points,
    sugar,
)
from tracker.clinical.assessment import assess, assess_time, cannot_wait
from tracker.clinical.findings import Measure, Tier, Unknown, score
from tracker.clinical.signs import WARNING_SIGNS


def test_the_record_tells_the_hour_to_less_than_a_second():
    record = assess(a_course(a_reading(50 + 1 / 3, sore=4)), at(50 + 1 / 3), DEFAULT).as_json()
    assert record["hours"] == 50.3333


def test_the_tiers_are_the_numbers_that_are_stored():
    assert [(tier.wire, int(tier)) for tier in Tier] == [
        ("info", 0),
        ("watch", 1),
        ("call_today", 2),
        ("emergency", 3),
    ]


@pytest.mark.parametrize(
    ("answers", "measure"),
    [
        ({"usual": 9, "controlled": False}, points(9)),
        ({"sore": 4}, points(4)),
        ({"sore": 1}, points(1)),
        ({"temperature": "101 F"}, degrees("101", "[degF]")),
        ({"glucose": "17 mmol/L"}, sugar("17", "mmol/L")),
        ({"site": {"swelling": 2}}, Measure("grade", points(2).value)),
        ({"chills": True}, None),
    ],
    ids=str,
)
def test_a_finding_keeps_how_bad_it_was(answers, measure, finding):
    assert finding(a_reading(10, **answers)).measure == measure


def test_there_is_no_measure_of_a_score_that_was_not_given():
    assert score(None) is None


def test_the_first_source_of_a_rule_is_the_one_on_record(finding):
    assert finding(a_reading(temperature="38.5 C")).source == "SEED1"
    assert finding(a_reading(chills=True)).source == "XOPAIN"
    assert [found.source for found in assess_time(a_course(), at(24), DEFAULT)] == ["CRACCHIOLO"]


@pytest.mark.parametrize("sign", WARNING_SIGNS, ids=lambda sign: sign.code)
def test_a_rule_that_could_not_look_names_its_first_question(sign, moment):
    other_item = {"pain.usual": {"sore": 0}}.get(sign.items[0], {"usual": 0})
    assert sign.look(moment(a_reading(**other_item)), DEFAULT) == Unknown(sign.items[0])


def test_of_two_equal_values_in_one_submission_the_later_counts(finding):
    both = [a_reading(50, id=name, temperature="38.9 C") for name in ("1", "2")]
    assert finding(*both).reading == "2"


def test_an_emergency_before_the_procedure_cannot_wait_and_nothing_else_is_said():
    course = a_course(
        a_reading(-3, chest_pain=True),
        a_reading(-2, chills=True, seizure=True),
        a_reading(-1, chills=True),
    )
    found = [[f.rule for f in cannot_wait(course, at(h), DEFAULT)] for h in (-3, -2, -1)]
    assert found == [["EM-CHEST"], ["EM-NEURO"], []]
    assert all(not assess(course, at(h), DEFAULT).findings for h in (-3, -2, -1))


def test_a_higher_tier_stands_for_its_sign_whatever_came_first(finding):
    mild = a_reading(50, id="mild", temperature="37.9 C")
    hot = a_reading(50, id="hot", temperature="38.0 C")
    assert finding(mild, hot).tier == finding(hot, mild).tier == CALL
