from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tracker.clinical.course import Other, Pain, Site
from tracker.clinical.intake import read_answers
from tracker.clinical.protocol import Protocol
from tracker.clinical.quantities import Glucose, Temperature, celsius

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
OBSERVED = "2026-11-21T09:00:00-05:00"


def read(**parts):
    return read_answers({"observed_at": OBSERVED, **parts}, recorded_at=NOW)


def problems(**parts):
    return [(problem.pointer, problem.code) for problem in read(**parts).problems]


def questions(**parts):
    intake = read(**parts)
    assert intake.problems == []
    return [(asked.pointer, asked.code, asked.suggestion) for asked in intake.questions]


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


@pytest.mark.parametrize(("typed", "score"), [(0, 0), (10, 10), ("7", 7), ("7/10", 7), ("0/10", 0)])
def test_pain_as_people_type_it(typed, score):
    assert read(pain={"usual": typed}).reading.pain.usual == score


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (7.5, "reject_not_integer"),
        ("7.5", "reject_not_integer"),
        (7.0, "reject_not_integer"),
        ("", "reject_not_integer"),
        ("seven", "reject_not_integer"),
        ("３", "reject_not_integer"),
        ("٣", "reject_not_integer"),
        ("1_0", "reject_not_integer"),
        (" 7", "reject_not_integer"),
        ("7/11", "reject_not_integer"),
        ("7\n", "reject_not_integer"),
        ("+7", "reject_not_integer"),
        (True, "reject_not_integer"),
        ([7], "reject_not_integer"),
        ({}, "reject_not_integer"),
        (11, "reject_range"),
        ("11", "reject_range"),
        ("11/10", "reject_range"),
        (-1, "reject_range"),
        ("-1", "reject_range"),
        (10**30, "reject_range"),
    ],
    ids=repr,
)
@pytest.mark.parametrize("where", ["usual", "site"])
def test_pain_that_cannot_be(typed, code, where):
    assert problems(pain={where: typed}) == [(f"/pain/{where}", code)]


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


ASK, URGENT = "ask_unit", "ask_unit_urgent"


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


def test_a_question_leaves_the_other_answers_in():
    intake = read(glucose={"value": 22, "unit": "mg/dL"}, symptoms={"chest_pain": True})
    assert intake.reading.symptoms == {"chest_pain": True} and len(intake.questions) == 1


def test_the_clinics_line_decides_how_urgent_a_question_is():
    strict = Protocol.from_numbers({"fever": {"Cel": "37.8", "[degF]": "100.0"}})
    body = {"observed_at": OBSERVED, "temperature": {"value": "100.0", "unit": "Cel"}}
    assert read_answers(body, recorded_at=NOW, protocol=strict).questions[0].urgent
    assert not read_answers(body, recorded_at=NOW).questions[0].urgent


@pytest.mark.parametrize(
    ("parts", "english", "spanish"),
    [
        (
            {"pain": {"usual": 11}},
            "Your usual pain must be from 0 to 10.",
            "Su dolor de siempre: debe estar entre 0 y 10.",
        ),
        (
            {"pain": {"site": 7.5}},
            "Pain where the needle went in must be a whole number from 0 to 10.",
            "El dolor donde entró la aguja: debe ser un número entero de 0 a 10.",
        ),
        (
            {"temperature": {"value": "60", "unit": "Cel"}},
            "Temperature must be from 34.0 to 43.0.",
            "La temperatura: debe estar entre 34.0 y 43.0.",
        ),
        (
            {"symptoms": {"chest_pain": "x"}},
            "Chest pain must be yes or no.",
            "Dolor de pecho: responda sí o no.",
        ),
        ({}, "Please answer at least one question.", "Por favor responda al menos una pregunta."),
    ],
    ids=str,
)
def test_a_problem_says_which_answer_and_what_would_be_right(parts, english, spanish):
    problem = read(**parts).problems[0]
    assert problem.detail == english and problem.say("es") == spanish


@pytest.mark.parametrize(
    ("glucose", "english", "spanish"),
    [
        (
            {"value": "6.1", "unit": "mg/dL"},
            "Did you mean 6.1 mmol/L? 6.1 mg/dL is not possible.",
            "¿Quiso decir 6.1 mmol/L? 6.1 mg/dL no es posible.",
        ),
        (
            {"value": 22, "unit": "mg/dL"},
            "Did you mean 22 mmol/L? Please check now. Call 911 if you feel very ill.",
            "¿Quiso decir 22 mmol/L? Revise ahora. Llame al 911 si se siente muy mal.",
        ),
        (
            {"value": "120.5", "unit": "mmol/L"},
            "Is 120.5 mmol/L right? Please check the number and the unit.",
            "¿Está bien 120.5 mmol/L? Revise el número y la unidad.",
        ),
        (
            {"value": "40.5", "unit": "mmol/L"},
            "Is 40.5 mmol/L right? Please check the number and the unit now. "
            "Call 911 if you feel very ill.",
            "¿Está bien 40.5 mmol/L? Revise ahora el número y la unidad. "
            "Llame al 911 si se siente muy mal.",
        ),
    ],
    ids=str,
)
def test_a_question_in_words(glucose, english, spanish):
    question = read(glucose=glucose).questions[0]
    assert question.detail == english and question.say("es") == spanish
    assert "112" in question.say("en", "112") or not question.urgent


def test_the_same_body_reads_the_same_twice():
    body = {"observed_at": OBSERVED, "symptoms": {"hives": True}, "corrects": "a-1"}
    first, second = (read_answers(body, recorded_at=NOW, reading_id="r") for _ in range(2))
    assert first == second and first.corrects == "a-1" and first.reading.id == "r"
