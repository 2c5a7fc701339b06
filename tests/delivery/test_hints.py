"""Waking a worker never costs a patient more than half a second, once in ten."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import Celery
from django.core import mail
from django.db import connections

from tests.factories import a_check_in, a_patient, a_procedure, a_staff
from tests.journeys.product import until
from tracker import clock, queue
from tracker.queue import hint  # the real one: the fixture replaces it only in its module
from tracker.sweeper import Sweeper


def an_app(broker_url: str) -> Celery:
    app = Celery("hints", set_as_current=False)
    app.config_from_object("config.celery_settings")
    app.conf.broker_url = broker_url
    return app


@pytest.fixture
def hung() -> Iterator[str]:
    """A broker that accepts a connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture
def refused() -> str:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"redis://127.0.0.1:{server.getsockname()[1]}/0"


@pytest.fixture(autouse=True)
def a_fresh_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_breaker", queue._Breaker())


def seconds_of_a_hint() -> float:
    started = time.monotonic()
    hint("tracker.deliver", delivery_id=1)
    return time.monotonic() - started


@pytest.mark.parametrize("broker", ["hung", "refused"])
def test_a_broker_that_is_away_costs_little_and_only_once(broker, request, monkeypatch):
    monkeypatch.setattr(queue, "current_app", an_app(request.getfixturevalue(broker)))
    # Half a second and what a busy machine adds; without the settings it is four, or for ever.
    assert seconds_of_a_hint() < 2.0
    assert all(seconds_of_a_hint() < 0.02 for _ in range(20))


@pytest.mark.django_db(transaction=True)
def test_a_sweeper_needs_no_broker_for_what_it_owes(no_broker, monkeypatch):
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    patient = a_patient()
    a_staff(patient.clinic, on_call_order=1)
    a_procedure(patient, now=clock.now())
    long_ago = clock.now() - timedelta(minutes=20)
    a_check_in(patient, now=long_ago, symptoms={"chest_pain": True})
    no_broker.clear()
    sweeper = Sweeper()
    sweeper.start()
    until(lambda: len(mail.outbox) == 2, seconds=20)  # of the alert, and of its next level
    sweeper.stop()
    sweeper.join(20)
    for pool in [each._pool for each in sweeper._senders] + [sweeper._keeper._pool]:
        pool.shutdown(wait=True)
    assert no_broker == []


def test_after_its_rest_the_broker_is_asked_again(refused, monkeypatch):
    monkeypatch.setattr(queue, "current_app", an_app(refused))
    monkeypatch.setattr(queue, "REST_AFTER_FAILURE", 0.0)
    hint("tracker.deliver", delivery_id=1)
    assert queue._breaker.lets_through()
