"""Answers to the advice, messages, therapies and caregivers over HTTP."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.conftest import NOW
from tests.factories import (
    a_check_in,
    a_clinic,
    a_patient,
    a_phone,
    a_procedure,
    a_staff,
    fever,
    signed_in,
    some_answers,
)  # fmt: skip
from tracker.models import AnswerToAdvice, AuditEvent, CheckIn, Therapy

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def patient(clinic):
    patient = a_patient(clinic, language="es")
    a_procedure(patient)
    a_staff(clinic, on_call_order=1)
    return patient


@pytest.fixture
def phone(patient):
    client = Client()
    a_phone(patient, client)
    return client


@pytest.fixture
def nurse(clinic):
    return signed_in(Client(), a_staff(clinic, name="Nora Park"))


def send(client, method, path, body=None):
    call = getattr(client, method)
    return call(f"/api/v1/{path}", body or {}, content_type="application/json")


def let_in(phone, may_log=False):
    added = send(phone, "post", "caregivers/", {"name": "Ana", "may_log": may_log}).json()
    client = Client()
    joined = send(client, "post", "session/", {"code": added["code"]})
    assert joined.status_code == 201
    return added["id"], client


# --- answers to the advice --------------------------------------------------------------------


def test_an_answer_is_201_then_200_then_409(phone, patient):
    a_check_in(patient, **fever())
    answer = {"id": str(uuid.uuid4()), "did": "called"}
    assert send(phone, "post", "advice-answers/", answer).status_code == 201
    assert send(phone, "post", "advice-answers/", answer).status_code == 200
    other = {**answer, "did": "cannot_reach"}
    assert send(phone, "post", "advice-answers/", other).status_code == 409
    assert AnswerToAdvice.objects.count() == 1


def test_without_advice_to_call_there_is_nothing_to_answer(phone, patient):
    assert send(phone, "post", "advice-answers/", {"did": "called"}).status_code == 409
    response = send(phone, "post", "advice-answers/", {"did": "slept"})
    assert response.json()["errors"][0]["pointer"] == "/did"


@pytest.mark.parametrize("did", ["called", "cannot_reach", "at_emergency_room"])
def test_the_advice_stands_until_an_answer_and_the_alert_goes_on(phone, patient, did):
    a_check_in(patient, **fever())
    assert phone.get("/api/v1/me/").json()["advice"]["tier"] == "call_today"
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        send(phone, "post", "advice-answers/", {"did": did})
        told = phone.get("/api/v1/me/").json()
    assert told["advice"] is None
    assert told["answered"]["did"] == did
    assert [each["status"] for each in told["alerts"]] == ["open"]


# --- messages ---------------------------------------------------------------------------------


def test_staff_write_by_a_prepared_text_and_the_patient_reads_it(phone, patient, nurse):
    path = f"patients/{patient.pk}/messages/"
    assert send(nurse, "post", path, {"template": "visit"}).status_code == 201
    (message,) = phone.get("/api/v1/messages/").json()["results"]
    assert message["text"].startswith("Queremos verle.")
    assert (message["sent_by"], message["read_at"]) == ("Nora Park", None)
    read = send(phone, "post", f"messages/{message['id']}/read/")
    assert read.json()["read_at"] == "2026-11-21T15:00:00+00:00"


def test_free_text_is_refused_and_a_stranger_writes_to_nobody(patient, nurse):
    path = f"patients/{patient.pk}/messages/"
    assert send(nurse, "post", path, {"template": "Hello"}).status_code == 400
    assert send(nurse, "post", path, {"template": "visit", "text": "x"}).status_code == 400
    stranger = signed_in(Client(), a_staff())
    assert send(stranger, "post", path, {"template": "visit"}).status_code == 404
    assert len(nurse.get("/api/v1/message-templates/").json()["results"]) == 6


# --- therapies --------------------------------------------------------------------------------


def test_a_walk_is_201_then_200_then_409(phone):
    path = f"therapies/{uuid.uuid4()}/"
    walk = {"kind": "walk", "minutes": 20, "done_at": NOW.isoformat()}
    assert send(phone, "put", path, walk).status_code == 201
    assert send(phone, "put", path, walk).status_code == 200
    assert send(phone, "put", path, {**walk, "minutes": 30}).status_code == 409
    assert phone.get("/api/v1/therapies/").json()["results"][0]["kind"] == "walk"


def test_heat_in_the_first_days_says_from_when(phone):
    heat = {"kind": "heat", "done_at": NOW.isoformat()}
    response = send(phone, "put", f"therapies/{uuid.uuid4()}/", heat)
    assert (response.status_code, response.json()["allowed_from"]) == (
        409,
        (NOW + timedelta(hours=22)).isoformat(),
    )
    assert not Therapy.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "surgery"}, "/kind"),
        ({"minutes": 0}, "/minutes"),
        ({"minutes": 601}, "/minutes"),
        ({"done_at": (NOW + timedelta(hours=1)).isoformat()}, "/done_at"),
    ],
    ids=str,
)
def test_what_cannot_be_right_is_named(phone, change, pointer):
    walk = {"kind": "walk", "minutes": 20, "done_at": NOW.isoformat(), **change}
    response = send(phone, "put", f"therapies/{uuid.uuid4()}/", walk)
    assert response.json()["errors"][0]["pointer"] == pointer


# --- caregivers -------------------------------------------------------------------------------


def test_who_may_log_answers_under_their_own_name(phone, patient):
    caregiver_id, ana = let_in(phone, may_log=True)
    answers = some_answers(NOW)
    assert send(ana, "put", f"check-ins/{uuid.uuid4()}/", answers).status_code == 201
    assert CheckIn.objects.get().caregiver.name == "Ana"
    assert AuditEvent.objects.get(action="check_in.create").actor == f"caregiver:{caregiver_id}"
    assert phone.get("/api/v1/check-ins/").json()["results"][0]["answered_by"] == "Ana"


def test_who_may_read_reads_and_writes_nothing(phone, patient):
    a_check_in(patient)
    _, ana = let_in(phone)
    assert len(ana.get("/api/v1/check-ins/").json()["results"]) == 1
    answers = some_answers(NOW)
    assert send(ana, "put", f"check-ins/{uuid.uuid4()}/", answers).status_code == 403
    assert CheckIn.objects.count() == 1


def test_who_is_put_out_is_out_at_the_next_request(phone):
    caregiver_id, ana = let_in(phone)
    assert ana.get("/api/v1/me/").status_code == 200
    assert phone.delete(f"/api/v1/caregivers/{caregiver_id}/").status_code == 204
    refused = ana.get("/api/v1/me/")
    assert refused.status_code == 401
    assert '"storage"' in refused.headers["Clear-Site-Data"]
    assert phone.get("/api/v1/me/").status_code == 200


def test_an_unused_invitation_of_somebody_who_was_put_out_lets_nobody_in(phone):
    added = send(phone, "post", "caregivers/", {"name": "Ana"}).json()
    phone.delete(f"/api/v1/caregivers/{added['id']}/")
    assert send(Client(), "post", "session/", {"code": added["code"]}).status_code == 400


def test_a_new_invitation_makes_the_older_one_worthless_and_keeps_the_patients(phone, patient):
    added = send(phone, "post", "caregivers/", {"name": "Ana"}).json()
    again = send(phone, "post", f"caregivers/{added['id']}/invitation/").json()
    assert send(Client(), "post", "session/", {"code": added["code"]}).status_code == 400
    assert send(Client(), "post", "session/", {"code": again["code"]}).status_code == 201


def test_staff_let_somebody_in_and_put_them_out_at_the_patients_word(patient, nurse):
    path = f"patients/{patient.pk}/caregivers/"
    added = send(nurse, "post", path, {"name": "Ana", "may_log": True})
    assert added.status_code == 201
    revoke = f"caregivers/{added.json()['id']}/revoke/"
    stranger = signed_in(Client(), a_staff())
    assert send(stranger, "post", path, {"name": "Eve"}).status_code == 404
    assert send(stranger, "post", revoke).status_code == 404
    assert send(nurse, "post", revoke).status_code == 204
    assert list(patient.caregivers.filter(revoked_at=None)) == []


def test_five_people_are_enough(phone):
    for _ in range(5):
        send(phone, "post", "caregivers/", {"name": "Ana"})
    assert send(phone, "post", "caregivers/", {"name": "Ana"}).status_code == 409


def test_a_caregivers_cookie_is_of_the_same_kind(phone):
    _, ana = let_in(phone)
    assert settings.PHONE_COOKIE in ana.cookies
    who = ana.get("/api/v1/session/").json()
    assert (who["kind"], who["name"]) == ("caregiver", "Ana")
