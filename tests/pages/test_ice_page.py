"""The ice timer without a script: start, what is left, take it off, rest."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_phone, a_procedure
from tests.pages.reading import read
from tracker.models import IceSession


@pytest.fixture
def started(phone):
    phone.post("/ice/", {"session_id": str(uuid.uuid4())})
    return IceSession.objects.get()


def at(minutes: float):
    return time_machine.travel(NOW + timedelta(minutes=minutes), tick=False)


def timer(page) -> dict[str, str]:
    return next(values for _, values in page.tags if "data-timer" in values)


def test_one_tap_starts_twenty_minutes(phone, started):
    page = read(phone.get("/ice/"))

    assert "The ice is on. Take it off at 10:20 AM." in page.words
    assert timer(page)["data-state"] == "on"
    assert timer(page)["data-now"] == NOW.isoformat()
    assert timer(page)["data-off"] == (NOW + timedelta(minutes=20)).isoformat()


def test_it_is_the_same_countdown_after_a_reload(phone, started):
    with at(12.5):
        assert "Ice off in 8 minutes" in read(phone.get("/ice/")).words


def test_pressed_twice_it_is_one_session(phone):
    session_id = str(uuid.uuid4())
    for seconds in (0, 1):
        with at(seconds / 60):
            assert phone.post("/ice/", {"session_id": session_id}).status_code == 302

    assert IceSession.objects.count() == 1


def test_when_the_time_is_up_it_says_take_it_off(phone, started):
    with at(20):
        words = read(phone.get("/ice/")).words

    assert "Take the ice off now." in words
    assert "Next ice in 20 minutes" in words
    assert "You can start again at 10:40 AM." in words


def test_taken_off_early_the_rest_counts_from_then(phone, started):
    with at(5):
        assert phone.post(f"/ice/{started.client_id}/stop/").headers["Location"] == "/ice/"
        words = read(phone.get("/ice/")).words

    assert "Take the ice off now." not in words
    assert "You can start again at 10:25 AM." in words


def test_too_early_again_says_how_long_to_wait(phone, started):
    with at(30):
        response = phone.post("/ice/", {"session_id": str(uuid.uuid4())})

    assert response.status_code == 409
    assert "Your skin needs a rest first. You can start again at 10:40 AM, in 10 minutes." in (
        read(response).words
    )


def test_it_counts_how_often_ice_was_used_on_this_day(phone, patient):
    assert "You used ice" not in read(phone.get("/ice/")).words
    midnight = NOW.replace(hour=5)  # in New York
    for minutes, so_far in ((-30, ""), (10, "once"), (60, "2 times"), (120, "3 times")):
        with time_machine.travel(midnight + timedelta(minutes=minutes), tick=False):
            phone.post("/ice/", {"session_id": str(uuid.uuid4())})
            words = read(phone.get("/ice/")).words
        assert (f"You used ice {so_far} today." in words) is bool(so_far)
    assert "You used ice 3 times today." in read(phone.get("/ice/")).words


def test_after_the_rest_it_can_start_again(phone, started):
    with at(40):
        assert timer(read(phone.get("/ice/")))["data-state"] == "ready"
        assert phone.post("/ice/", {"session_id": str(uuid.uuid4())}).status_code == 302


def test_where_ice_is_not_safe_there_is_no_start_button(phone, patient):
    patient.ice_contraindicated = True
    patient.save(update_fields=["ice_contraindicated"])

    page = read(phone.get("/ice/"))
    assert "Do not use ice unless your clinic says so." in page.words
    assert "session_id" not in page.fields

    assert phone.post("/ice/", {"session_id": str(uuid.uuid4())}).status_code == 409
    assert not IceSession.objects.exists()


def test_where_ice_is_not_safe_no_advice_speaks_of_it(phone, patient):
    patient.ice_contraindicated = True
    patient.save(update_fields=["ice_contraindicated"])
    recorded = a_check_in(patient, site={"redness": 1}, pain={"site": 5})

    words = read(phone.get(f"/check-in/{recorded.check_in.client_id}/")).words
    assert "ice in a cloth" not in words.lower()


def test_a_stranger_cannot_stop_it(started):
    stranger, other = Client(), a_patient()
    a_procedure(other)
    a_phone(other, stranger)

    assert stranger.post(f"/ice/{started.client_id}/stop/").status_code == 404
    started.refresh_from_db()
    assert started.stopped_at is None


def test_the_countdown_knows_a_fast_clock(phone, started, settings):
    settings.CLOCK_SPEED = 60.0
    settings.CLOCK_STARTED_AT = NOW

    assert timer(read(phone.get("/ice/")))["data-speed"] == "60"
