"""Rows 1 to 5 and 11: whoever sends may die or freeze anywhere, and the message arrives once."""

from __future__ import annotations

import time

import pytest
from django.db import connection, transaction

from tests.faults.crew import LEASE
from tests.journeys.product import until
from tracker.models import Delivery
from tracker.models.delivery import DeliveryState

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("faults-1"),
]
SLACK = 1.5  # seconds that a busy machine may take


def states() -> set[str]:
    return set(Delivery.objects.values_list("state", flat=True))


def to_the_phone() -> Delivery:
    return Delivery.objects.filter(subscription__isnull=False).order_by("pk")[0]


def all_sent() -> bool:
    return states() <= {DeliveryState.SENT, DeliveryState.SEEN}


def waiting_to_claim(cursor) -> int:
    cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
    return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("row", "point", "on_the_wire", "attempts"),
    [(1, "after_claim", 1, 2), (2, "after_send", 2, 2), (3, "after_mark", 1, 1)],
)
def test_a_sender_that_is_killed(row, point, on_the_wire, attempts, crew, a_feverish):
    patient = a_feverish()
    patient.logs(pain={"usual": 9})
    dying = crew.worker(FAULT=f"{point}:kill:{to_the_phone().key}")
    until(dying.has_died, seconds=60)
    died_at = time.monotonic()

    other = crew.worker()
    until(other.is_ready, seconds=60)
    could_send_at = max(time.monotonic(), died_at + LEASE)

    until(lambda: all_sent() and patient.messages(), seconds=60)
    assert time.monotonic() - could_send_at < 2 + SLACK
    if point == "after_mark":
        time.sleep(1 + LEASE)  # a turn of the other's, in which what is sent stays sent
    assert len(patient.messages()) == on_the_wire
    assert len(set(patient.messages())) == 1, "a repeat replaces what is shown"
    assert to_the_phone().attempts == attempts


def test_a_sender_that_is_killed_between_two_messages_of_one_alert(crew, a_feverish):
    patient = a_feverish()
    second = patient.subscribe()
    patient.logs()
    dying = crew.worker(FAULT=f"after_mark:kill:{to_the_phone().key}")
    until(dying.has_died, seconds=60)

    crew.worker()

    until(all_sent, seconds=60)
    assert len(patient.messages()) == 1
    patient.browser = second
    assert len(set(patient.messages())) == 1


def test_a_sender_that_was_frozen_beyond_its_lease_sends_nothing(crew, a_feverish):
    patient = a_feverish()
    patient.logs(pain={"usual": 9})
    frozen = crew.worker(FAULT=f"after_claim:stop:{to_the_phone().key}")
    until(frozen.is_frozen, seconds=60)
    crew.worker()
    until(lambda: patient.messages() and all_sent(), seconds=60)

    frozen.thaw()

    # It is alive again, and its late turn is over, when it takes up something new.
    patient.logs(symptoms={"chest_pain": True})
    until(lambda: all_sent() and len(set(patient.messages())) == 2, seconds=60)
    time.sleep(LEASE / 2)
    assert len(patient.messages()) == 2
    assert not frozen.has_died()


def test_a_sender_that_was_frozen_after_it_sent_marks_nothing(crew, a_feverish):
    patient = a_feverish()
    patient.logs(pain={"usual": 9})
    frozen = crew.worker(FAULT=f"after_send:stop:{to_the_phone().key}")
    until(frozen.is_frozen, seconds=60)
    crew.worker()
    until(all_sent, seconds=60)
    Delivery.objects.update(state=DeliveryState.SEEN, last_error="not its business")

    frozen.thaw()

    patient.logs(symptoms={"chest_pain": True})
    until(lambda: len(set(patient.messages())) == 2, seconds=60)
    until(all_sent, seconds=10)
    time.sleep(LEASE / 2)
    assert to_the_phone().last_error == "not its business", "the fence held"
    assert len(patient.messages()) == 3


def test_all_workers_are_killed_again_and_again(crew, a_feverish):
    patients = [a_feverish() for _ in range(6)]
    until_then = time.monotonic() + 15
    workers = [crew.worker(), crew.worker()]
    symptoms = ["chest_pain", "dyspnea", "seizure", "bladder_loss"]
    for symptom in symptoms:
        for patient in patients:
            patient.logs(symptoms={symptom: True})
        time.sleep(max(0, (until_then - time.monotonic()) / 4))
        for worker in workers:
            worker.kill()
        workers = [crew.worker(), crew.worker()]

    until(all_sent, seconds=40)
    for patient in patients:
        assert len(set(patient.messages())) == len(symptoms)
    repeats = sum(len(patient.messages()) - len(symptoms) for patient in patients)
    assert repeats <= 16, "what was in the hands of four times two workers"


def test_two_sweepers_send_each_message_once(crew, a_feverish):
    """Both want the same rows at the same moment: the one that we let them have them."""
    patients = [a_feverish() for _ in range(20)]
    workers = [crew.worker(), crew.worker()]
    for worker in workers:
        until(worker.is_ready, seconds=60)
        worker.freeze()
    for patient in patients:
        patient.logs()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE tracker_delivery IN SHARE MODE")
        for worker in workers:
            worker.thaw()
        until(lambda: waiting_to_claim(cursor) == len(workers), seconds=20)

    until(all_sent, seconds=40)
    assert [len(patient.messages()) for patient in patients] == [1] * 20
    assert not any(worker.has_died() for worker in workers)
