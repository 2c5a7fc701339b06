"""Row 24: a deploy ends a worker in the middle of its sends."""

from __future__ import annotations

import signal
import time
from threading import Event

import pytest

from tests.journeys.product import until
from tracker.models import Delivery
from tracker.models.delivery import DeliveryState

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
]


def test_a_deploy_during_fifty_sends(crew, service, a_feverish):
    patients = [a_feverish() for _ in range(25)]
    for patient in patients:
        patient.subscribe()
        patient.logs(pain={"usual": 9})
    service.holds = Event()  # the answers: so many sends are on their way
    try:
        old = crew.worker(LEASE="15")
        until(lambda: len(service.received) > 5, seconds=60)
        asked_at = time.monotonic()
        old.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
    finally:
        service.holds.set()
        service.holds = None
    old.process.wait(timeout=20)
    assert time.monotonic() - asked_at < 10
    crew.worker()

    until(lambda: not Delivery.objects.filter(state=DeliveryState.PENDING).exists(), seconds=40)
    assert len(service.received) == 50, "none lost, none twice"
    assert len({each.tag for each in service.received}) == 50
