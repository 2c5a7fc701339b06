import re
from dataclasses import replace

import pytest

from tests.clinical.factories import (
    CALL,
    DEFAULT,
    EMERGENCY,
    INFO,
    WATCH,
    a_course,
    a_reading,
    at,
)
from tracker.clinical import wording
from tracker.clinical.assessment import assess
from tracker.clinical.findings import Present, Reason
from tracker.clinical.signs import TIMED_SIGNS, WARNING_SIGNS
from tracker.clinical.wording import Contact, advice
from tracker.clinical.words import LANGUAGES

CONTACT = Contact("Lakeside Pain", "555-0100", "555-0199", "911")
RULES = sorted({sign.rule for sign in (*WARNING_SIGNS, *TIMED_SIGNS)})


def advise(*readings, language="en", contact=CONTACT, **course):
    whole = a_course(*readings, **course)
    found = assess(whole, readings[-1].observed_at, DEFAULT).findings
    return advice(found, language=language, contact=contact)


@pytest.mark.parametrize(
    ("reading", "tier", "headline", "kinds"),
    [
        (a_reading(chest_pain=True), "emergency", "Call 911 now", ["emergency", "call"]),
        (a_reading(glucose="50"), "emergency", "Take sugar now", ["emergency", "call"]),
        (a_reading(glucose="50", chest_pain=True), "emergency", "Call 911 now", ["emergency"]),
        (a_reading(temperature="38 C"), "call_today", "Call the clinic today", ["call"]),
        (a_reading(temperature="37.9 C"), "watch", "Look again soon", ["call"]),
        (a_reading(sore=2), "info", "Look after yourself", []),
        (a_reading(chest_pain=False), "info", "Look after yourself", []),
    ],
    ids=lambda value: value.id if hasattr(value, "id") else str(value),
)
def test_one_card_for_the_highest_tier(reading, tier, headline, kinds):
    card = advise(reading)
    assert (card.tier, card.headline) == (tier, headline)
    assert [action["kind"] for action in card.actions][: len(kinds)] == kinds
    assert card.text.endswith(wording.foot("en", CONTACT))


def test_the_card_names_every_reason_the_highest_first():
    reading = a_reading(74, temperature="38.5 C", site={"redness": 2}, sore=4, chest_pain=True)
    card = advise(reading)
    assert [reason["rule"] for reason in card.reasons] == [
        "EM-CHEST",
        "FV-FEVER",
        "ST-RED",
        "PN-PERSIST",
    ]
    assert card.reasons[1]["because"] == "Temperature 38.5 °C; the limit is 38.0 °C."
    assert all(reason["source"].endswith("(verify)") for reason in card.reasons)


def test_in_an_emergency_nothing_less_is_asked_of_the_patient():
    alone = advise(a_reading(20, chest_pain=True))
    with_more = advise(a_reading(20, temperature="38.5 C", sore=5, chest_pain=True))
    assert with_more.text == alone.text
    assert [each["rule"] for each in with_more.reasons] == ["EM-CHEST", "FV-FEVER", "PN-FLARE"]


def test_every_emergency_says_what_to_do():
    text = advise(a_reading(chest_pain=True, glucose="50", temperature="38.5 C")).text
    assert [line.partition(".")[0] for line in text.splitlines()[:3]] == [
        "Call 911 now",
        "Sit down and rest until help comes",
        "Your blood sugar is too low",
    ]
    assert "fever" not in text


def test_what_to_do_comes_first():
    assert advise(a_reading(chest_pain=True)).text.startswith("Call 911 now.")
    called = advise(a_reading(temperature="38 C")).text
    assert called.startswith("Call Lakeside Pain today at 555-0100. If they are closed, call 555-")


def test_low_sugar_has_its_own_words():
    text = advise(a_reading(glucose="50")).text
    assert text.startswith("Your blood sugar is too low. Eat or drink 15 grams of sugar now")
    assert "Do not drive" not in text


def test_a_clinic_without_an_after_hours_number_does_not_offer_one():
    card = advise(a_reading(temperature="38 C"), contact=Contact("Lakeside", "555-0100"))
    assert [action["kind"] for action in card.actions] == ["call"]
    assert "closed" not in card.text


def test_the_emergency_number_is_a_setting():
    card = advise(a_reading(chest_pain=True), contact=Contact("Lakeside", "555-0100", "", "112"))
    assert card.headline == "Call 112 now" and "911" not in card.text
    assert card.actions[0] == {"kind": "emergency", "label": "Call 112", "phone": "112"}


@pytest.fixture
def reviewed(monkeypatch):
    """Spanish messages that a qualified translator has checked."""

    def review(*names):
        spanish = replace(LANGUAGES["es"], reviewed_by=dict.fromkeys(names, "A. Translator"))
        monkeypatch.setitem(LANGUAGES, "es", spanish)

    return review


@pytest.mark.parametrize(
    ("names", "english"),
    [
        ([], ["Call 911 now", "Sit down and rest until help comes"]),
        (["advice.EM-CHEST"], ["Call 911 now"]),
        (["lines.emergency"], ["Sit down and rest until help comes"]),
        (["lines.emergency", "advice.EM-CHEST"], []),
    ],
    ids=str,
)
def test_each_emergency_message_carries_english_until_it_was_reviewed(names, english, reviewed):
    reviewed(*names)
    lines = advise(a_reading(chest_pain=True), language="es").text.splitlines()
    assert [line.partition(".")[0] for line in lines[2:-1]] == english


