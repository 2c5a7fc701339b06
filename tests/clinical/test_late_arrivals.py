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
    open_signs,
)
from tracker.clinical.assessment import affected_by, cleared_at, ground_of, is_clear, judge
from tracker.clinical.course import is_past_entry


def news(course, *ids):
    return [(finding.rule, finding.tier) for finding in judge(course, ids, DEFAULT).news]


@pytest.mark.parametrize(
    ("early", "late", "found"),
    [
        ({"temperature": "35.8 C"}, {"clammy": True}, ("EM-SEPSIS", EMERGENCY)),
        ({"stiff_neck": True}, {"headache": "severe"}, ("EM-MENING", EMERGENCY)),
        ({"vomiting": True}, {"glucose": "260"}, ("GL-DKA", EMERGENCY)),
        ({"faint": True}, {"faint_recovered": False}, ("EM-FAINT", EMERGENCY)),
        ({"glucose": "HI"}, {"glucose": "HI"}, ("GL-HI", EMERGENCY)),
        ({"glucose": "65"}, {"glucose": "66"}, ("GL-LOW2", CALL)),
        ({"sore": 1}, {"sore": 4}, ("PN-RISE", CALL)),
        ({"site": {"redness": 0}}, {"site": {"redness": 1}}, ("ST-RED", CALL)),
    ],
    ids=str,
)
def test_evidence_that_comes_late_completes_a_later_reading(early, late, found):
    readings = a_reading(46, id="early", recorded_h=60, **early), a_reading(48, id="late", **late)
    assert found in news(a_course(*readings), "early")


def test_a_late_reading_is_not_news_about_what_was_known():
    known = a_reading(55, id="known", temperature="38.5 C", sore=5)
    course = a_course(a_reading(50, id="late", temperature="38.1 C", sore=4), known)
    assert news(course, "late") == [("FV-FEVER", CALL), ("PN-FLARE", WATCH)]


def test_per_sign_the_highest_is_news():
    course = a_course(
        a_reading(73, id="late", sore=4), a_reading(90, id="known", sore=4, temperature="38 C")
    )
    assert news(course, "late") == [("PN-PERSIST", CALL)]


def test_a_late_reading_keeps_what_is_merely_expected_of_it():
    course = a_course(a_reading(46, id="late", sore=2), a_reading(60, id="known", sore=4))
    assert news(course, "late") == [("PN-RISE", CALL), ("IN-SORE", INFO)]


def test_the_other_half_of_a_submission_may_complete_the_first():
    first, second = a_reading(5, id="1", hives=True), a_reading(5, id="2", vomiting=True)
    assert news(a_course(first), "1") == [("AL-HIVES", CALL)]
    assert news(a_course(first, second), "2") == [("EM-ANAPH", EMERGENCY)]
    assert news(a_course(second, first), "1") == [("EM-ANAPH", EMERGENCY)]


def test_a_part_that_comes_later_says_nothing_about_the_other_part():
    first = a_reading(74, id="1", temperature="38.5 C")
    second = a_reading(74, id="2", site={"redness": 2})
    assert news(a_course(first, second), "2") == [("ST-RED", CALL)]


@pytest.mark.parametrize(
    ("arriving", "later", "touched"),
    [
        ({"clammy": True}, {"temperature": "38 C"}, True),
        ({"clammy": True}, {"sore": 4}, False),
        ({"sore": 4}, {"sore": 4}, True),
        ({"usual": 4}, {"sore": 4}, False),
        ({"bowel_loss": False}, {"bowel_loss": False}, False),
    ],
    ids=str,
)
def test_only_what_a_rule_takes_together_is_judged_again(arriving, later, touched):
    course = a_course(a_reading(50, **arriving), a_reading(60, **later))
    assert affected_by(course, at(50), DEFAULT) == ([at(50), at(60)] if touched else [at(50)])


def test_the_look_back_bounds_what_is_judged_again():
    readings = [a_reading(h, temperature="37 C") for h in (50, 74, 74.1)]
    assert affected_by(a_course(*readings), at(50), DEFAULT) == [at(50), at(74)]


@pytest.mark.parametrize(
    ("sign", "earlier", "recheck", "clear"),
    [
        ("fever", {"temperature": "37.9 C"}, {"temperature": "36.9 C"}, True),
        ("fever", {"temperature": "37.9 C"}, {"temperature": "37.8 C"}, False),
        ("fever", {"temperature": "37.9 C"}, {"chills": False}, False),
        ("fever", {"feverish": True}, {"feverish": False}, False),
        ("fever", {"feverish": True}, {"temperature": "36.9 C"}, True),
        ("fever", {"temperature": "37.9 C"}, {"sore": 0}, False),
        ("pain_site", {"sore": 4}, {"sore": 0}, True),
        ("pain_site", {"sore": 4}, {"sore": 2}, False),
        ("pain_usual", {"usual": 8}, {"usual": 7}, True),
        ("redness", {"site": {"redness": 1}}, {"site": {"redness": 0}}, True),
        ("redness", {"site": {"redness": 1}}, {"site": {"redness": 0, "bruise": True}}, False),
        ("redness", {"site": {"redness": 1}}, {"site": {"swelling": 0}}, False),
        ("glucose_high", {"glucose": "250"}, {"glucose": "150"}, True),
        ("glucose_high", {"glucose": "250"}, {"vomiting": False}, False),
        ("glucose_low", {"glucose": "60"}, {"glucose": "90"}, True),
        ("other", {"other": "slept badly", "urgency": "can_wait"}, {"palpitations": False}, False),
    ],
    ids=str,
)
def test_a_clear_recheck_asks_again_and_finds_nothing(sign, earlier, recheck, clear):
    course = a_course(a_reading(30, **earlier), a_reading(34, **recheck), diabetes=True)
    assert is_clear(course, sign, at(34), DEFAULT) is clear


