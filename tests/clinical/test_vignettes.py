"""The labelled courses: what a clinician wrote beside each is what the rules say."""

import json
from pathlib import Path

import pytest

from tests.clinical.factories import DEFAULT
from tracker.clinical.labels import compare, tally
from tracker.clinical.protocol import Protocol
from tracker.clinical.recorded import Unreadable, repeated
from tracker.clinical.replay import replay

VIGNETTES = json.loads(Path("tests/vignettes.json").read_text(encoding="utf-8"))["vignettes"]
BY_ID = {vignette["id"]: vignette for vignette in VIGNETTES}


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda v: f"{v['id']} {v['title']}")
def test_a_labelled_course_agrees(vignette):
    result = replay(vignette, DEFAULT)
    assert compare(result, vignette["expect"], repeated=repeated(vignette)) == []
    assert json.loads(json.dumps(result)) == result


@pytest.mark.parametrize("vignette", VIGNETTES, ids=lambda v: v["id"])
def test_the_order_in_the_file_does_not_matter(vignette):
    entries = list(enumerate(vignette["entries"]))
    entries.sort(key=lambda pair: pair[1]["observed_at"], reverse=True)
    if len({entry["recorded_at"] for _, entry in entries}) < len(entries):
        pytest.skip("entries of one moment keep the order of the file")
    turned = {**vignette, "entries": [entry for _, entry in entries]}
    place = {new: old for new, (old, _) in enumerate(entries)}
    rows = [{**row, "entry": place[row["entry"]]} for row in replay(turned, DEFAULT)["alerts"]]
    assert rows == replay(vignette, DEFAULT)["alerts"]


def a_vignette(*entries, patient=None, **procedure):
    return {
        "id": "T1",
        "patient": patient or {},
        "procedure": {"kind": "therapeutic", "ended_at": "2026-09-08T10:00:00-04:00", **procedure},
        "entries": list(entries),
    }


def temperature(h, value, **more):
    return {"kind": "temperature", "h": h, "value": value, "unit": "Cel", **more}


def events(vignette, protocol=DEFAULT):
    alerts = replay(vignette, protocol)["alerts"]
    return [(row["entry"], row["rule"], row["event"], row["notify"]) for row in alerts]


def test_a_watch_that_cleared_opens_again():
    course = a_vignette(temperature(50, "37.9"), temperature(54, "36.9"), temperature(58, "37.9"))
    assert events(course) == [(0, "FV-LOW", "open", True), (2, "FV-LOW", "open", True)]


def test_late_evidence_belongs_to_the_entry_that_brought_it():
    course = a_vignette(
        {"kind": "symptoms", "h": 76.2, "items": {"clammy": True}},
        temperature(76, "35.8", recorded_h=80),
    )
    assert events(course) == [(1, "EM-SEPSIS", "open", True)]


def test_one_submission_is_one_message():
    course = a_vignette(
        temperature(74, "38.5"), {"kind": "symptoms", "h": 74, "items": {"chest_pain": True}}
    )
    assert replay(course, DEFAULT)["notifications"] == {
        "patient_messages": 1,
        "staff_notifications": 1,
    }


def test_a_watch_is_told_to_the_patient_alone():
    assert replay(a_vignette(temperature(74, "37.9")), DEFAULT)["notifications"] == {
        "patient_messages": 1,
        "staff_notifications": 0,
    }


def test_a_tick_says_nothing_twice():
    ticks = [{"kind": "tick", "h": h} for h in (24, 25, 40)]
    assert events(a_vignette(*ticks)) == [(0, "SI-SILENT", "open", True)]


def test_a_silent_patient_who_answers_may_fall_silent_again():
    course = a_vignette(
        {"kind": "tick", "h": 24},
        {"kind": "symptoms", "h": 30, "items": {"chest_pain": False}},
        {"kind": "tick", "h": 53.9},
        {"kind": "tick", "h": 54},
    )
    assert events(course) == [(0, "SI-SILENT", "open", True), (3, "SI-SILENT", "open", True)]


def test_an_unanswered_urgent_question_becomes_an_alert():
    asked = {"kind": "glucose", "h": 26, "value": 22, "unit": "mg/dL"}
    course = a_vignette(asked, {"kind": "tick", "h": 26.2}, {"kind": "tick", "h": 26.25})
    assert events(course) == [(2, "QU-UNANSWERED", "open", True)]


def test_ice_that_came_off_early_may_go_on_earlier():
    course = a_vignette(
        {"kind": "ice", "h": 1, "action": "start"},
        {"kind": "ice", "h": 1.1, "action": "stop"},
        {"kind": "ice", "h": 1.5, "action": "start"},
    )
    assert replay(course, DEFAULT)["reminders"] == [
        {"type": "ice_stop", "at_h": 1.333},
        {"type": "ice_stop", "at_h": 1.833},
    ]


def test_a_correction_takes_the_place_of_what_it_corrects():
    course = a_vignette(
        {"kind": "pain", "h": 80, "where": "site", "value": 4, "client_id": "typo"},
        {"kind": "pain", "h": 80, "where": "site", "value": 3, "corrects": "typo",
         "recorded_h": 80.1},
        {"kind": "pain", "h": 95, "where": "site", "value": 4},
    )  # fmt: skip
    assert [row["tier"] for row in replay(course, DEFAULT)["alerts"]] == ["watch", "watch"]


def test_another_protocol_says_something_else():
    course = a_vignette(temperature(50, "38.2"))
    later = Protocol.from_numbers({"fever": {"Cel": "38.3", "[degF]": "100.9"}})
    assert events(course, later) == [(0, "FV-LOW", "open", True)]


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"kind": "mood", "h": 1}, "Entry 0 is of kind 'mood', which is unknown."),
        ({"kind": "tick"}, "Entry 0 needs observed_at, or h and the end of the procedure."),
    ],
)
def test_an_entry_that_cannot_be_read_is_named(entry, sentence):
    with pytest.raises(Unreadable) as refused:
        replay(a_vignette(entry), DEFAULT)
    assert str(refused.value) == sentence


def test_every_kind_of_difference_is_found():
    vignette = BY_ID["V86"]
    result = replay(vignette, DEFAULT)
    wrong = {
        "alerts": [
            *vignette["expect"]["alerts"][1:],
            {"entry": 9, "rule": "EM-X", "tier": "watch"},
        ],
        "info": [{"entry": 0, "rule": "IN-SORE", "sign": "pain_site"}],
        "outcomes": [{"id": "OC-RELIEF", "percent": 1}],
        "must_not": ["call_today"],
        "notifications": {"patient_messages": 3, "staff_notifications": 1},
    }
    found = compare(result, wrong)
    assert [(one.what, one.rule, one.problem) for one in found] == [
        ("alerts", "EM-X", "missing"),
        ("alerts", "FV-FEVER", "unexpected"),
        ("info", "IN-SORE", "missing"),
        ("outcomes", "OC-RELIEF", "missing"),
        ("must_not", "FV-FEVER", "unexpected"),
        ("must_not", "ST-RED", "unexpected"),
        ("must_not", "ST-DRAIN", "unexpected"),
        ("notifications", "notifications", "missing"),
    ]
    assert found[0].as_json()["row"]["entry"] == 9
    assert tally([(wrong, found)])["ST-RED"] == (1, 1)
