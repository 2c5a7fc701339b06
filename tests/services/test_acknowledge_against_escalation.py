"""Two at once: somebody takes an alert while it is about to go on to the next person.

Whoever commits first wins. After an acknowledgement nothing is told but what is being sent already.
"""

from __future__ import annotations

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff
from tracker.models import Delivery
from tracker.services import alerts, escalation
from tracker.services.alert_steps import state_after
from tracker.services.alerts import AlreadyOwned

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 50
DUE = NOW + timedelta(minutes=15)
OPENED = ["open"]
STARTED = 5  # seconds until something that must happen is given up


@pytest.fixture
def nora():
    clinic = a_clinic()
    a_staff(clinic, on_call_order=2, name="Second")
    return a_staff(clinic, on_call_order=1, name="Nora Park")


def an_emergency(clinic):
    patient = a_patient(clinic, email="")
    a_procedure(patient)
    return a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert


def steps(alert):
    return list(alert.events.order_by("pk").values_list("step", flat=True))


def told(alert):
    return Delivery.objects.filter(alert=alert, kind="STAFF_ALERT").count()


def acknowledge(staff, alert):
    alerts.acknowledge(staff=staff, alert_id=alert.pk, now=DUE)


def escalate(_staff, alert):
    escalation.escalate_one(alert_id=alert.pk, now=DUE)


def alone(work):
    """Run in a thread with a connection of its own."""
    try:
        work()
    finally:
        connection.close()


def held(step, staff, alert, done, may_commit):
    """Take a step and keep its transaction open until told."""
    with transaction.atomic():
        step(staff, alert)
        done.set()
        assert may_commit.wait(STARTED)


def somebody_waits_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def meet(first, second, staff, alert):
    """`first` has its step written but not committed when `second` begins."""
    done, may_commit = threading.Event(), threading.Event()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(alone, lambda: held(first, staff, alert, done, may_commit))
        assert done.wait(STARTED)
        other = pool.submit(alone, lambda: second(staff, alert))
        give_up = time.monotonic() + STARTED
        while not (other.done() or somebody_waits_for_a_lock()):
            assert time.monotonic() < give_up
        may_commit.set()
        one.result(STARTED)
        other.result(STARTED)
    alert.refresh_from_db()
    assert state_after(steps(alert)) == alert.state == "ACKNOWLEDGED"


def test_an_acknowledgement_that_commits_first_is_the_end_of_it(nora):
    for _ in range(ROUNDS):
        alert = an_emergency(nora.clinic)
        meet(acknowledge, escalate, nora, alert)
        assert steps(alert) == [*OPENED, "acknowledge"]
        assert (alert.level, told(alert)) == (0, 1)


def test_a_step_that_commits_first_is_whole_and_the_last(nora):
    for _ in range(ROUNDS):
        alert = an_emergency(nora.clinic)
        meet(escalate, acknowledge, nora, alert)
        assert steps(alert) == [*OPENED, "level", "acknowledge"]
        assert (alert.level, told(alert)) == (1, 3)
        escalate(nora, alert)
        assert told(alert) == 3


def test_however_they_meet_a_step_has_its_messages_and_none_follows(nora):
    chance = random.Random(7)
    for _ in range(ROUNDS):
        alert = an_emergency(nora.clinic)
        start = threading.Barrier(3)

        def run(step, wait, alert=alert, start=start):
            start.wait(STARTED)
            time.sleep(wait)
            step(nora, alert)

        moves = [(acknowledge, chance.random() / 100), (escalate, 0), (escalate, 0.003)]
        with ThreadPoolExecutor(3) as pool:
            runs = [
                pool.submit(alone, lambda step=step, wait=wait: run(step, wait))
                for step, wait in moves
            ]
            for each in runs:
                each.result(STARTED)
        alert.refresh_from_db()
        assert state_after(steps(alert)) == alert.state == "ACKNOWLEDGED"
        assert steps(alert)[-1] == "acknowledge"
        assert (alert.level, told(alert)) in [(0, 1), (1, 3)]


def test_of_two_people_who_take_it_at_once_one_is_told_who_was_first(nora):
    ben = a_staff(nora.clinic, name="Ben Ito")

    def take_too(staff, alert):
        with pytest.raises(AlreadyOwned, match="Nora Park has already taken"):
            acknowledge(ben, alert)

    for _ in range(10):
        alert = an_emergency(nora.clinic)
        meet(acknowledge, take_too, nora, alert)
        assert (steps(alert), alert.owner) == ([*OPENED, "acknowledge"], nora.user)
