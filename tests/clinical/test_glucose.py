from zoneinfo import ZoneInfo

import pytest

from tests.clinical.factories import CALL, EMERGENCY, WATCH, a_reading, judged, sugar
from tracker.clinical.protocol import Protocol

HIGH, VHIGH, K240 = ("GL-HIGH", CALL), ("GL-VHIGH", CALL), ("GL-240", WATCH)
NODM, DELTA = ("GL-NODM", WATCH), ("GL-DELTA", WATCH)
DKA = ("GL-DKA", EMERGENCY)


def high(*readings, **course):
    return judged(*readings, **{"diabetes": True, **course}).get("glucose_high")


def low(*readings, **course):
    return judged(*readings, diabetes=True, **course).get("glucose_low")


@pytest.mark.parametrize(
    ("sugar", "found"),
    [
        ("239", None),
        ("240", K240),
        ("299", K240),
        ("300", HIGH),
        ("399", HIGH),
        ("400", VHIGH),
        ("900", VHIGH),
        ("13.2 mmol/L", None),
        ("13.3 mmol/L", K240),
        ("16.6 mmol/L", K240),
        ("16.7 mmol/L", HIGH),
        ("22.1 mmol/L", HIGH),
        ("22.2 mmol/L", VHIGH),
        ("HI", ("GL-HI", CALL)),
        ("HI meter", ("GL-HI", CALL)),
        ("HI cgm", HIGH),
        ("LO", None),
    ],
)
def test_the_lines_are_paired(sugar, found):
    assert high(a_reading(glucose=sugar)) == found


@pytest.mark.parametrize(
    ("sugar", "found"), [("199", None), ("200", NODM), ("239", NODM), ("240", K240), ("310", HIGH),
                         ("11.0 mmol/L", None), ("11.1 mmol/L", NODM)],
)  # fmt: skip
def test_absolute_lines_hold_without_diabetes(sugar, found):
    assert high(a_reading(glucose=sugar), diabetes=False) == found


@pytest.mark.parametrize(
    ("sugar", "usual", "found"),
    [
        ("219", "120", None),
        ("220", "120", DELTA),
        ("239", "120", DELTA),
        ("240", "120", K240),
        ("179", "70", None),
        ("180", "70", DELTA),
        ("225", None, None),
        ("12.1 mmol/L", "6.6 mmol/L", None),
        ("12.2 mmol/L", "6.6 mmol/L", DELTA),
        ("9.9 mmol/L", "4.0 mmol/L", None),
        ("10.0 mmol/L", "4.0 mmol/L", DELTA),
        ("12.2 mmol/L", "120", None),
        ("12.3 mmol/L", "120", DELTA),
        ("219", "6.6 mmol/L", DELTA),
        ("218", "6.6 mmol/L", None),
    ],
)
def test_far_above_the_own_usual(sugar, usual, found):
    assert high(a_reading(glucose=sugar), baseline_glucose=usual) == found


@pytest.mark.parametrize(
    ("sugar", "found"),
    [
        ("70", None),
        ("69", ("GL-LOW1", WATCH)),
        ("54", ("GL-LOW1", WATCH)),
        ("53", ("GL-VLOW", EMERGENCY)),
        ("3.9 mmol/L", None),
        ("3.8 mmol/L", ("GL-LOW1", WATCH)),
        ("3.0 mmol/L", ("GL-LOW1", WATCH)),
        ("2.9 mmol/L", ("GL-VLOW", EMERGENCY)),
        ("LO", ("GL-VLOW", EMERGENCY)),
        ("LO cgm", ("GL-VLOW", EMERGENCY)),
        ("HI", None),
    ],
)
def test_low_sugar(sugar, found):
    assert low(a_reading(glucose=sugar)) == found


@pytest.mark.parametrize(
    ("first", "apart_h", "found"),
    [
        ("69", 24, ("GL-LOW2", CALL)),
        ("69", 24.1, ("GL-LOW1", WATCH)),
        ("70", 1, ("GL-LOW1", WATCH)),
        ("LO", 1, ("GL-LOW2", CALL)),
        ("3.8 mmol/L", 1, ("GL-LOW2", CALL)),
    ],
)
def test_low_again_within_a_day(first, apart_h, found):
    assert low(a_reading(40, glucose=first), a_reading(40 + apart_h, glucose="60")) == found


