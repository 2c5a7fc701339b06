"""The data for a phone without network: nothing of the catalogue may be missing from it."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.clinical.factories import CALL, DEFAULT, EMERGENCY, a_course, a_reading, at
from tests.clinical.test_properties import LOOSER, STRICTER, a_history, many, patients
from tracker.clinical.assessment import assess
from tracker.clinical.course import Course, ProcedureFacts
from tracker.clinical.intake import read_answers
from tracker.clinical.offline import LINES, lines_of, offline_data
from tracker.clinical.offline.conditions import holds
from tracker.clinical.offline.scene import Scene
from tracker.clinical.protocol import Protocol
from tracker.clinical.signs import WARNING_SIGNS
from tracker.clinical.wording import Contact

CONTACT = Contact("Lake Clinic", "+15555550100", "+15555550101")
by_look = pytest.mark.parametrize("sign", WARNING_SIGNS, ids=lambda sign: sign.code)


def signs_on_the_phone(course, reading, protocol=DEFAULT):
    """By sign, the highest tier of the lines that a reading meets, and the rule that says so."""
    hours = course.hours_at(reading.observed_at)
    best = {}
    for rule, line in lines_of(course, protocol):
        standing = best.get(rule.sign)
        higher = standing is None or line.tier > standing[1]
        if higher and holds(line.when, reading, hours):
            best[rule.sign] = (rule.rule, line.tier)
    return best


def signs_on_the_server(course, reading, protocol=DEFAULT):
    whole = Course(course.patient, course.procedure, [*course.readings, reading])
    found = assess(whole, reading.observed_at, protocol).findings
    return {finding.sign: (finding.rule, finding.tier) for finding in found}


def test_every_rule_that_looks_at_a_check_in_has_its_lines():
    assert set(LINES) == {sign.code for sign in WARNING_SIGNS}


SEEN_BEFORE = [
    a_reading(10, glucose="60"),
    a_reading(200, glucose="260"),
    a_reading(40, sore=0, temperature="39 C"),
    a_reading(100, usual=9, sore=9),
]


@by_look
def test_every_rule_can_fire_on_the_phone(sign):
    course = a_course(*SEEN_BEFORE, baseline_glucose="120", diabetes=True)
    other = a_course(*SEEN_BEFORE)
    assert any(rule is sign for each in (course, other) for rule, _ in lines_of(each, DEFAULT))


@by_look
def test_an_emergency_rule_needs_no_history_to_be_on_the_phone(sign):
    if sign.rule.startswith("EM-"):
        assert EMERGENCY in {line.tier for line in LINES[sign.code](Scene(DEFAULT, a_course()))}


@many
@given(a_history(), patients(), st.sampled_from([{}, *STRICTER, *LOOSER]))
def test_the_conditions_find_what_the_rules_find(readings, patient, numbers):
    *before, last = readings
    assume(all(reading.observed_at < last.observed_at for reading in before))
    protocol = Protocol.from_numbers(numbers)
    course = a_course(*before, **patient)
    server = signs_on_the_server(course, last, protocol)
    assert signs_on_the_phone(course, last, protocol) == server


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_data_is_json_and_every_slot_is_one_that_the_phone_fills(language):
    course = a_course(*SEEN_BEFORE, baseline_glucose="120", diabetes=True)
    data = offline_data(course, DEFAULT, language=language, contact=CONTACT)
    assert json.loads(json.dumps(data))["rules"]
    open_slots = {"{value}", "{hours}", "{limit}", "{symptoms}"}
    for rule in data["rules"]:
        left = rule["because"]
        for slot in open_slots:
            left = left.replace(slot, "")
        assert "{" not in left and "{" not in rule["text"]
    assert "+15555550100" in json.dumps(data["tiers"])


def test_a_patient_whom_ice_may_harm_reads_nothing_of_it():
    course = a_course(ice_contraindicated=True)
    for language, word in (("en", "ice "), ("es", "hielo")):
        data = offline_data(course, DEFAULT, language=language, contact=CONTACT)
        assert not any(word in rule["text"] for rule in data["rules"])


def test_what_the_server_saw_becomes_a_window_of_hours():
    course = a_course(a_reading(50, confusion=True))
    fever = a_reading(61.9, temperature="38 C")
    assert signs_on_the_phone(course, fever)["sepsis"] == ("EM-SEPSIS", EMERGENCY)
    later = replace(fever, observed_at=at(62.1))
    assert signs_on_the_phone(course, later) == {"fever": ("FV-FEVER", CALL)}


@pytest.mark.parametrize("item", ["redness", "swelling"])
@pytest.mark.parametrize("trend", [None, "first", "better", "same", "worse"])
@pytest.mark.parametrize(("before", "h"), [((0,), 23.9), ((0,), 24), ((0, 1), 40), ((1,), 90)])
def test_what_was_smaller_before_has_grown_on_the_phone_too(item, trend, before, h):
    course = a_course(*(a_reading(2 + 5 * n, site={item: size}) for n, size in enumerate(before)))
    now = a_reading(h, site={item: 1, "trend": trend})
    assert signs_on_the_phone(course, now) == signs_on_the_server(course, now)


def test_the_ranges_are_those_of_the_intake():
    data = offline_data(a_course(), DEFAULT, contact=CONTACT)
    for part, units in data["numbers"].items():
        for unit, outcomes in units.items():
            for n in [*range(4500), *range(9000, 11500), *range(29000, 31000, 7), 90000, 90001]:
                lines = outcomes["parts" if n % 100 else "whole"]
                outcome = [what for start, what in lines if n >= start][-1]
                typed = format(Decimal(n) / 100, "f")
                assert (outcome and outcome["code"]) == code_of(part, typed, unit), (typed, unit)


def code_of(part, typed, unit):
    body = {"observed_at": at(50).isoformat(), part: {"value": typed, "unit": unit}}
    intake = read_answers(body, recorded_at=at(50))
    said = [*intake.questions, *intake.problems]
    return said[0].code if said else None


def test_before_anybody_knows_the_end_of_the_procedure_there_is_data_all_the_same():
    course = replace(a_course(), procedure=ProcedureFacts())
    assert offline_data(course, DEFAULT, contact=CONTACT)["rules"]
