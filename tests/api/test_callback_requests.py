"""Ask for a call back over HTTP; staff answer; a stranger gets nothing."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_phone, a_staff, signed_in
from tracker.models import AuditEvent, CallbackRequest

pytestmark = pytest.mark.django_db
LIST = "/api/v1/callback-requests/"
ASKED = {"window": "morning", "about": "When may I bathe?"}


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def phone(clinic):
    client = Client()
    a_phone(a_patient(clinic), client)
    return client


@pytest.fixture
def nurse(clinic):
    return signed_in(Client(), a_staff(clinic, name="Nora Park"))


def put(client, client_id, body=ASKED):
    return client.put(f"{LIST}{client_id}/", body, content_type="application/json")


def post(client, verb, body=None):
    request = CallbackRequest.objects.get()
    url = f"{LIST}{request.pk}/{verb}/"
    return client.post(url, body or {}, content_type="application/json")


def test_a_request_answers_201_then_200_then_409(phone):
    client_id = uuid.uuid4()
    first = put(phone, client_id)
    assert first.status_code == 201
    assert first.json() == {
        "id": str(client_id),
        **ASKED,
        "status": "requested",
        "requested_at": "2026-11-21T15:00:00+00:00",
        "target_at": first.json()["target_at"],
        "caller": None,
        "tried_at": None,
        "done_at": None,
    }
    assert put(phone, client_id).status_code == 200
    assert put(phone, client_id, {**ASKED, "about": "Ice"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"window": "midnight"}, "/window"),
        ({"about": "x" * 501}, "/about"),
        ({"about": 3}, "/about"),
        ({"when": "now"}, "/when"),
    ],
    ids=str,
)
def test_what_cannot_be_right_is_named(phone, body, pointer):
    response = put(phone, uuid.uuid4(), body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == pointer
    assert not CallbackRequest.objects.exists()


def test_the_patient_sees_who_will_call_and_that_it_is_done(phone, nurse):
    client_id = uuid.uuid4()
    put(phone, client_id)
    assert post(nurse, "take").status_code == 200
    shown = phone.get(f"{LIST}{client_id}/").json()
    assert (shown["status"], shown["caller"]) == ("taken", "Nora Park")
    post(nurse, "tried", {"note": "Voice mail."})
    post(nurse, "done", {"note": "May bathe on Friday."})
    (shown,) = phone.get(LIST).json()["results"]
    assert (shown["status"], shown["done_at"]) == ("done", "2026-11-21T15:00:00+00:00")
    assert "note" not in shown


def test_nobody_without_a_name_is_shown_by_an_address(phone, clinic):
    put(phone, uuid.uuid4())
    post(signed_in(Client(), a_staff(clinic, name="")), "take")
    assert phone.get(LIST).json()["results"][0]["caller"] is None


def test_a_request_can_be_taken_back_until_it_is_done(phone, nurse):
    client_id = uuid.uuid4()
    put(phone, client_id)
    assert phone.delete(f"{LIST}{client_id}/").json()["status"] == "withdrawn"
    assert phone.delete(f"{LIST}{client_id}/").status_code == 200
    assert post(nurse, "take").status_code == 409


def test_staff_see_what_waits_at_their_clinic(phone, nurse):
    put(phone, uuid.uuid4())
    (shown,) = nurse.get(LIST).json()["results"]
    assert shown["id"] == str(CallbackRequest.objects.get().pk)
    assert shown["patient"]["phone"] == "+15555550112"
    assert shown["overdue"] is False
    assert signed_in(Client(), a_staff()).get(LIST).json()["results"] == []


def test_a_call_is_not_closed_without_a_note(phone, nurse):
    put(phone, uuid.uuid4())
    assert post(nurse, "done").json()["errors"][0]["pointer"] == "/note"
    assert post(nurse, "done", {"note": " "}).status_code == 400


@pytest.mark.parametrize("verb", ["take", "tried", "done"])
def test_only_staff_of_this_clinic_work_it(phone, clinic, verb):
    put(phone, uuid.uuid4())
    body = {"note": "x"} if verb != "take" else {}
    assert post(signed_in(Client(), a_staff()), verb, body).status_code == 404
    assert post(signed_in(Client(), a_staff(clinic, role="READER")), verb, body).status_code == 403
    assert post(phone, verb, body).status_code == 403
    assert post(Client(), verb, body).status_code == 401


def test_a_foreign_request_is_like_an_absent_one(phone, clinic):
    client_id = uuid.uuid4()
    put(phone, client_id)
    other = Client()
    a_phone(a_patient(clinic), other)
    assert other.get(f"{LIST}{client_id}/").status_code == 404
    assert other.delete(f"{LIST}{client_id}/").status_code == 404
    assert other.get(LIST).json()["results"] == []


def test_nobody_sees_requests_without_signing_in():
    assert Client().get(LIST).status_code == 401


def test_whose_calls_staff_were_shown_stands_in_the_audit(phone, nurse):
    put(phone, uuid.uuid4())
    patient = CallbackRequest.objects.get().patient_id
    nurse.get(LIST)
    event = AuditEvent.objects.order_by("-pk").first()
    assert (event.action, event.shown) == ("callbacks.list", [patient])
