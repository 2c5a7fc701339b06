"""Same as last time: one tap fills in what was told, but never what must be asked anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in
from tests.pages.reading import read
from tracker.models import Procedure
from tracker.pages.same_again import same_again

OFFER = "Same as last time"
CALM = {
    "pain": {"usual": 2, "site": 1},
    "site": {"redness": 0, "swelling": 0, "warmth": False, "drainage": "none", "streaks": False},
}


def told(patient, *, hours_ago: float = 20, **answers):
    at = NOW - timedelta(hours=hours_ago)
    return a_check_in(patient, now=at, observed_at=at, **answers).check_in


@pytest.mark.parametrize(("hours_ago", "offered"), [(1, True), (47.9, True), (48.1, False)])
def test_it_is_offered_while_last_time_is_recent(phone, patient, hours_ago, offered):
    told(patient, hours_ago=hours_ago, **CALM)
    assert (OFFER in read(phone.get("/check-in/")).words) is offered


def test_the_pain_from_before_the_block_is_not_last_time(phone, patient):
    Procedure.objects.update(ended_at=NOW - timedelta(hours=1))
    told(patient, hours_ago=25, pain={"usual": 7})
    assert OFFER not in read(phone.get("/check-in/")).words
    assert phone.get("/offline/plan/").json()["same"] == ""
    told(patient, hours_ago=0.5, pain={"usual": 3})
    assert OFFER in read(phone.get("/check-in/")).words


def test_a_phone_is_told_how_long_last_time_is_recent(phone, patient):
    assert phone.get("/offline/plan/").json()["same_until"] is None
    last = told(patient, **CALM)
    until = last.observed_at + timedelta(hours=48)
    assert phone.get("/offline/plan/").json()["same_until"] == until.isoformat()


def test_it_is_not_offered_the_first_time_nor_in_a_correction(phone, patient):
    assert OFFER not in read(phone.get("/check-in/")).words
    check_in = told(patient, **CALM)
    assert OFFER not in read(phone.get(f"/check-in/{check_in.client_id}/change/")).words


def test_a_measure_alone_is_nothing_to_say_again(phone, patient):
    told(patient, temperature={"value": "98.2", "unit": "[degF]"})
    assert OFFER not in read(phone.get("/check-in/")).words


def test_without_a_script_it_is_a_link_to_the_form_filled_in(phone, patient):
    told(patient, **CALM)
    assert read(phone.get("/check-in/")).links[OFFER] == "?same"
    page = read(phone.get("/check-in/?same"))
    assert page.chosen("usual") == ["2"]
    assert page.chosen("site") == ["1"]
    assert page.chosen("site_look") == ["normal"]


def test_what_is_of_its_own_moment_is_asked_anew(phone, patient):
    told(
        patient,
        **CALM,
        temperature={"value": "98.2", "unit": "[degF]"},
        glucose={"value": "140", "unit": "mg/dL"},
        symptoms={"dyspnea": False, "chest_pain": True, "ketones": "small", "chills": True},
        other={"text": "my foot tingles", "urgency": "can_wait"},
    )
    page = read(phone.get("/check-in/?same"))
    assert page.chosen("emergency") == []
    assert page.chosen("ketones") == []
    assert page.value_of("temperature") == page.value_of("glucose") == ""
    assert "my foot tingles" not in phone.get("/check-in/?same").content.decode()
    assert page.chosen("fever") == ["chills"]


def test_skin_that_looked_different_is_now_the_same(phone, patient):
    told(patient, site={"redness": 2, "warmth": True, "trend": "worse"})
    page = read(phone.get("/check-in/?same"))
    assert page.chosen("redness") == ["2"]
    assert page.chosen("trend") == ["same"]
    assert "checked" in page.fields["warmth"][0]


def test_a_correction_is_what_was_told(phone, patient):
    wrong = told(patient, pain={"usual": 9})
    at = NOW - timedelta(hours=19)
    a_check_in(
        patient, now=at, observed_at=wrong.observed_at, pain={"usual": 3},
        corrects=str(wrong.client_id),
    )  # fmt: skip
    assert read(phone.get("/check-in/?same")).chosen("usual") == ["3"]


def test_the_script_ticks_the_boxes_that_the_server_would(phone, patient):
    told(patient, **CALM, symptoms={"chills": True, "leg_numbness": True})
    page = read(phone.get("/check-in/"))
    boxes = next(values["data-boxes"] for _, values in page.tags if "data-boxes" in values)
    filled = read(phone.get("/check-in/?same"))
    ticked = [
        f'[name={name}][value="{each["value"]}"]'
        for name, options in filled.fields.items()
        for each in options
        if "checked" in each and not name.endswith(("_unit", "_reads", "_device"))
    ]
    assert sorted(boxes.split(",")) == sorted(ticked)
    assert phone.get("/offline/plan/").json()["same"] == boxes


def test_nothing_told_is_nothing_to_repeat():
    assert same_again(None) == {}
