"""The dead man's ping: heard after a clean reconciliation, and only then; late for nobody."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.conftest import NOW
from tests.factories import a_clinic
from tests.journeys.product import until
from tracker.services import heartbeat, losses, reconciliation, upkeep

pytestmark = pytest.mark.django_db


class Receiver:
    """Somebody outside who counts what it hears, and may be slow or out of order."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answers, self.holds = 200, threading.Event()
        self.holds.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                receiver.heard.append(self.path)
                receiver.holds.wait(20)
                self.send_response(receiver.answers)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/secret-path"


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    receiver = Receiver()
    settings.HEARTBEAT_URL = receiver.url
    yield receiver
    receiver.holds.set()
    at_rest()
    receiver.server.shutdown()


def at_rest() -> None:
    until(lambda: not heartbeat._in_flight.locked(), seconds=10)


def lose(monkeypatch) -> None:
    a_clinic()
    lost = losses.Loss("odd", lambda now: [1], lambda row, now: None)
    monkeypatch.setattr(reconciliation, "LOSSES", (lost,))


def test_it_is_heard_after_a_clean_reconciliation(receiver):
    upkeep.do_due_jobs(tell_time=lambda: NOW)
    at_rest()
    assert receiver.heard == ["/secret-path"]


def test_it_is_not_heard_when_something_was_lost(receiver, monkeypatch):
    lose(monkeypatch)
    upkeep.do_due_jobs(tell_time=lambda: NOW)
    at_rest()
    assert receiver.heard == []


def test_it_is_not_heard_when_nobody_could_compare(receiver, monkeypatch):
    a_clinic()
    broken = losses.Loss("odd", lambda now: 1 / 0, lambda row, now: None)
    monkeypatch.setattr(reconciliation, "LOSSES", (broken,))
    upkeep.do_due_jobs(tell_time=lambda: NOW)
    at_rest()
    assert receiver.heard == []


def test_without_an_address_nobody_is_asked(receiver, settings):
    settings.HEARTBEAT_URL = ""
    heartbeat.beat()
    at_rest()
    assert receiver.heard == []


def test_a_slow_receiver_holds_up_nobody_and_is_not_asked_twice(receiver, monkeypatch):
    monkeypatch.setattr(heartbeat, "TIME_OUT", 1)
    receiver.holds.clear()
    started = time.monotonic()
    heartbeat.beat()
    heartbeat.beat()
    assert time.monotonic() - started < 0.5
    at_rest()  # it is given up by itself
    assert receiver.heard == ["/secret-path"]


@pytest.mark.parametrize("answers", [200, 302, 404, 503])
def test_what_it_answers_is_logged_without_its_address(receiver, answers, caplog):
    receiver.answers = answers
    with caplog.at_level(logging.INFO, logger="tracker"):
        heartbeat.beat()
        at_rest()
    assert receiver.heard == ["/secret-path"], "no redirect is followed"
    assert bool(caplog.records) == (answers >= 400)
    assert "secret" not in caplog.text


def test_nobody_there_is_logged_and_forgotten(receiver, settings, caplog):
    settings.HEARTBEAT_URL = "http://127.0.0.1:1/secret-path"
    heartbeat.beat()
    at_rest()
    assert "not heard (ConnectionError)" in caplog.text and "secret" not in caplog.text
