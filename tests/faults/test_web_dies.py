"""Rows 6 and 20: a check-in is there whole or not at all, and once however often it is sent."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import requests

from tests.cluster import NOBODY_LISTENS
from tests.factories import fever
from tests.faults.crew import Phone
from tests.journeys.product import until
from tracker import clock
from tracker.models import Alert, CheckIn, Delivery
from tracker.services import invitations

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("faults-2"),
]


def a_code(patient) -> str:
    return invitations.invite(patient=patient.patient, invited_by=None, now=clock.now()).code


def alerts() -> int:
    """Of check-ins; time raises others meanwhile."""
    return Alert.objects.filter(check_in__isnull=False).count()


def answers() -> dict[str, object]:
    return {"observed_at": clock.now().isoformat(), **fever()}


@pytest.mark.parametrize(("point", "stored"), [("before_commit", 0), ("after_commit", 1)])
def test_the_web_server_dies_around_the_commit(point, stored, crew, a_feverish):
    """Killed before: nothing is there. Killed after, before any hint: the sweep sends."""
    patient = a_feverish()
    crew.worker()
    # Its children die, as a server's do; the server itself starts others, which would die again.
    dying = crew.web(FAULT=f"{point}:kill", REDIS_URL=NOBODY_LISTENS)
    phone, mine, said = Phone(dying.base_url, a_code(patient)), uuid4(), answers()
    with pytest.raises(requests.ConnectionError):
        phone.check_in(mine, said)
    died_at = time.monotonic()
    dying.kill()
    assert CheckIn.objects.count() == alerts() == stored
    if stored:
        until(patient.messages, seconds=6)
        assert time.monotonic() - died_at < 6

    phone.base_url = crew.web().base_url
    again = phone.check_in(mine, said)

    assert again.status_code == (200 if stored else 201)
    assert CheckIn.objects.count() == alerts() == 1
    until(patient.messages, seconds=20)
    assert phone.check_in(mine, said).status_code == 200
    assert len(patient.messages()) == 1


def test_the_same_check_in_ten_times_at_once(crew, a_feverish):
    patient = a_feverish()
    web = crew.web()
    phone, mine, said = Phone(web.base_url, a_code(patient)), uuid4(), answers()
    together = threading.Barrier(10)

    def send() -> int:
        together.wait()
        return phone.check_in(mine, said).status_code

    with ThreadPoolExecutor(10) as phones:
        statuses = [each.result() for each in [phones.submit(send) for _ in range(10)]]

    assert sorted(statuses) == [200] * 9 + [201]
    assert CheckIn.objects.count() == alerts() == 1
    assert Delivery.objects.filter(patient__isnull=False).count() == 1


def test_the_same_alert_from_two_check_ins_at_once(crew, a_feverish):
    patient = a_feverish()
    web = crew.web()
    phones = [Phone(web.base_url, a_code(patient)) for _ in range(2)]
    together = threading.Barrier(2)

    def send(phone: Phone) -> int:
        together.wait()
        return phone.check_in(uuid4(), answers()).status_code

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(send, phones)) == [201, 201]

    assert CheckIn.objects.count() == 2
    assert alerts() == 1
    assert Delivery.objects.filter(patient__isnull=False).count() == 1


@pytest.fixture(autouse=True)
def nobody_else(service) -> Iterator[None]:
    yield
    assert service.refusals == []
