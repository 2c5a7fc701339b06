import pytest

from tests.clinical.factories import CALL, INFO, WATCH, a_reading, judged, open_signs
from tracker.clinical.protocol import Protocol

RED, MILD = ("ST-RED", CALL), ("ST-RED", WATCH)


def look(h, **site):
    return a_reading(h, site=site)


@pytest.mark.parametrize(
    ("h", "grade", "trend", "found"),
    [
        (1, 0, "first", None),
        (300, 0, "worse", None),
        (1, 1, "first", MILD),
        (23.9, 1, "worse", MILD),
        (24, 1, "worse", RED),
        (48, 1, "same", MILD),
        (48, 1, None, MILD),
        (48.01, 1, "same", RED),
        (48.01, 1, "first", RED),
        (48.01, 1, None, RED),
        (48.01, 1, "better", MILD),
        (96, 1, "better", MILD),
        (96.01, 1, "better", RED),
        (1, 2, "better", RED),
        (1, 3, "first", RED),
    ],
)
@pytest.mark.parametrize(("item", "sign"), [("redness", "redness"), ("swelling", "swelling")])
def test_redness_and_swelling_follow_one_table(h, grade, trend, found, item, sign):
    rule = {"redness": "ST-RED", "swelling": "ST-SWELL"}[item]
    expected = {sign: (rule, found[1])} if found else {}
    assert judged(look(h, **{item: grade, "trend": trend})) == expected


@pytest.mark.parametrize(
    ("earlier_h", "h", "trend", "found"),
    [
        (20, 23.9, "first", MILD),
        (20, 24, "first", RED),
        (5, 30, "first", RED),
        (20, 30, "same", RED),
        (17, 30, "same", RED),
        (30, 44, "same", RED),
        (20, 30, "better", RED),
        (30, 50, "better", RED),
        (2, 90, "better", RED),
        (0, 24, None, RED),
        (-1, 30, "same", MILD),
    ],
)
def test_redness_that_was_not_there_before_is_new_whatever_it_is_called(earlier_h, h, trend, found):
    readings = look(earlier_h, redness=0), look(h, redness=1, trend=trend)
    assert judged(*readings) == {"redness": found}


@pytest.mark.parametrize(
    ("before", "between", "now"),
    [
        (look(17, redness=0), look(20, redness=1), look(30, redness=1, trend="same")),
        (look(20, redness=0), look(23.5, redness=1), look(31, redness=1, trend="better")),
        (look(6, redness=0), look(20, redness=1), look(30, redness=1, trend="first")),
    ],
    ids=lambda reading: reading.id,
)
def test_a_grade_between_that_is_told_late_takes_no_call_away(before, between, now):
    """The price: redness of the first day that was once not there calls on the second."""
    in_time, late = [before, between, now], [before, now, between]
    assert open_signs(in_time) == open_signs(late) == {"redness": CALL}


def test_redness_that_was_there_from_the_first_look_on_may_stay_a_watch():
    readings = look(8, redness=1), look(23, redness=1), look(47, redness=1, trend="same")
    assert judged(*readings, look(90, redness=1, trend="better")) == {"redness": MILD}


@pytest.mark.parametrize(
    ("site", "h", "found"),
    [
        ({"streaks": True}, 1, {"redness": RED}),
        ({"streaks": True, "redness": 0}, 1, {"redness": RED}),
        ({"streaks": False}, 1, {}),
        ({"drainage": "none"}, 90, {}),
        ({"drainage": "pus"}, 1, {"drainage": ("ST-DRAIN", CALL)}),
        ({"drainage": "clear"}, 48, {"drainage": ("IN-BRUISE", INFO)}),
        ({"drainage": "clear"}, 48.01, {"drainage": ("ST-DRAIN", CALL)}),
        ({"drainage": "spot"}, 3, {"bleed": ("IN-BRUISE", INFO)}),
        ({"warmth": True}, 48, {}),
        ({"warmth": True}, 48.01, {"redness": ("ST-WARM", CALL)}),
        ({"warmth": False}, 90, {}),
        ({"warmth": True, "redness": 1, "trend": "better"}, 60, {"redness": ("ST-WARM", CALL)}),
        ({"warmth": True, "redness": 1, "trend": "better"}, 40, {"redness": MILD}),
        ({"warmth": True, "redness": 2}, 60, {"redness": RED}),
        ({"bruise": True}, 20, {"redness": ("IN-BRUISE", INFO)}),
        ({"bruise": True, "redness": 1}, 20, {"redness": MILD}),
        ({"redness": 0, "swelling": 1, "trend": "worse"}, 30, {"swelling": ("ST-SWELL", CALL)}),
        ({"trend": "worse"}, 30, {}),
    ],
    ids=str,
)
def test_what_else_the_skin_shows(site, h, found):
    assert judged(look(h, **site)) == found


@pytest.mark.parametrize(
    ("numbers", "h", "trend", "found"),
    [
        ({"site_grace_h": 0}, 0, "better", CALL),
        ({"site_grace_h": 0}, 1, "first", CALL),
        ({"site_grace_h": 72}, 72, "same", WATCH),
        ({"site_grace_h": 72}, 72.1, "same", CALL),
        ({"site_resolve_h": 48}, 48, "better", WATCH),
        ({"site_resolve_h": 48}, 48.1, "better", CALL),
        ({"site_resolve_h": 48, "site_grace_h": 72}, 50, "same", CALL),
        ({"site_resolve_h": 168}, 168, "better", WATCH),
    ],
    ids=str,
)
def test_a_clinic_may_set_both_hours(numbers, h, trend, found):
    protocol = Protocol.from_numbers(numbers)
    reading = look(h, redness=1, trend=trend)
    assert judged(reading, protocol=protocol) == {"redness": ("ST-RED", found)}


def test_a_normal_temperature_never_lowers_a_site_alert():
    reading = a_reading(60, site={"redness": 2}, temperature="36.8 C")
    assert judged(reading) == {"redness": RED}


def test_a_spot_of_blood_may_be_told_as_bleeding():
    assert judged(a_reading(3, bleeding="spot")) == {"bleed": ("IN-BRUISE", INFO)}
