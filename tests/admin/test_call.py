"""A check-in entered by staff while the patient is on the phone."""

from __future__ import annotations

import re

import pytest

from tests.admin.people import at, text_of
from tracker.models import AuditEvent, CheckIn


@pytest.fixture
def send(desks):
    def send(**typed):
        address = at("check-in-enter", desks.patient.pk)
        page = desks.nurse.get(address).content.decode()
        once = re.search(r'name="once" value="([^"]+)"', page)[1]
        known = {
            "once": once, "observed_at": "2026-11-21T10:00",
            "temperature_unit": "Cel", "glucose_unit": "mg/dL",
        }  # fmt: skip
        return desks.nurse.post(address, {**known, **typed})

    return send


def newest(desks):
    return CheckIn.objects.filter(patient=desks.patient).order_by("-pk")[0]


def test_it_is_judged_like_any_other_and_carries_a_name(desks, send):
    page = text_of(send(emergency=["leg_severe"], usual="4"))
    assert "Call 911" in page
    check_in = newest(desks)
    assert check_in.entered_by == desks.nora.user
    assert check_in.answers["symptoms"] == {"leg_weakness": "severe"}
    assert desks.patient.alerts.filter(rule="EM-WEAK").exists()
    made = AuditEvent.objects.filter(action="check_in.create").order_by("-pk")[0]
    assert made.actor == desks.nora.audit_name
    assert "entered by Nora Park" in text_of(desks.nurse.get(at("patient", desks.patient.pk)))


def test_what_to_read_out_names_signs_and_numbers_as_people_do(send):
    page = text_of(send(temperature="39.4"))
    assert "at (555) 555-0100." in page and "+1555" not in page
    assert re.search(r'came of it: <a href="/admin/alerts/[^"]+">Fever</a>\.', page)


def test_what_was_not_asked_is_not_recorded_as_no(desks, send):
    send(usual="4")
    assert newest(desks).answers["pain"] == {"usual": 4}
    assert set(newest(desks).answers) == {"observed_at", "pain"}


def test_none_of_these_says_no_to_each(desks, send):
    send(emergency=["none"])
    said = newest(desks).answers["symptoms"]
    assert said["dyspnea"] is False
    assert said["leg_weakness"] == "none"
    assert "urinary_retention_h" not in said


def test_everything_that_can_be_typed_arrives(desks, send):
    send(
        usual="4", site="6", controlled="no", worse="yes", temperature="38,4", glucose="HI",
        redness="1", swelling="0", warmth="yes", streaks="no", drainage="clear",
        others=["chills"], text="It burns.", urgency="today",
    )  # fmt: skip
    answers = newest(desks).answers
    assert answers["pain"] == {
        "usual": 4, "site": 6, "controlled": False, "worse_than_before": True,
    }  # fmt: skip
    assert answers["temperature"] == {"value": "38.4", "unit": "Cel"}
    assert answers["glucose"] == {"value": "HI", "unit": "mg/dL"}
    assert answers["site"] == {
        "redness": 1, "swelling": 0, "warmth": True, "streaks": False, "drainage": "clear",
    }  # fmt: skip
    assert answers["symptoms"] == {"chills": True}
    assert answers["other"] == {"text": "It burns.", "urgency": "today"}


def test_a_number_in_question_is_asked_again_and_then_counts(desks, send):
    page = text_of(send(temperature="101"))
    assert "Ask again before you hang up." in page
    assert "not used until they are sure" in page
    page = text_of(send(temperature="101", temperature_unit="[degF]", confirmed="on"))
    assert "Ask again" not in page
    assert newest(desks).answers["confirmed"] == ["temperature"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"temperature": "60"}, "34.0"),
        ({"usual": "11"}, "less than or equal to 10"),
        ({"observed_at": "2026-11-21T12:00", "usual": "3"}, "Nothing was recorded yet"),
        ({}, "Nothing was recorded yet"),
    ],
)
def test_what_cannot_be_right_is_refused_and_the_rest_is_kept(desks, send, typed, words):
    before = CheckIn.objects.count()
    answer = send(text="It burns." if typed else "", **typed)
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert "It burns." in page or not typed
    assert CheckIn.objects.count() == before


def test_sent_twice_it_is_recorded_once(desks):
    address = at("check-in-enter", desks.patient.pk)
    page = desks.nurse.get(address).content.decode()
    once = re.search(r'name="once" value="([^"]+)"', page)[1]
    form = {
        "once": once, "observed_at": "2026-11-21T10:00", "usual": "3",
        "temperature_unit": "Cel", "glucose_unit": "mg/dL",
    }  # fmt: skip
    before = CheckIn.objects.count()
    for _ in range(2):
        assert desks.nurse.post(address, form).status_code == 200
    assert CheckIn.objects.count() == before + 1
    other = desks.nurse.post(address, {**form, "usual": "5"})
    assert "was sent already, with other answers" in text_of(other)
