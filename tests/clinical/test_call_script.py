"""What staff ask on the phone: every sign has questions, an emergency asks for help first."""

from __future__ import annotations

import pytest

from tracker.clinical.call_script import call_script
from tracker.clinical.findings import Tier
from tracker.clinical.signs import TIMED_SIGNS, WARNING_SIGNS
from tracker.clinical.words import en_call

SIGNS = [*WARNING_SIGNS, *TIMED_SIGNS]


def a_script(rule="FV-FEVER", sign="fever", tier=Tier.CALL_TODAY):
    return call_script(rule=rule, sign=sign, tier=tier, emergency_number="112")


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.code)
def test_every_sign_of_the_catalogue_has_questions_of_its_own(sign):
    script = a_script(sign.rule, sign.sign)
    assert script.ask == (*en_call.FIRST["call_today"], *en_call.ASK[sign.sign]) or (
        sign.rule in en_call.FIRST_OF
    )
    assert set(en_call.ASK[sign.sign]) <= set(script.ask)


def test_no_words_stand_for_what_the_catalogue_does_not_have():
    assert en_call.ASK.keys() == {each.sign for each in SIGNS}
    assert {*en_call.THEN, *en_call.FIRST_OF} <= {each.rule for each in SIGNS}


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.code)
def test_an_emergency_asks_for_help_first_by_the_clinics_number(sign):
    script = a_script(sign.rule, sign.sign, Tier.EMERGENCY)
    assert "112" in script.ask[0]
    assert script.then.startswith("Call back now")


def test_very_low_sugar_is_not_told_to_call_before_it_takes_sugar():
    first, *_ = a_script("GL-VLOW", "glucose_low", Tier.EMERGENCY).ask
    assert "Have you called" not in first


@pytest.mark.parametrize(
    ("tier", "first"),
    [
        (Tier.WATCH, "How is it now?"),
        (Tier.CALL_TODAY, "How are you now, compared with when you told us?"),
        (Tier.EMERGENCY, "Have you called 112? Is somebody with you?"),
    ],
)
def test_the_first_question_is_that_of_the_tier(tier, first):
    assert a_script(tier=tier).ask[0] == first


def test_what_follows_is_the_rules_own():
    assert a_script().then == "Review by phone: site, nerves, another cause."
    assert a_script("EM-CHEST", "chest", Tier.EMERGENCY).then == en_call.EMERGENCY
    assert a_script("GL-240", "glucose_high", Tier.WATCH).then == ""


def test_a_sign_that_has_left_the_catalogue_is_asked_about_openly():
    assert a_script("XX-GONE", "gone").ask[1:] == en_call.ASK["other"]
