"""Limits of time, met exactly: how far a rule looks back, and the hour at which it begins."""

import pytest

from tests.clinical.factories import (
    DEFAULT,
    a_course,
    a_reading,
    at,
    judged,
)
from tests.clinical.test_time_driven import asked, due
from tracker.clinical.assessment import affected_by, assess, is_clear
from tracker.clinical.findings import Absent
from tracker.clinical.protocol import Protocol
from tracker.clinical.signs import ALWAYS_H, WARNING_SIGNS

TWICE = Protocol.from_numbers({"fever_confirm_h": 4, "g_high_count": 2})
BY_CODE = {sign.code: sign for sign in WARNING_SIGNS}
JOINED = {
    "EM-FAINT/faint": ({"faint": True}, {"faint_recovered": False}),
    "EM-SEPSIS/sepsis": ({"chills": True}, {"clammy": True}),
    "EM-MENING/head": ({"stiff_neck": True}, {"headache": "severe"}),
    "GL-DKA/glucose_high": ({"vomiting": True}, {"glucose": "260"}),
    "GL-HI/glucose_high": ({"glucose": "HI"}, {"glucose": "HI"}),
    "FV-FEVER/fever": ({"temperature": "38 C"}, {"temperature": "38 C"}),
    "GL-HIGH/glucose_high": ({"glucose": "310"}, {"glucose": "310"}),
    "GL-LOW2/glucose_low": ({"glucose": "65"}, {"glucose": "65"}),
}


def test_every_rule_that_looks_back_a_while_is_in_the_table():
    looking = {code for code, sign in BY_CODE.items() if 0 < sign.looks_back_h < ALWAYS_H}
    assert set(JOINED) == looking


@pytest.mark.parametrize("code", JOINED)
def test_a_rule_looks_back_as_far_as_the_catalogue_says_and_no_further(code, moment):
    sign, (early, late) = BY_CODE[code], JOINED[code]

    def found(*before):
        finding = sign.look(moment(*before, a_reading(100, **late)), TWICE)
        return None if isinstance(finding, Absent) else finding.tier

    window_h = sign.looks_back_h
    assert found(a_reading(100 - window_h, **early)) != found()
    assert found(a_reading(100 - window_h - 0.1, **early)) == found()


@pytest.mark.parametrize("code", ["EM-FAINT/faint", "EM-SEPSIS/sepsis", "EM-MENING/head"])
def test_what_arrives_late_is_joined_as_far_as_the_rule_looks_back(code):
    early, late = JOINED[code]
    readings = a_reading(50, **early), a_reading(62, **late), a_reading(62.1, **late)
    assert affected_by(a_course(*readings), at(50), DEFAULT) == [at(50), at(62)]


@pytest.mark.parametrize(("h", "touched"), [(-2, True), (-0.5, True), (0, False), (0.5, False)])
def test_only_what_came_before_the_procedure_touches_every_later_answer(h, touched):
    course = a_course(a_reading(h, facial_flush=False), a_reading(h + 0.6, facial_flush=True))
    assert affected_by(course, at(h), DEFAULT) == [at(h), at(h + 0.6)][: 1 + touched]


@pytest.mark.parametrize(
    ("h", "answers", "fired"),
    [
        (11.9, {"leg_numbness": True}, ["NE-EARLY"]),
        (12, {"leg_numbness": True}, ["NE-NUMB"]),
        (23.9, {"area_numbness": True}, ["IN-NUMB"]),
        (24, {"area_numbness": True}, ["NE-NUMB"]),
        (24, {"sore": 3}, ["IN-SORE"]),
        (24, {"sore": 4}, ["PN-FLARE"]),
    ],
)
def test_where_one_rule_begins_the_milder_one_has_ended(h, answers, fired):
    found = assess(a_course(a_reading(h, **answers)), at(h), DEFAULT).fired
    assert [finding.rule for finding in found] == fired


@pytest.mark.parametrize(("handled_h", "found"), [(26.2, 1), (26.25, 0)])
def test_staff_who_dealt_with_a_question_as_it_came_due_have_dealt_with_it(handled_h, found):
    assert len(due(a_course(asked()), 40, handled_at={"question": at(handled_h)})) == found


@pytest.mark.parametrize(("h", "found"), [(-1.5, 0), (-0.5, 0), (0, 1), (0.5, 1)])
def test_nothing_comes_due_before_the_procedure_has_ended(h, found):
    assert len(due(a_course(asked(-2)), h)) == found


@pytest.mark.parametrize(("h", "clear"), [(-0.5, False), (0, True)])
def test_a_recheck_is_made_after_the_procedure(h, clear):
    assert is_clear(a_course(a_reading(h, temperature="37 C")), "fever", at(h), DEFAULT) is clear


def test_a_count_of_nothing_need_not_be_asked_again():
    readings = a_reading(30, saddle_numbness=True, urinary_retention_h=0)
    again = a_reading(34, saddle_numbness=False)
    assert is_clear(a_course(readings, again), "cauda", at(34), DEFAULT)
    dry = a_reading(30, saddle_numbness=True, urinary_retention_h=1)
    assert not is_clear(a_course(dry, again), "cauda", at(34), DEFAULT)


def test_sugar_persists_from_the_eighth_day_on():
    readings = a_reading(192, glucose="230"), a_reading(216, glucose="230")
    rule = judged(*readings, baseline_glucose="100", diabetes=True)["glucose_high"][0]
    assert rule == "GL-PERSIST"
    early = a_reading(191.9, glucose="230"), a_reading(216, glucose="230")
    assert judged(*early, baseline_glucose="100", diabetes=True)["glucose_high"][0] != "GL-PERSIST"
