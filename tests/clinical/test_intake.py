from decimal import Decimal

import pytest

from tests.clinical.check_ins import NOW, OBSERVED, problems, read
from tracker.clinical.course import Other, Pain, Site
from tracker.clinical.intake import read_answers
from tracker.clinical.quantities import Glucose, celsius


def test_a_whole_check_in():
    intake = read(
        pain={"usual": 4, "site": 2, "controlled": True, "worse_than_before": False},
        temperature={"value": "38.1", "unit": "Cel", "antipyretic_within_6h": True},
        glucose={"value": "310", "unit": "mg/dL", "device": "meter"},
        site={
            "redness": 1,
            "swelling": 0,
            "warmth": False,
            "drainage": "none",
            "streaks": False,
            "bruise": False,
            "trend": "first",
        },
        symptoms={"chest_pain": False, "headache": "severe", "urinary_retention_h": 3},
        other={"text": "me duele un poco el pie, ¿es normal?", "urgency": "unsure"},
        confirmed=["glucose"],
        corrects=None,
    )
    assert intake.problems == [] and intake.questions == [] and intake.corrects is None
    reading = intake.reading
    assert reading.observed_at == NOW and reading.recorded_at == NOW
    assert reading.pain == Pain(4, 2, True, False)
    assert reading.temperature == celsius("38.1") and reading.antipyretic_within_6h is True
    assert reading.glucose == Glucose(Decimal(310), "mg/dL", None, "meter")
    assert reading.site == Site(1, 0, False, "none", False, False, "first")
    assert reading.symptoms == {
        "chest_pain": False,
        "headache": "severe",
        "urinary_retention_h": 3,
    }
    assert reading.other == Other("me duele un poco el pie, ¿es normal?", "unsure")
    assert intake.confirmed == ("glucose",)


