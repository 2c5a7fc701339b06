import pytest

from tests.clinical.factories import (
    CALL,
    DEFAULT,
    INFO,
    WATCH,
    a_course,
    a_reading,
    at,
    judged,
)
from tracker.clinical.assessment import assess
from tracker.clinical.protocol import Protocol

SEVERE, FLARE = ("PN-SEVERE", CALL), ("PN-FLARE", WATCH)
LASTS, PERSISTS = ("PN-PERSIST", WATCH), ("PN-PERSIST", CALL)
SORE, RISES = ("IN-SORE", INFO), ("PN-RISE", CALL)


@pytest.mark.parametrize(
    ("usual", "baseline", "controlled", "worse", "found"),
    [
        (7, 4, False, None, FLARE),
        (8, 6, False, None, SEVERE),
        (8, 7, False, None, None),
        (8, 8, False, True, SEVERE),
        (8, 8, False, False, None),
        (9, 9, False, None, None),
        (8, 6, True, None, FLARE),
        (9, 6, None, None, FLARE),
        (10, 6, None, None, SEVERE),
        (10, 6, True, None, FLARE),
        (8, None, False, None, SEVERE),
        (7, None, False, None, None),
        (10, None, None, None, SEVERE),
        (10, 9, False, None, None),
        (10, 9, False, True, SEVERE),
    ],
)
def test_severe_usual_pain_is_new_or_worse_and_not_under_control(
    usual, baseline, controlled, worse, found
):
    reading = a_reading(10, usual=usual, controlled=controlled, worse=worse)
    assert judged(reading, baseline_pain=baseline).get("pain_usual") == found


@pytest.mark.parametrize(
    ("sore", "controlled", "found"),
    [
        (0, None, None),
        (1, None, SORE),
        (3, False, SORE),
        (4, False, FLARE),
        (7, False, FLARE),
        (8, False, SEVERE),
        (8, None, FLARE),
        (8, True, FLARE),
        (10, None, SEVERE),
    ],
)
def test_soreness_needs_no_baseline(sore, controlled, found):
    reading = a_reading(10, sore=sore, controlled=controlled)
    assert judged(reading, baseline_pain=None).get("pain_site") == found


@pytest.mark.parametrize(("severe", "found"), [(7, SEVERE), (9, FLARE), (10, FLARE)])
def test_a_clinic_may_set_what_is_severe(severe, found):
    protocol = Protocol.from_numbers({"severe": severe})
    reading = a_reading(10, sore=7 if severe == 7 else 8, controlled=False)
    assert judged(reading, protocol=protocol)["pain_site"] == found


@pytest.mark.parametrize(
    ("first_h", "second_h", "found"),
    [
        (72, 84, LASTS),
        (72.01, 84, LASTS),
        (72.01, 84.01, PERSISTS),
        (73, 84.9, LASTS),
        (73, 85, PERSISTS),
        (100, 500, PERSISTS),
        (50, 71, FLARE),
        (50, 72, FLARE),
    ],
)
@pytest.mark.parametrize("pain", [{"sore": 4}, {"usual": 8}])
def test_pain_beyond_a_few_days_needs_two_entries_half_a_day_apart(first_h, second_h, found, pain):
    sign = "pain_site" if "sore" in pain else "pain_usual"
    assert judged(a_reading(first_h, **pain), a_reading(second_h, **pain))[sign] == found


@pytest.mark.parametrize(
    ("usual", "baseline", "found"), [(5, 4, None), (6, 4, LASTS), (9, None, None)]
)
def test_usual_pain_lasts_when_it_is_two_points_above_the_baseline(usual, baseline, found):
    assert judged(a_reading(80, usual=usual), baseline_pain=baseline).get("pain_usual") == found


def test_the_two_pains_are_not_mixed():
    readings = a_reading(73, sore=4), a_reading(90, usual=8)
    assert judged(*readings) == {"pain_usual": LASTS}


@pytest.mark.parametrize(
    ("earlier", "h", "sore", "found"),
    [
        ([(30, 1)], 47.9, 4, FLARE),
        ([(30, 1)], 48, 4, RISES),
        ([(30, 2)], 55, 4, RISES),
        ([(30, 3)], 55, 4, FLARE),
        ([(30, 1)], 55, 3, SORE),
        ([(24, 1)], 55, 4, RISES),
        ([(23.9, 1)], 55, 4, FLARE),
        ([(30, 1), (40, 5)], 55, 4, RISES),
        ([], 55, 4, FLARE),
    ],
)
def test_soreness_that_comes_back(earlier, h, sore, found):
    readings = [a_reading(earlier_h, sore=score) for earlier_h, score in earlier]
    assert judged(*readings, a_reading(h, sore=sore))["pain_site"] == found


@pytest.mark.parametrize(("h", "found"), [(72, FLARE), (100, FLARE), (336, FLARE), (336.1, LASTS)])
def test_after_rfa_soreness_may_last_two_weeks(h, found):
    assert judged(a_reading(h, sore=4), kind="rfa")["pain_site"] == found


def test_after_rfa_soreness_that_comes_back_counts_from_two_weeks():
    low = a_reading(200, sore=1)
    assert judged(low, a_reading(335, sore=5), kind="rfa")["pain_site"] == FLARE
    assert judged(low, a_reading(336, sore=5), kind="rfa")["pain_site"] == RISES


@pytest.mark.parametrize(
    ("numbers", "kind", "h", "found"),
    [
        ({"persist_h": 48}, "therapeutic", 48, FLARE),
        ({"persist_h": 48}, "therapeutic", 48.1, LASTS),
        ({"persist_h": 168}, "diagnostic", 168, FLARE),
        ({"persist_h": 48}, "rfa", 100, FLARE),
        ({"by_kind": {"rfa": {"persist_h": 168}}}, "rfa", 169, LASTS),
    ],
    ids=str,
)
def test_a_clinic_may_set_the_window(numbers, kind, h, found):
    protocol = Protocol.from_numbers(numbers)
    assert judged(a_reading(h, sore=4), protocol=protocol, kind=kind)["pain_site"] == found


def test_a_baseline_may_come_from_before_the_procedure():
    before = a_reading(-2, usual=8)
    assert judged(before, a_reading(10, usual=9), baseline_pain=None) == {}
    assert judged(before, a_reading(10, usual=10), baseline_pain=None)["pain_usual"] == SEVERE
    assert judged(before, a_reading(10, usual=10), baseline_pain=4)["pain_usual"] == SEVERE


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["Usual pain: 8 of 10", "Pain where the needle went in: 5 of 10"]),
        ("es", ["Dolor de siempre: 8 de 10", "Dolor donde entró la aguja: 5 de 10"]),
    ],
)
@pytest.mark.parametrize("h", [20, 80])
def test_the_reason_names_which_pain_it_is(language, said, h):
    course = a_course(a_reading(h, usual=8, sore=5))
    found = assess(course, at(h), DEFAULT).findings
    assert len(found) == 2
    for each, start in zip(found, said, strict=True):
        assert each.because(language).startswith(start)
