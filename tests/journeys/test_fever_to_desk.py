"""The main job in real processes: web, worker, beat, embedded database and broker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journeys.product import Person, Product, running, until
from tests.push_service import Browser, PushService

pytestmark = pytest.mark.journey

FEVER = {"temperature": {"value": "38.1", "unit": "Cel"}}
SECOND = timedelta(seconds=1)
"""What a fault may add to what an answer takes without it."""
SPEED = 120  # 20 minutes of ice in 10 seconds


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def product(service: PushService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    var = tmp_path_factory.mktemp("var")
    with running(var, PUSH_TEST_ORIGIN=service.origin) as product:
        yield product


def subscribe(person: Person, service: PushService) -> Browser:
    browser = service.browser()
    answer = person.post("/api/v1/push-subscriptions/", browser.subscription)
    assert answer.status_code == 201, answer.text
    return browser


def messages(service: PushService, browser: Browser) -> list[dict[str, str]]:
    received = [each for each in service.received if each.endpoint == browser.endpoint]
    return [each.payload["notification"] for each in received]


def test_a_feverish_patient_is_told_and_the_nurse_closes_the_alert(product, service):
    # Given a patient's phone that takes messages, and a nurse at the desk
    patient, nurse = product.phone("Tom Novak"), product.nurse()
    browser = subscribe(patient, service)

    # When the patient logs a fever
    answer = patient.check_in(**FEVER)
    answered_at = time.monotonic()

    # Then the phone says what to do, the alert stands in the queue, the message leaves within 2 s
    assert answer.status_code == 201
    assert answer.json()["advice"]["tier"] == "call_today"
    alert_id = answer.json()["alerts"][0]["id"]
    queue = nurse.get("/api/v1/alerts/?status=open").json()["results"]
    [alert] = [each for each in queue if each["id"] == alert_id]
    assert (alert["rule"], alert["patient"]["name"]) == ("FV-FEVER", "Tom Novak")
    until(lambda: messages(service, browser), seconds=2 - (time.monotonic() - answered_at))
    assert service.refusals == []
    assert "Tom Novak" in nurse.get("/admin/").text

    # And the nurse takes it, closes it with an outcome, and it leaves the queue
    assert nurse.post(f"/api/v1/alerts/{alert_id}/acknowledge/").json()["owner"]
    outcome = {"outcome": "reached_advised", "note": "comes in this afternoon"}
    assert nurse.post(f"/api/v1/alerts/{alert_id}/resolve/", outcome).status_code == 200
    left = nurse.get("/api/v1/alerts/").json()["results"]
    assert alert_id not in [each["id"] for each in left]
    assert len(messages(service, browser)) == 1


def test_a_worker_that_is_killed_loses_nothing(product, service):
    patient = product.phone("Walter Brooks")
    browser = subscribe(patient, service)
    os.kill(product.pid("worker"), signal.SIGKILL)

    started = time.monotonic()
    answer = patient.check_in(symptoms={"chest_pain": True})

    assert answer.status_code == 201
    assert time.monotonic() - started < 3  # three requests; the check-in itself is one of them
    assert answer.elapsed.total_seconds() < 1
    assert answer.json()["advice"]["tier"] == "emergency"
    until(lambda: messages(service, browser), seconds=60)
    assert len(messages(service, browser)) == 1


def test_a_broker_that_hangs_delays_nobody(product, service):
    patient = product.phone("Gloria Bennett")
    browser = subscribe(patient, service)
    usual = patient.check_in(pain={"usual": 2}).elapsed
    broker = product.pid("valkey")
    os.kill(broker, signal.SIGSTOP)
    try:
        answer = patient.check_in(symptoms={"chest_pain": True})
        assert answer.status_code == 201
        assert answer.elapsed - usual < SECOND
        # The sweeper needs no broker.
        until(lambda: messages(service, browser), seconds=60)
    finally:
        os.kill(broker, signal.SIGCONT)
    assert len(messages(service, browser)) == 1


def test_a_broker_that_is_killed_loses_nothing(product, service):
    patient = product.phone("Mai Tran")
    browser = subscribe(patient, service)
    usual = patient.check_in(pain={"usual": 2}).elapsed
    os.kill(product.pid("valkey"), signal.SIGKILL)

    answer = patient.check_in(symptoms={"chest_pain": True})

    assert answer.status_code == 201
    assert answer.elapsed - usual < SECOND
    until(lambda: messages(service, browser), seconds=60)


def of_ice(service: PushService, browser: Browser) -> list[str]:
    """What was said of the timer; on a fast clock the hour of a check-in comes too."""
    titles = [message["title"] for message in messages(service, browser)]
    return [title for title in titles if title != "You have a reminder"]


def test_an_ice_session_ends_by_push_under_a_fast_clock(tmp_path: Path, service):
    with running(tmp_path, PUSH_TEST_ORIGIN=service.origin, CLOCK_SPEED=str(SPEED)) as product:
        patient = product.phone("Tom Novak")
        browser = subscribe(patient, service)
        session = "9d3ad2a4-7d0c-4c3f-9a53-0a70e1f6f0aa"

        started = patient.put(f"/api/v1/ice-sessions/{session}/", {"started_at": patient.now()})
        assert started.status_code == 201
        # The row outlives the worker that would have sent it.
        os.kill(product.pid("worker"), signal.SIGKILL)

        until(lambda: len(of_ice(service, browser)) == 2, seconds=60)
    assert of_ice(service, browser) == ["The 20 minutes are up", "Your timer is done"]
