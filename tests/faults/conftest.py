"""What faults need: a push service that counts, a broker to kill, and a crew of processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.cluster import Broker, a_broker
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, fever
from tests.faults.crew import Crew, a_folder
from tests.push_service import Browser, PushService
from tracker import clock
from tracker.models import Patient
from tracker.services import push_subscriptions


@pytest.fixture(scope="module")
def service() -> Iterator[PushService]:
    with PushService() as service:
        yield service


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with a_broker() as broker:
        yield broker


@pytest.fixture
def crew(transactional_db: None, service: PushService, broker: Broker) -> Iterator[Crew]:
    with a_folder() as folder:
        crew = Crew(Path(folder), service, broker.url)
        try:
            yield crew
        finally:
            crew.dismiss()
            print(crew.log()[-5000:])  # shown when the test failed


@pytest.fixture(autouse=True)
def fresh(settings: django_settings, service: PushService) -> None:
    settings.PUSH_TEST_ORIGIN = service.origin
    service.received.clear()
    service.refusals.clear()
    service.answers.clear()


class Feverish:
    """A patient with a phone, whose check-in owes one alert message to it."""

    def __init__(self, service: PushService) -> None:
        self.now: datetime = clock.now()
        self._service = service
        self.patient: Patient = a_patient(a_clinic())
        a_procedure(self.patient, hours_ago=3, now=self.now)
        self.browser: Browser = self.subscribe()

    def subscribe(self) -> Browser:
        browser = self._service.browser()
        push_subscriptions.subscribe(
            phone=a_phone(self.patient, now=self.now),
            endpoint=browser.endpoint,
            now=self.now,
            **browser.subscription["keys"],
        )
        return browser

    def logs(self, **answers: Any) -> None:
        self.now = clock.now()
        a_check_in(self.patient, now=self.now, **(answers or fever()))

    def messages(self) -> list[str]:
        """The tags of what its phone received, repeats included."""
        received = self._service.received
        return [each.tag for each in received if each.endpoint == self.browser.endpoint]


@pytest.fixture
def a_feverish(service: PushService) -> Callable[[], Feverish]:
    return lambda: Feverish(service)