@pytest.mark.parametrize(
    ("recheck", "clear"),
    [
        ({"leg_weakness": "none"}, False),
        ({"leg_numbness": False}, True),
        ({"leg_weakness": "none", "leg_numbness": False}, True),
    ],
    ids=str,
)
def test_what_was_reported_must_be_answered_to_be_clear(recheck, clear):
    course = a_course(a_reading(3, leg_numbness=True), a_reading(8, **recheck))
    assert is_clear(course, "leg", at(8), DEFAULT) is clear


def test_one_clear_recheck_closes_a_watch_in_either_order():
    warm, cool = a_reading(50, temperature="37.9 C"), a_reading(54, temperature="36.8 C")
    assert open_signs([warm]) == {"fever": WATCH}
    assert open_signs([warm, cool]) == open_signs([cool, warm]) == {}
    assert open_signs([cool, a_reading(58, temperature="37.9 C"), warm]) == {"fever": WATCH}


def test_a_better_value_never_closes_a_call():
    hot, cool = a_reading(50, temperature="38.0 C"), a_reading(54, temperature="36.8 C")
    assert open_signs([hot, cool]) == open_signs([cool, hot]) == {"fever": CALL}


def test_hearing_from_the_patient_ends_silence():
    course = a_course(a_reading(8), a_reading(20, recorded_h=40))
    assert cleared_at(course, "silence", at(32), DEFAULT) == at(40)
    assert cleared_at(a_course(a_reading(8)), "silence", at(32), DEFAULT) is None


def test_what_a_correction_leaves_of_a_sign():
    course = a_course(a_reading(50, temperature="38.5 C"), a_reading(60, temperature="37.8 C"))
    assert ground_of(course, "fever", at(50), DEFAULT) == CALL
    assert ground_of(course.without({"at-50"}), "fever", at(50), DEFAULT) == WATCH
    assert ground_of(course.without({"at-50", "at-60"}), "fever", at(50), DEFAULT) is None


def test_the_ground_of_an_alert_begins_with_its_first_event():
    course = a_course(a_reading(50, temperature="38.5 C"), a_reading(60, temperature="37.8 C"))
    assert ground_of(course, "fever", at(60), DEFAULT) == WATCH
    assert ground_of(course, "fever", at(61), DEFAULT) is None


@pytest.mark.parametrize(("recorded_h", "late"), [(74, False), (74.1, True)])
def test_a_reading_of_more_than_a_day_ago_is_a_past_entry(recorded_h, late):
    assert is_past_entry(a_reading(50, recorded_h=recorded_h)) is late


@pytest.mark.parametrize("values", [("38.2 C", "38.9 C"), ("38.9 C", "38.2 C")])
def test_of_two_values_in_one_submission_the_worse_counts(values, finding):
    both = [a_reading(50, id=value, temperature=value) for value in values]
    assert finding(*both).reading == "38.9 C"
    assert news(a_course(*both), "38.9 C") == [("FV-FEVER", CALL)]


def test_of_two_units_in_one_submission_the_later_counts(finding):
    both = a_reading(50, id="1", temperature="38.9 C"), a_reading(50, id="2", temperature="101 F")
    assert finding(*both).reading == "2"


def test_a_value_in_one_submission_joins_chills(finding):
    both = a_reading(50, id="1", temperature="38.9 C"), a_reading(50, id="2", chills=True)
    assert finding(*both).rule == "FV-FEVER"
    assert news(a_course(*both), "2") == []


def test_a_baseline_that_comes_late_judges_everything_after_the_procedure_again():
    before = a_reading(-2, id="before", usual=4)
    later = a_reading(30, usual=7), a_reading(34, usual=7), a_reading(40, sore=4)
    course = a_course(before, *later, baseline_pain=None)
    assert affected_by(course, at(-2), DEFAULT) == [at(-2), at(30), at(34)]
    (flare,) = judge(course, {"before"}, DEFAULT).news
    # Of two firings the later one is the last: a recheck between them clears nothing.
    assert (flare.rule, flare.observed_at) == ("PN-FLARE", at(34))


def test_a_thermometer_found_in_the_same_moment_clears_feeling_hot():
    hot, measured = a_reading(50, id="1", feverish=True), a_reading(50, id="2", temperature="37 C")
    assert open_signs([hot, measured]) == open_signs([measured, hot]) == {}


def test_an_answer_in_the_very_moment_ends_silence():
    assert cleared_at(a_course(a_reading(32)), "silence", at(32), DEFAULT) == at(32)


def test_the_end_of_the_procedure_belongs_to_the_time_after_it():
    course = a_course(a_reading(0, id="late", clammy=True), a_reading(1, temperature="38 C"))
    assert news(course, "late") == [("EM-SEPSIS", EMERGENCY)]
    assert is_clear(a_course(a_reading(0, temperature="37 C")), "fever", at(0), DEFAULT)


@pytest.mark.parametrize("start", [0.1, 2.3, 9.15, 33.35, 116.2])
@pytest.mark.parametrize("late", [False, True], ids=["in order", "late"])
def test_signs_exactly_twelve_hours_apart_join_wherever_the_clock_stood(start, late):
    sick, ill = a_reading(start, temperature="38.5 C"), a_reading(start + 12, clammy=True)
    course = a_course(sick, ill)
    arrived = [sick.id] if late else [ill.id]
    assert "EM-SEPSIS" in [finding.rule for finding in judge(course, arrived, DEFAULT).news]
