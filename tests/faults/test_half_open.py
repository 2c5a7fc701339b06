"""A connection to the database that takes everything and never answers: no time-out ends that."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.faults.crew import LEASE
from tests.faults.holes import Wire
from tests.journeys.product import until
from tracker import watchdog

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def wire() -> Iterator[Wire]:
    known = connection.settings_dict
    wire = Wire(f"{known['OPTIONS']['host']}/.s.PGSQL.5432")
    yield wire
    wire.close()


def through(wire: Wire) -> dict[str, str]:
    name = connection.settings_dict["NAME"]
    return {"DATABASE_URL": f"postgres://postgres@127.0.0.1:{wire.port}/{name}"}


def test_a_worker_that_hangs_ends_itself_and_the_next_one_sends(crew, wire, a_feverish):
    """Whoever keeps it running starts it again, as the launcher does."""
    patient, other = a_feverish(), a_feverish()
    worker = crew.worker(**through(wire))
    other.logs()
    until(other.messages, seconds=60)  # it is at work: its connections are open
    wire.cut()
    cut_at = time.monotonic()
    patient.logs()

    ended = worker.process.wait(timeout=watchdog.LEAST + 20)

    assert ended == 1
    assert time.monotonic() - cut_at > watchdog.LEAST - 2, "it was patient"
    assert "the sweep hangs; this worker ends itself" in crew.log()
    wire.mend()
    crew.worker(**through(wire))
    until(patient.messages, seconds=60)
    assert len(patient.messages()) == 1


def test_a_worker_that_was_stopped_for_longer_goes_on(crew, client, a_feverish):
    patient = a_feverish()
    worker = crew.worker()
    patient.logs(pain={"usual": 9})
    until(patient.messages, seconds=60)
    time.sleep(2)  # the watchdog has looked
    until(lambda: client.get("/readyz").status_code == 200, seconds=10)
    worker.freeze()
    frozen_until = time.monotonic() + watchdog.LEAST + LEASE
    # Nobody sweeps: whoever watches from outside is told so (row 22).
    until(lambda: "sweeper" in client.get("/readyz").json()["wrong"], seconds=15)
    time.sleep(max(0, frozen_until - time.monotonic()))
    worker.thaw()

    patient.logs(symptoms={"chest_pain": True})

    until(lambda: len(patient.messages()) == 2, seconds=20)
    time.sleep(3)
    assert worker.process.poll() is None