@pytest.mark.parametrize(
    ("first", "second", "apart_h", "found"),
    [
        ("HI", "HI", 2, EMERGENCY),
        ("HI", "HI", 2.01, CALL),
        ("HI cgm", "HI", 1, CALL),
        ("HI", "HI cgm", 1, CALL),
        ("590", "HI", 1, CALL),
    ],
)
def test_the_meter_says_hi_twice(first, second, apart_h, found):
    assert high(a_reading(20, glucose=first), a_reading(20 + apart_h, glucose=second))[1] == found


@pytest.mark.parametrize(
    ("sugar", "symptoms", "found"),
    [
        ("240", {"vomiting": True}, DKA),
        ("239", {"vomiting": True}, None),
        ("13.3 mmol/L", {"belly_pain": True}, DKA),
        ("13.2 mmol/L", {"belly_pain": True}, None),
        ("HI", {"fruity_breath": True}, DKA),
        ("HI cgm", {"confusion": True}, DKA),
        ("260", {"dyspnea": True}, DKA),
        ("260", {"ketones": "moderate"}, DKA),
        ("260", {"ketones": "large"}, DKA),
        ("260", {"ketones": "small"}, K240),
        ("260", {"nausea": True}, K240),
        ("260", {"vomiting": False}, K240),
    ],
    ids=str,
)
def test_high_sugar_and_feeling_ill(sugar, symptoms, found):
    assert high(a_reading(glucose=sugar, **symptoms)) == found


OVER = ("GL-PERSIST", CALL)


@pytest.mark.parametrize(
    ("first", "second", "usual", "found"),
    [
        ((192, "201"), (216, "201"), "150", OVER),
        ((191.9, "201"), (216, "201"), "150", None),
        ((192, "200"), (216, "201"), "150", None),
        ((192, "201"), (216, "200"), "150", None),
        ((192, "201"), (193, "201"), "150", None),
        ((192, "181"), (216, "181"), "100", OVER),
        ((192, "180"), (216, "180"), "100", None),
        ((192, "10.1 mmol/L"), (216, "181"), "5.0 mmol/L", OVER),
        ((192, "201"), (216, "201"), None, None),
    ],
)
def test_still_high_in_the_second_week(first, second, usual, found):
    readings = [a_reading(h, glucose=sugar) for h, sugar in (first, second)]
    assert high(*readings, baseline_glucose=usual) == found


def test_two_dates_are_the_dates_of_the_patient():
    # 23:30 and 00:30 in New York, one and the same date in UTC.
    late, early = a_reading(205.5, glucose="210"), a_reading(206.5, glucose="210")
    assert high(late, early, baseline_glucose="120") is None
    there = ZoneInfo("America/New_York")
    assert high(late, early, baseline_glucose="120", zone=there) == OVER


def test_still_high_asks_for_diabetes():
    readings = a_reading(192, glucose="199"), a_reading(216, glucose="199")
    assert high(*readings, baseline_glucose="100", diabetes=False) is None


@pytest.mark.parametrize(
    ("first", "apart_h", "second", "found"),
    [
        ("310", 24, "310", HIGH),
        ("310", 24.1, "310", K240),
        ("299", 1, "310", K240),
        ("120", 1, "HI cgm", HIGH),
        ("120", 1, "400", VHIGH),
        ("120", 1, "HI", ("GL-HI", CALL)),
    ],
)
def test_a_clinic_may_ask_for_two_high_readings(first, apart_h, second, found):
    protocol = Protocol.from_numbers({"g_high_count": 2})
    readings = a_reading(20, glucose=first), a_reading(20 + apart_h, glucose=second)
    assert high(*readings, protocol=protocol) == found


def test_a_clinic_may_move_the_line():
    protocol = Protocol.from_numbers({"g_high": {"mg/dL": 250, "mmol/L": "13.9"}})
    assert high(a_reading(glucose="250"), protocol=protocol) == HIGH
    assert high(a_reading(glucose="249"), protocol=protocol) == K240
    assert high(a_reading(glucose="13.9 mmol/L"), protocol=protocol) == HIGH
    assert high(a_reading(glucose="13.8 mmol/L"), protocol=protocol) == K240


@pytest.mark.parametrize("first", ["glucose", "vomiting"])
def test_feeling_ill_with_high_sugar_is_measured_by_the_sugar(first, finding):
    parts = {"glucose": {"glucose": "260"}, "vomiting": {"vomiting": True}}
    second = next(part for part in parts if part != first)
    found = finding(a_reading(50, **parts[first]), a_reading(55, **parts[second]))
    assert found.rule == "GL-DKA" and found.measure == sugar("260")


def test_what_a_device_said_is_on_record(finding):
    found = finding(a_reading(glucose="HI meter"))
    assert found.inputs[0].value == {"value": "HI", "unit": "mg/dL", "device": "meter"}