def test_who_reviewed_a_message_is_written_down_by_its_name():
    for language in LANGUAGES.values():
        for name in language.reviewed_by or ():
            assert language.message(name)


def test_spanish_emergencies_carry_the_english_line_until_somebody_reviewed_them():
    lines = advise(a_reading(chest_pain=True), language="es").text.splitlines()
    assert [line.partition(".")[0] for line in lines] == [
        "Llame al 911 ahora",
        "Siéntese y descanse hasta que llegue la ayuda",
        "Call 911 now",
        "Sit down and rest until help comes",
        "Nadie vigila esta aplicación día y noche",
    ]
    assert "Call" not in advise(a_reading(temperature="38 C"), language="es").text


@pytest.mark.parametrize(
    "reading", [a_reading(sore=4), a_reading(30, site={"redness": 1})], ids=str
)
@pytest.mark.parametrize(("language", "word"), [("en", "ice "), ("es", "hielo")])
def test_ice_is_not_spoken_of_to_a_patient_whom_it_may_harm(reading, language, word):
    course = a_course(reading)
    found = assess(course, reading.observed_at, DEFAULT).findings
    for ice in (True, False):
        text = advice(found, language=language, contact=CONTACT, ice=ice).text
        assert (word in text) is ice and "  " not in text


def test_an_unknown_language_reads_english():
    assert advise(a_reading(sore=2), language="fr") == advise(a_reading(sore=2))


def test_a_fever_after_a_month_goes_to_the_regular_doctor_too():
    assert "regular doctor" in advise(a_reading(721, temperature="38 C")).text
    assert "regular doctor" not in advise(a_reading(720, temperature="38 C")).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_advice_in_every_language(rule, language):
    for tier in (INFO, WATCH, CALL, EMERGENCY):
        found = Present(tier, Reason("pus", {}), rule=rule, sign="x", observed_at=at(1))
        assert wording.foot(language, CONTACT) in (
            advice([found], language=language, contact=CONTACT).text
        )


def test_both_languages_say_the_same_things():
    english, spanish = LANGUAGES["en"], LANGUAGES["es"]
    for name in ("items", "values", "fields", "sentences", "headlines", "actions", "lines",
                 "advice"):  # fmt: skip
        ours, theirs = getattr(english, name), getattr(spanish, name)
        assert ours.keys() == theirs.keys()
        for key in ours:
            assert _slots(ours[key]) == _slots(theirs[key]), key


def _slots(text):
    return set(re.findall(r"{\w+}", text))


def sentences(text):
    text = text.replace("{ice}", LANGUAGES["en"].lines["ice"]).replace("{emergency}", "911")
    filled = re.sub(r"{\w+}", "five", text)
    return [part.strip() for part in re.split(r"[.?!]\s", filled + " ") if part.strip()]


def syllables(word):
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def grade(text):
    """The Flesch-Kincaid grade: years of school."""
    said = sentences(text)
    words = re.findall(r"[a-z']+", " ".join(said).lower())
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(said) + 11.8 * per_word - 15.59


ENGLISH = {**LANGUAGES["en"].advice, **LANGUAGES["en"].lines}
SPANISH = {**LANGUAGES["es"].advice, **LANGUAGES["es"].lines}


@pytest.mark.parametrize("key", ENGLISH)
def test_english_is_readable_after_six_years_of_school(key):
    assert grade(ENGLISH[key]) <= 6, grade(ENGLISH[key])


@pytest.mark.parametrize("texts", [ENGLISH, SPANISH], ids=["en", "es"])
def test_sentences_are_short(texts):
    long = {s for text in texts.values() for s in sentences(text) if len(s.split()) > 20}
    assert not long


DISEASES = ("infection", "sepsis", "meningitis", "cellulitis", "ketoacidosis", "cauda", "allergic",
            "infección", "anafil", "stroke", "derrame", "infarto")  # fmt: skip


def test_no_text_names_a_disease_or_a_dose():
    for text in (*ENGLISH.values(), *SPANISH.values()):
        assert not any(disease in text.lower() for disease in DISEASES), text
        assert not re.search(r"\d+ ?(mg|ml|units|unidades|tablets|pastillas)\b", text), text


def test_a_clinic_that_sets_no_emergency_number_has_911():
    assert advise(a_reading(chest_pain=True), contact=Contact()).headline == "Call 911 now"


@pytest.mark.parametrize(
    ("answers", "kinds"),
    [
        ({"sore": 1}, []),
        ({"temperature": "37.9 C"}, ["call"]),
        ({"temperature": "38 C"}, ["call", "after_hours"]),
        ({"chest_pain": True}, ["emergency", "call", "after_hours"]),
    ],
    ids=str,
)
def test_the_more_urgent_it_is_the_more_numbers_stand_on_the_card(answers, kinds):
    assert [action["kind"] for action in advise(a_reading(**answers)).actions] == kinds


def test_beside_a_call_nothing_is_said_of_what_is_merely_expected():
    expected, call = a_reading(facial_flush=True), a_reading(temperature="38 C")
    both = advise(a_reading(facial_flush=True, temperature="38 C"))
    assert both.text == advise(call).text
    assert [reason["rule"] for reason in both.reasons] == ["FV-FEVER", "IN-FLUSH"]
    assert advise(expected).text.splitlines()[0] not in both.text


def test_ice_is_spoken_of_unless_it_may_harm():
    assert " ice " in advise(a_reading(50, sore=4)).text