@pytest.mark.parametrize(
    "parts",
    [
        {"pain": {"usual": 0}},
        {"pain": {"controlled": False}},
        {"temperature": {"value": 37, "unit": "Cel"}},
        {"temperature": {"antipyretic_within_6h": False}},
        {"site": {"trend": "same"}},
        {"symptoms": {"chest_pain": False}},
        {"other": {"text": "a\nb"}},
        {"pain": None, "symptoms": {"chills": None, "hives": True}},
    ],
    ids=str,
)
def test_any_answer_is_enough(parts):
    assert read(**parts).reading is not None


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"pain": None},
        {"pain": {}},
        {"pain": {"usual": None}},
        {"symptoms": {}},
        {"temperature": {"value": None, "unit": "Cel"}},
        {"confirmed": ["glucose"]},
    ],
    ids=str,
)
def test_nothing_at_all_is_not(parts):
    assert problems(**parts) == [("", "reject_empty")]


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"pane": {}}, ("/pane", "reject_unknown")),
        ({"pain": {"usual": 3, "where": "leg"}}, ("/pain/where", "reject_unknown")),
        ({"site": {"color": 1}}, ("/site/color", "reject_unknown")),
        ({"symptoms": {"cough": True}}, ("/symptoms/cough", "reject_unknown")),
        ({"symptoms": {"a/b~c": True}}, ("/symptoms/a~1b~0c", "reject_unknown")),
        ({"symptoms": {"\ud800": True}}, ("/symptoms/\\ud800", "reject_unknown")),
        ({"glucose": {"value": 100, "unit": "mg/dL", "x": 1}}, ("/glucose/x", "reject_unknown")),
        ({"other": {"text": "x", "y": 1}}, ("/other/y", "reject_unknown")),
        ({"pain": 7}, ("/pain", "reject_type")),
        ({"pain": []}, ("/pain", "reject_type")),
        ({"symptoms": "none"}, ("/symptoms", "reject_type")),
        ({"pain": {"controlled": 1}}, ("/pain/controlled", "reject_type")),
        ({"pain": {"controlled": "yes"}}, ("/pain/controlled", "reject_type")),
        ({"site": {"warmth": 0}}, ("/site/warmth", "reject_type")),
        ({"site": {"redness": "1"}}, ("/site/redness", "reject_not_integer")),
        ({"site": {"redness": True}}, ("/site/redness", "reject_not_integer")),
        ({"site": {"redness": 4}}, ("/site/redness", "reject_range")),
        ({"site": {"swelling": -1}}, ("/site/swelling", "reject_range")),
        ({"site": {"drainage": "green"}}, ("/site/drainage", "reject_choice")),
        ({"site": {"trend": None, "drainage": 1}}, ("/site/drainage", "reject_choice")),
        ({"site": {"trend": "bigger"}}, ("/site/trend", "reject_choice")),
        ({"symptoms": {"chest_pain": 1}}, ("/symptoms/chest_pain", "reject_type")),
        ({"symptoms": {"chest_pain": "true"}}, ("/symptoms/chest_pain", "reject_type")),
        ({"symptoms": {"headache": True}}, ("/symptoms/headache", "reject_choice")),
        ({"symptoms": {"headache": "awful"}}, ("/symptoms/headache", "reject_choice")),
        ({"symptoms": {"bleeding": ["spot"]}}, ("/symptoms/bleeding", "reject_choice")),
        (
            {"symptoms": {"urinary_retention_h": 7.5}},
            ("/symptoms/urinary_retention_h", "reject_not_integer"),
        ),
        (
            {"symptoms": {"urinary_retention_h": 169}},
            ("/symptoms/urinary_retention_h", "reject_range"),
        ),
        ({"other": {"urgency": "today"}}, ("/other/text", "reject_required")),
        ({"other": {"text": "  "}}, ("/other/text", "reject_text")),
        ({"other": {"text": "x" * 2001}}, ("/other/text", "reject_text")),
        ({"other": {"text": "a\x00b"}}, ("/other/text", "reject_text")),
        ({"other": {"text": "a\x1bb"}}, ("/other/text", "reject_text")),
        ({"other": {"text": "a\u202eb"}}, ("/other/text", "reject_text")),
        ({"other": {"text": "a\u2066b"}}, ("/other/text", "reject_text")),
        ({"other": {"text": "a\ud800b"}}, ("/other/text", "reject_text")),
        ({"other": {"text": 7}}, ("/other/text", "reject_text")),
        ({"other": {"text": "x", "urgency": "now"}}, ("/other/urgency", "reject_choice")),
        ({"pain": {"usual": 1}, "confirmed": "glucose"}, ("/confirmed", "reject_type")),
        ({"pain": {"usual": 1}, "confirmed": ["pain"]}, ("/confirmed", "reject_choice")),
        ({"pain": {"usual": 1}, "confirmed": [1]}, ("/confirmed", "reject_choice")),
        ({"pain": {"usual": 1}, "confirmed": ["glucose"] * 3}, ("/confirmed", "reject_type")),
        ({"pain": {"usual": 1}, "corrects": 7}, ("/corrects", "reject_type")),
        ({"pain": {"usual": 1}, "corrects": "../x"}, ("/corrects", "reject_type")),
        ({"temperature": {"value": 37}}, ("/temperature/unit", "reject_required")),
        ({"glucose": {"value": 100}}, ("/glucose/unit", "reject_required")),
        ({"temperature": {"value": 37, "unit": "C"}}, ("/temperature/unit", "reject_choice")),
        ({"glucose": {"value": 100, "unit": "mg"}}, ("/glucose/unit", "reject_choice")),
        (
            {"glucose": {"value": "HI", "unit": "mg/dL", "device": "lab"}},
            ("/glucose/device", "reject_choice"),
        ),
    ],
    ids=str,
)
def test_what_cannot_be_right_is_named(parts, problem):
    assert problems(**parts) == [problem]


@pytest.mark.parametrize("body", [None, [], "x", 7, True])
def test_a_body_that_is_no_group_of_answers(body):
    intake = read_answers(body, recorded_at=NOW)
    assert [(p.pointer, p.code) for p in intake.problems] == [("", "reject_type")]
    assert intake.reading is None


def test_a_question_leaves_the_other_answers_in():
    intake = read(glucose={"value": 22, "unit": "mg/dL"}, symptoms={"chest_pain": True})
    assert intake.reading.symptoms == {"chest_pain": True} and len(intake.questions) == 1


def test_the_same_body_reads_the_same_twice():
    body = {"observed_at": OBSERVED, "symptoms": {"hives": True}, "corrects": "a-1"}
    first, second = (read_answers(body, recorded_at=NOW, reading_id="r") for _ in range(2))
    assert first == second and first.corrects == "a-1" and first.reading.id == "r"
