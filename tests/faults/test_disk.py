"""Row 15: the disk of the database is full, and has room again."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.faults import small_disk
from tests.faults.crew import a_folder
from tests.faults.test_database import in_an_outbox, tags, the_chest_pain
from tests.journeys.product import Person, Product, running, until
from tests.push_service import PushService

pytestmark = pytest.mark.faults
MOST_THAT_FIT = 150  # check-ins, into pages that are half empty


@pytest.fixture
def product(service: PushService) -> Iterator[Product]:
    if not small_disk.is_possible():
        pytest.skip("this system lets nobody but its owner mount a disk: row 15 is not tested")
    with a_folder() as folder:
        var = Path(folder) / "var"
        var.mkdir(mode=0o700)
        before = small_disk.command(var)
        settings = {"PUSH_TEST_ORIGIN": service.origin, "LEASE": "3"}
        with running(var, *before, **settings) as product:
            yield product


@contextlib.contextmanager
def full(product: Product) -> Iterator[None]:
    filler = Path(f"/proc/{product.launcher.pid}/root{product.var}/disk/filler")
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            os.write(file.fileno(), bytes(4096))
    try:
        yield
    finally:
        filler.unlink()


def test_a_full_disk_refuses_what_it_cannot_keep_and_loses_nothing(product, service):
    patient, browser = product.phone("Tom Novak"), service.browser()
    assert patient.post("/api/v1/push-subscriptions/", browser.subscription).status_code == 201
    chest_pain, worker = the_chest_pain(patient), product.pid("worker")
    said, token = {"observed_at": patient.now(), "pain": {"usual": 2}}, token_of(patient)
    before = stored(product)
    with full(product):
        kept = [each for each in until_refused(patient, said, token) if each.status_code == 201]
        answer = chest_pain()
        assert answer.status_code in (503, 507), answer.text
        assert int(answer.headers["Retry-After"]) > 0
        until(lambda: is_red(product), seconds=20)
    until(lambda: stored(product), seconds=60)
    assert stored(product) == before + len(kept), "whole, or not at all"

    assert in_an_outbox(chest_pain).status_code == 201

    until(lambda: tags(service, browser), seconds=60)
    assert len(set(tags(service, browser))) == 1
    assert product.pid("worker") == worker, "it was patient"
    until(lambda: not is_red(product), seconds=90)


def token_of(patient: Person) -> str:
    return str(patient.get("/api/v1/session/").json()["csrf_token"])


def until_refused(patient: Person, said: dict[str, Any], token: str) -> Iterator[requests.Response]:
    """Check in harmlessly, until a page is needed that the disk has no room for."""
    for _ in range(MOST_THAT_FIT):
        address = f"{patient.base_url}/api/v1/check-ins/{uuid.uuid4()}/"
        headers = {"X-CSRFToken": token}
        yield (answer := patient.http.put(address, json=said, headers=headers, timeout=15))
        if answer.status_code != 201:
            return
    raise AssertionError("the disk is not full")


def stored(product: Product) -> int:
    row = product.query("SELECT count(*) FROM tracker_checkin")
    return int(row[0]) if row else 0


def is_red(product: Product) -> bool:
    return requests.get(f"{product.base_url}/readyz", timeout=10).status_code == 503
