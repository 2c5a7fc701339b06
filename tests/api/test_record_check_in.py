"""A check-in over HTTP: stored once, judged at once, answered at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
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
)
from tracker.models import Alert, CheckIn, Delivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def patient():
    patient = a_patient(a_clinic())
    a_procedure(patient)
    a_staff(patient.clinic, on_call_order=1)
    return patient


@pytest.fixture
def phone(patient):
    client = Client()
    a_phone(patient, client)
    return client


def put(client: Client, body, client_id=None):
    return client.put(
        f"/api/v1/check-ins/{client_id or uuid.uuid4()}/", body, content_type="application/json"
    )


def test_fever_answers_call_today_with_rule_and_reason(phone):
    response = put(phone, some_answers(**fever("38.1")))

    assert response.status_code == 201
    advice = response.json()["advice"]
    assert advice["tier"] == "call_today"
    [reason] = advice["reasons"]
    assert reason["rule"] == "FV-FEVER"
    assert reason["because"] == "Temperature 38.1 °C; the limit is 38.0 °C."
    assert reason["source"]
    assert advice["actions"][0]["phone"] == "+15555550100"
    [alert] = response.json()["alerts"]
    assert (alert["rule"], alert["sign"], alert["event"]) == ("FV-FEVER", "fever", "open")


@pytest.mark.parametrize(
    ("answers", "tier"),
    [
        (fever("37.9"), "watch"),
        (fever("100.3", "[degF]"), "watch"),
        (fever("100.4", "[degF]"), "call_today"),
        ({"symptoms": {"chest_pain": True}}, "emergency"),
        ({"symptoms": {"chest_pain": False}}, "info"),
        ({"site": {"redness": 2}}, "call_today"),
        ({"glucose": {"value": "310", "unit": "mg/dL"}}, "call_today"),
        ({"glucose": {"value": "16.7", "unit": "mmol/L"}}, "call_today"),
        ({"other": {"text": "my foot tingles", "urgency": "unsure"}}, "call_today"),
        ({"pain": {"usual": 3, "site": 1}}, "info"),
    ],
    ids=str,
)
def test_advice_follows_the_documented_signs(phone, answers, tier):
    assert put(phone, some_answers(**answers)).json()["advice"]["tier"] == tier


def test_the_same_put_twice_makes_one_row_one_alert_one_message(phone, patient):
    client_id, body = uuid.uuid4(), some_answers(**fever())

    first, second = put(phone, body, client_id), put(phone, body, client_id)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert CheckIn.objects.count() == Alert.objects.count() == 1
    assert Delivery.objects.filter(user__isnull=False).count() == 1


def test_the_same_id_with_other_answers_is_a_conflict(phone):
    client_id = uuid.uuid4()
    put(phone, some_answers(**fever("38.1")), client_id)

    response = put(phone, some_answers(**fever("36.9")), client_id)

    assert response.status_code == 409
    assert CheckIn.objects.get().answers["temperature"]["value"] == "38.1"


def test_an_id_of_another_patient_is_simply_unused(phone, patient):
    stranger = a_patient()
    a_procedure(stranger)
    theirs = a_check_in(stranger).check_in

    assert put(phone, some_answers(**fever()), theirs.client_id).status_code == 201


def test_an_implausible_value_comes_back_as_a_question_and_the_rest_counts(phone):
    answers = {"glucose": {"value": "22", "unit": "mg/dL"}, **fever("38.2")}

    answer = put(phone, some_answers(**answers)).json()

    [question] = answer["questions"]
    assert (question["pointer"], question["code"]) == ("/glucose", "ask_unit_urgent")
    assert "22" in question["detail"]
    assert "mmol/L" in question["detail"]
    assert [reason["rule"] for reason in answer["advice"]["reasons"]] == ["FV-FEVER"]


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({"pain": {"usual": 7.5}}, "/pain/usual"),
        ({"pain": {"usual": 11}}, "/pain/usual"),
        ({"pain": {"usual": True}}, "/pain/usual"),
        ({"temperature": {"value": "60", "unit": "Cel"}}, "/temperature"),
        ({"temperature": {"value": "38.1", "unit": "Kelvin"}}, "/temperature/unit"),
        ({"site": {"redness": 4}}, "/site/redness"),
        ({"symptoms": {"dragons": True}}, "/symptoms/dragons"),
        ({"severity": "none"}, "/severity"),
        ({"corrects": "abc"}, "/corrects"),
        ({"corrects": "7e6b2f0e-1111-4222-8333-944455556666"}, "/corrects"),
        ({"pain": {"usual": 3}, "observed_at": (NOW + timedelta(minutes=6)).isoformat()},
         "/observed_at"),
        ({"pain": {"usual": 3}, "observed_at": "2026-11-21T09:00:00"}, "/observed_at"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_right_is_refused_by_name(phone, answers, pointer):
    response = put(phone, {**some_answers(), **answers})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    found = [error["pointer"] for error in response.json()["errors"]]
    assert any(each.startswith(pointer) for each in found), found
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        "{",
        '{"pain": {"usual": 1}, "pain": {"usual": 9}}',
        '{"observed_at": NaN}',
        "[" * 5000 + "]" * 5000,
        '"\\ud800"',
        "1e999",
    ],
)
def test_broken_bodies_are_refused(phone, body):
    response = phone.put(
        f"/api/v1/check-ins/{uuid.uuid4()}/", body, content_type="application/json"
    )
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_form_bodies_are_not_understood(phone):
    response = phone.put(f"/api/v1/check-ins/{uuid.uuid4()}/", "a=1", content_type="text/plain")
    assert response.status_code == 415


def test_nobody_signed_in_is_401_and_staff_403(patient):
    assert put(Client(), some_answers()).status_code == 401
    staff = signed_in(Client(), a_staff(patient.clinic))
    assert put(staff, some_answers()).status_code == 403


def test_writing_needs_the_csrf_token(patient):
    client = Client(enforce_csrf_checks=True)
    a_phone(patient, client)

    assert put(client, some_answers()).status_code == 403

    token = client.get("/api/v1/session/").json()["csrf_token"]
    response = client.put(
        f"/api/v1/check-ins/{uuid.uuid4()}/",
        some_answers(),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert response.status_code == 201


def test_a_patient_without_a_procedure_is_told_to_call(patient):
    lonely = a_patient(patient.clinic)
    client = Client()
    a_phone(lonely, client)
    assert put(client, some_answers()).status_code == 409


def test_the_list_shows_ones_own_newest_first_page_by_page(phone, patient):
    for minutes in (30, 20, 10):
        a_check_in(patient, now=NOW - timedelta(minutes=minutes))
    stranger = a_patient()
    a_procedure(stranger)
    a_check_in(stranger)

    first = phone.get("/api/v1/check-ins/?limit=2").json()
    rest = phone.get("/api/v1/check-ins/", {"limit": 2, "cursor": first["next"]}).json()

    seen = [each["observed_at"] for each in first["results"] + rest["results"]]
    assert len(seen) == 3
    assert seen == sorted(seen, reverse=True)
    assert rest["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=99999999999999999999",
        "limit=%D9%A3",
        "cursor=x",
        "cursor=WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwxXQ==",
        "patient=1",
        "limit=1&limit=2",
    ],
)
def test_wrong_parameters_are_refused(phone, query):
    response = phone.get(f"/api/v1/check-ins/?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_every_answer_stays_out_of_caches(phone):
    assert phone.get("/api/v1/me/")["Cache-Control"] == "no-store, private"
    assert put(phone, some_answers())["Cache-Control"] == "no-store, private"
