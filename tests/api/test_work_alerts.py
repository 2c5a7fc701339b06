"""Staff work the queue over HTTP; a stranger gets nothing."""

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
)  # fmt: skip
from tracker.models import Alert, AuditEvent

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
    patient = a_patient(clinic)
    a_procedure(patient)
    return patient


@pytest.fixture
def alert(patient):
    return a_check_in(patient, **fever()).events[0].alert


@pytest.fixture
def nurse(clinic):
    return signed_in(Client(), a_staff(clinic, name="Nora Park"))


@pytest.fixture
def colleague(clinic):
    return signed_in(Client(), a_staff(clinic, name="Ben Ito"))


@pytest.fixture
def stranger():
    return signed_in(Client(), a_staff())


def post(client, alert_id, verb, body=None):
    return client.post(
        f"/api/v1/alerts/{alert_id}/{verb}/", body or {}, content_type="application/json"
    )


def test_the_queue_has_the_highest_tier_first_then_the_longest_wait(nurse, patient, alert):
    chest = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    results = nurse.get("/api/v1/alerts/?status=open").json()["results"]
    assert [each["id"] for each in results] == [str(chest.pk), str(alert.pk)]
    assert results[1]["because"] == "Temperature 38.1 °C; the limit is 38.0 °C."


def test_a_stranger_sees_an_empty_queue_and_a_foreign_alert_like_an_absent_one(stranger, alert):
    assert stranger.get("/api/v1/alerts/").json()["results"] == []
    foreign, absent = (
        post(stranger, alert.pk, "acknowledge"),
        post(stranger, uuid.uuid4(), "acknowledge"),
    )
    assert (foreign.status_code, foreign.content) == (404, absent.content)


def test_the_first_to_acknowledge_owns_it(nurse, colleague, alert):
    mine, late = post(nurse, alert.pk, "acknowledge"), post(colleague, alert.pk, "acknowledge")
    assert mine.json()["owner"] == "Nora Park"
    assert late.status_code == 409
    assert late.json()["owner"] == "Nora Park"


def test_an_attempt_keeps_the_alert_in_the_queue(nurse, alert):
    body = {"note": "no answer", "again_at": "2026-11-21T11:00:00-05:00"}
    taken = post(nurse, alert.pk, "attempt", body).json()
    assert (taken["status"], taken["due_at"]) == ("acknowledged", "2026-11-21T16:00:00+00:00")
    assert nurse.get("/api/v1/alerts/").json()["results"]
    tried = alert.events.get(step="attempt")
    assert (tried.note, tried.again_at) == ("no answer", NOW + timedelta(hours=1))


@pytest.mark.parametrize("again_at", ["2026-11-21T14:59:00Z", "2026-11-23T06:00:00Z"])
def test_a_next_try_is_neither_past_nor_too_late(nurse, alert, again_at):
    refused = post(nurse, alert.pk, "attempt", {"note": "no answer", "again_at": again_at})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["pointer"] == "/again_at"
    assert not alert.events.filter(step="attempt").exists()


def test_resolving_needs_an_outcome_of_the_list(nurse, alert):
    assert post(nurse, alert.pk, "resolve").status_code == 400
    assert post(nurse, alert.pk, "resolve", {"outcome": "bored"}).status_code == 400
    assert post(nurse, alert.pk, "resolve", {"outcome": "clear_recheck"}).status_code == 400
    done = post(nurse, alert.pk, "resolve", {"outcome": "reached_advised", "note": "rest"})
    assert (done.json()["status"], done.json()["outcome"]) == ("resolved", "reached_advised")
    assert nurse.get("/api/v1/alerts/").json()["results"] == []


def test_no_action_needs_a_reason(nurse, alert):
    response = post(nurse, alert.pk, "resolve", {"outcome": "no_action"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/note"


def test_resolved_once_is_resolved(nurse, alert):
    post(nurse, alert.pk, "resolve", {"outcome": "reached_advised"})
    for verb, body in [
        ("resolve", {"outcome": "visit_arranged"}), ("acknowledge", {}), ("attempt", {"note": "x"}),
    ]:  # fmt: skip
        assert post(nurse, alert.pk, verb, body).status_code == 409


def test_a_reader_may_look_but_not_act(clinic, alert):
    reader = signed_in(Client(), a_staff(clinic, role="READER"))
    assert reader.get("/api/v1/alerts/").status_code == 200
    assert post(reader, alert.pk, "acknowledge").status_code == 403


def test_a_patient_is_never_staff(patient, alert):
    client = Client()
    a_phone(patient, client)
    assert client.get("/api/v1/alerts/").status_code == 403
    assert Client().get("/api/v1/alerts/").status_code == 401


def test_each_step_leaves_a_trace(nurse, alert):
    post(nurse, alert.pk, "acknowledge")
    post(nurse, alert.pk, "resolve", {"outcome": "reached_advised"})
    steps = list(Alert.objects.get().events.order_by("pk").values_list("step", flat=True))
    assert steps == ["open", "exhausted", "acknowledge", "resolve"]  # nobody is on call
    actions = AuditEvent.objects.filter(subject=f"alert:{alert.pk}").values_list(
        "action", flat=True
    )
    assert list(actions) == ["alert.acknowledge", "alert.resolve"]


@pytest.mark.parametrize(
    ("verb", "body"), [("acknowledge", {}), ("resolve", {"outcome": "reached_advised"})]
)
def test_what_got_worse_since_it_was_on_the_screen_is_not_closed_unseen(
    nurse, patient, alert, verb, body
):
    shown = nurse.get("/api/v1/alerts/").json()["results"][0]["raised_at"]
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        a_check_in(patient, now=NOW + timedelta(minutes=5), **fever("39.2"))
        late = post(nurse, alert.pk, verb, {**body, "raised_at": shown})
        assert late.status_code == 409
        assert "worse" in late.json()["detail"]
        again = nurse.get("/api/v1/alerts/").json()["results"][0]["raised_at"]
        assert post(nurse, alert.pk, verb, {**body, "raised_at": again}).status_code == 200
