"""Rows 12, 13 and 15: the database ends, freezes, fills up or is cut off, and nothing is lost."""

from __future__ import annotations

import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event

import psycopg
import pytest
import requests

from tests.faults.crew import a_folder
from tests.journeys.product import Person, Product, running, until
from tests.project.launching import living
from tests.push_service import Browser, PushService

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("faults-5")]


@pytest.fixture(scope="module")
def product(service: PushService) -> Iterator[Product]:
    """One product for all rows: each leaves it well."""
    with (
        a_folder() as folder,
        running(Path(folder), PUSH_TEST_ORIGIN=service.origin, LEASE="3") as product,
    ):
        yield product


@pytest.fixture(scope="module")
def names() -> Iterator[str]:
    return iter(["Tom Novak", "Gloria Bennett", "Rosa Delgado", "Walter Brooks", "Mai Tran"])


@pytest.fixture
def patient(product: Product, names: Iterator[str]) -> Person:
    until(lambda: product.query("SELECT 1") == (1,), seconds=40)
    return product.phone(next(names))


@pytest.fixture
def browser(patient: Person, service: PushService) -> Browser:
    browser = service.browser()
    assert patient.post("/api/v1/push-subscriptions/", browser.subscription).status_code == 201
    return browser


def tags(service: PushService, browser: Browser) -> list[str]:
    return [each.tag for each in service.received if each.endpoint == browser.endpoint]


def end_at_once(product: Product) -> None:
    """As `pg_ctl stop -m immediate`: nothing is finished; the launcher starts it again."""
    os.kill(product.pid("postgres"), signal.SIGQUIT)


def frozen(product: Product, number: int) -> None:
    """All of its processes, as on a machine that swaps or a disk that hangs."""
    postmaster = product.pid("postgres")
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in [postmaster, *map(int, children)]:
        os.kill(pid, number)


def in_an_outbox(attempt: Callable[[], requests.Response]) -> requests.Response:
    """Try as the phone does, until the server has it."""

    def tried() -> requests.Response | None:
        try:
            answer = attempt()
        except requests.RequestException:
            return None
        assert answer.status_code in (200, 201, 500, 503), answer.text
        return answer if answer.ok else None

    return until(tried, seconds=40)


def the_chest_pain(patient: Person) -> Callable[[], requests.Response]:
    address = f"{patient.base_url}/api/v1/check-ins/{uuid.uuid4()}/"
    said = {"observed_at": patient.now(), "symptoms": {"chest_pain": True}}
    headers = {"X-CSRFToken": patient.get("/api/v1/session/").json()["csrf_token"]}
    return lambda: patient.http.put(address, json=said, headers=headers, timeout=15)


def test_it_ends_while_a_message_is_on_its_way(product, patient, browser, service):
    service.holds = Event()
    try:
        assert the_chest_pain(patient)().status_code == 201
        until(lambda: tags(service, browser), seconds=20)
        end_at_once(product)
        until(lambda: product.query("SELECT 1") == (1,), seconds=40)
    finally:
        service.holds.set()
        service.holds = None

    until(lambda: _owed(product) == 0, seconds=40)
    assert 1 <= len(tags(service, browser)) <= 2
    assert len(set(tags(service, browser))) == 1


def test_it_ends_while_messages_are_claimed(product, patient, browser, service):
    """The claim waits for a lock that we hold, and is torn off in the middle."""
    worker = product.pid("worker")
    os.kill(worker, signal.SIGSTOP)
    assert the_chest_pain(patient)().status_code == 201
    with suppress(psycopg.OperationalError), product.connected() as connection:
        connection.execute("LOCK TABLE tracker_delivery IN ACCESS EXCLUSIVE MODE")
        os.kill(worker, signal.SIGCONT)
        until(lambda: _waits_for_a_lock(product), seconds=20)
        end_at_once(product)
        until(lambda: product.query("SELECT 1") is None, seconds=10)
    until(lambda: tags(service, browser), seconds=40)
    until(lambda: _owed(product) == 0, seconds=40)
    assert len(set(tags(service, browser))) == 1


def test_it_is_away_and_the_phone_keeps_the_check_in(product, patient, browser, service):
    report, worker = the_chest_pain(patient), product.pid("worker")
    away_until = time.monotonic() + 20
    data = product.var / "postgres"
    data.rename(data.with_suffix(".away"))  # so that the launcher cannot start it again
    try:
        end_at_once(product)
        headers = until(lambda: _refused(report), seconds=10)
        assert int(headers["Retry-After"]) > 0
        time.sleep(max(0, away_until - time.monotonic()))
    finally:
        data.with_suffix(".away").rename(data)

    in_an_outbox(report)

    until(lambda: tags(service, browser), seconds=40)
    assert len(tags(service, browser)) == 1
    assert product.pid("worker") == worker, "it was patient"


def test_it_is_frozen_for_five_seconds(product, patient, browser, service):
    report = the_chest_pain(patient)
    frozen(product, signal.SIGSTOP)
    try:
        time.sleep(5)
    finally:
        frozen(product, signal.SIGCONT)

    in_an_outbox(report)

    until(lambda: tags(service, browser), seconds=20)
    assert len(set(tags(service, browser))) == 1


def test_the_worker_was_there_before_it(product, patient, browser, service):
    data = product.var / "postgres"
    data.rename(data.with_suffix(".away"))
    try:
        end_at_once(product)
        before = product.pid("worker")
        os.kill(before, signal.SIGKILL)
        waiting = until(lambda: _another_worker(product, before), seconds=30)
        time.sleep(4)
    finally:
        data.with_suffix(".away").rename(data)

    in_an_outbox(the_chest_pain_later(patient))

    until(lambda: tags(service, browser), seconds=40)
    assert living({waiting}) == {waiting}


def the_chest_pain_later(patient: Person) -> Callable[[], requests.Response]:
    """One whose time cannot be asked for yet."""
    until(lambda: _answers(patient), seconds=40)
    return the_chest_pain(patient)


def _waits_for_a_lock(product: Product) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    return product.query(waiting) not in (None, (0,))


def _another_worker(product: Product, before: int) -> int | None:
    with suppress(KeyError):  # none, just now
        return pid if (pid := product.pid("worker")) != before else None
    return None


def _answers(patient: Person) -> bool:
    try:
        return patient.get("/api/v1/me/").status_code == 200
    except requests.RequestException:
        return False


def _refused(report: Callable[[], requests.Response]) -> Mapping[str, str]:
    """The headers of a refusal that says when to come again."""
    answer = report()
    return answer.headers if answer.status_code == 503 else {}


def _owed(product: Product) -> int:
    row = product.query("SELECT count(*) FROM tracker_delivery WHERE state = 'PENDING'")
    return int(row[0]) if row else -1
