"""What a phone without network says of its own: its screens, its echoes, and its questions back."""

from decimal import Decimal

import pytest

from tests.clinical.factories import CALL, DEFAULT, EMERGENCY, a_course, a_reading, at
from tests.clinical.test_offline import CONTACT
from tracker.clinical.assessment import assess
from tracker.clinical.intake import read_answers
from tracker.clinical.offline import offline_data
from tracker.clinical.wording import advice
from tracker.clinical.words import words

SCREENS = [
    (a_reading(sore=1), {"close"}),
    (a_reading(temperature="37.9 C"), set()),
    (a_reading(temperature="38 C"), {"lead"}),
    (a_reading(chest_pain=True), {"lead"}),
]
ALWAYS = {"name", "headline", "actions"}


def data_of(language, *readings):
    return offline_data(a_course(*readings), DEFAULT, language=language, contact=CONTACT)


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_tier_has_the_screen_of_the_server(language):
    for (reading, more), screen in zip(SCREENS, data_of(language)["tiers"], strict=True):
        found = assess(a_course(reading), reading.observed_at, DEFAULT).findings
        card = advice(found, language=language, contact=CONTACT)
        assert (screen["name"], screen["headline"]) == (card.tier, card.headline)
        assert screen["actions"] == card.actions
        assert set(screen) - {"echo"} == ALWAYS | more
        lines = card.text.splitlines()
        assert screen.get("lead", lines[0]) == lines[0]
        assert screen.get("close", lines[-2]) == lines[-2]


def test_what_nobody_checked_in_an_emergency_has_the_english_below_it():
    english, spanish = data_of("en"), data_of("es")
    assert not words("es").reviewed("lines.emergency")
    assert ["echo" in screen for screen in spanish["tiers"]] == [False, False, False, True]
    assert spanish["tiers"][3]["echo"] == english["tiers"][3]["lead"]
    assert not any("echo" in each for each in (*english["tiers"], *english["rules"]))
    for ours, original in zip(spanish["rules"], english["rules"], strict=True):
        emergency = ours["tier"] == EMERGENCY
        assert ours.get("echo") == (original["text"] if emergency else None)


def test_only_low_sugar_has_a_headline_of_its_own():
    own = {rule["rule"]: rule["headline"] for rule in data_of("en")["rules"] if "headline" in rule}
    assert own == {"GL-VLOW": "Take sugar now"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_urgent_question_calls_while_nobody_else_waits_for_its_answer(language):
    said = data_of(language)["unanswered"]
    assert (said["rule"], said["sign"], said["tier"]) == ("QU-UNANSWERED", "question", CALL)
    assert said["text"] and "{" not in said["text"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("part", "unit", "typed"),
    [
        ("temperature", "Cel", "98.6"),
        ("temperature", "Cel", "100.4"),
        ("temperature", "[degF]", "38.5"),
        ("temperature", "Cel", "60"),
        ("glucose", "mg/dL", "6.1"),
        ("glucose", "mg/dL", "22"),
        ("glucose", "mg/dL", "110.5"),
        ("glucose", "mmol/L", "120"),
        ("glucose", "mmol/L", "40.5"),
        ("glucose", "mmol/L", "0"),
    ],
)
def test_a_question_back_says_what_the_server_would_say(part, unit, typed, language):
    body = {"observed_at": at(50).isoformat(), part: {"value": typed, "unit": unit}}
    intake = read_answers(body, recorded_at=at(50))
    (said,) = [*intake.questions, *intake.problems]
    hundredths = Decimal(typed) * 100
    ranges = data_of(language)["numbers"][part][unit]["parts" if hundredths % 100 else "whole"]
    outcome = [what for start, what in ranges if hundredths >= start][-1]
    assert outcome["detail"].replace("{value}", typed) == said.say(language)


def test_the_ranges_begin_with_the_least_that_can_be_typed():
    for units in data_of("en")["numbers"].values():
        for ranges in units.values():
            assert (ranges["whole"][0][0], ranges["parts"][0][0]) == (0, 1)
