"""Ask for a call back without a script, and see on Today how it stands."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine

from tests.conftest import NOW
from tests.factories import a_staff
from tests.pages.reading import read
from tracker.models import CallbackRequest
from tracker.services import callback_requests


@pytest.fixture
def nurse(patient):
    return a_staff(patient.clinic, name="Maria Lopez")


def ask(phone, **fields):
    if "request_id" not in fields:
        fields["request_id"] = read(phone.get("/call-back/")).value_of("request_id")
    return phone.post("/call-back/", {"window": "any", "about": "", **fields})


def words(phone, path="/"):
    return read(phone.get(path)).words


def test_it_is_asked_with_one_form_and_stands_on_today(phone):
    assert ask(phone, about="When may I bathe?").status_code == 302
    assert CallbackRequest.objects.get().about == "When may I bathe?"
    told = words(phone)
    assert "You asked on November 21 at 10:00 AM." in told
    assert "Somebody from the clinic will call you. By November 21, 11:00 AM." in told


def test_the_button_pressed_twice_asks_once(phone):
    request_id = str(uuid.uuid4())
    for about in ("a", "b"):
        assert ask(phone, request_id=request_id, about=about).status_code == 302
    assert CallbackRequest.objects.get().about == "a"


def test_the_patient_reads_who_will_call_that_they_tried_and_that_it_is_done(phone, nurse):
    ask(phone)
    known = {"staff": nurse, "request_id": CallbackRequest.objects.get().pk, "now": NOW}
    callback_requests.take(**known)
    assert "Maria Lopez will call you." in words(phone)
    callback_requests.tried(note="Voice mail.", **known)
    assert "We called at 10:00 AM and did not reach you." in words(phone)
    callback_requests.finish(note="Explained the ice.", **known)
    assert "Done: we called you, at 10:00 AM." in words(phone)
    assert "Explained" not in words(phone) + words(phone, "/call-back/")
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert "Done: we called you" not in words(phone)


def test_when_nobody_called_in_time_it_says_to_call(phone):
    ask(phone)
    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        assert "It takes longer than it should. Please call the clinic." in words(phone)


def test_it_is_taken_back_with_one_tap(phone):
    ask(phone)
    request = CallbackRequest.objects.get()
    phone.post(f"/call-back/{request.client_id}/withdraw/")
    request.refresh_from_db()
    assert request.state == "WITHDRAWN"
    assert "You asked on" not in words(phone)
    assert phone.post(f"/call-back/{uuid.uuid4()}/withdraw/").status_code == 404


@pytest.mark.parametrize("fields", [{"window": "midnight"}, {"about": "x" * 501}], ids=str)
def test_what_cannot_be_right_is_said_on_the_form(phone, fields):
    assert ask(phone, **fields).status_code == 422
    assert not CallbackRequest.objects.exists()


def test_the_clinics_link_for_appointments_stands_beside_its_numbers(phone, patient):
    assert "Make an appointment" not in words(phone)
    type(patient.clinic).objects.update(booking_link="https://lake.example/book")
    assert read(phone.get("/")).links["Make an appointment"] == "https://lake.example/book"
