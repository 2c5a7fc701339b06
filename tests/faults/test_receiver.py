"""Rows 18, 19, 22 and 25: receivers that misbehave, rows that cannot be sent, a long silence."""

from __future__ import annotations

import time
from copy import copy
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.faults.crew import LEASE
from tests.journeys.product import until
from tracker import clock
from tracker.delivery.push import topic
from tracker.models import Delivery, PushSubscription
from tracker.models.delivery import DeliveryState, MessageKind, Priority

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("faults-4"),
]


@pytest.mark.parametrize(
    ("answers", "within"),
    [
        ([503, 503, 503], 30),  # 2, 4 and 8 s of patience
        (["reset"], 10),
        (["silence"], 15),
        (["drip"], 15),
        ([429], 15),
        ([403], 15),
    ],
    ids=str,
)
def test_a_receiver_that_misbehaves_for_a_while(answers, within, crew, a_feverish):
    patient, other = a_feverish(), a_feverish()
    patient.browser.answers.extend(answers)
    patient.logs(symptoms={"chest_pain": True})
    other.logs(symptoms={"chest_pain": True})
    worker = crew.worker()
    until(worker.is_ready, seconds=60)

    until(other.messages, seconds=3)
    until(patient.messages, seconds=within)

    assert len(set(patient.messages())) == len(set(other.messages())) == 1
    assert len(other.messages()) == 1
    assert not PushSubscription.objects.filter(ended_at__isnull=False).exists()


def test_a_phone_that_is_gone_ends_and_the_next_channel_takes_over(crew, a_feverish):
    patient = a_feverish()
    patient.patient.email = "tom@patients.test"
    patient.patient.save(update_fields=["email"])
    patient.browser.answers.append(410)
    worker = crew.worker()
    until(worker.is_ready, seconds=60)
    patient.logs()

    until(lambda: any("tom@patients.test" in mail for mail in crew.mails()), seconds=6)
    assert PushSubscription.objects.get().ended_at is not None
    assert sum("tom@patients.test" in mail for mail in crew.mails()) == 1


def test_a_message_that_is_too_large_is_given_up_and_another_channel_takes_over(crew, a_feverish):
    patient = a_feverish()
    patient.patient.email = "tom@patients.test"
    patient.patient.save(update_fields=["email"])
    patient.browser.answers.append(413)
    crew.worker()
    patient.logs()

    until(lambda: any("tom@patients.test" in mail for mail in crew.mails()), seconds=60)
    dead = Delivery.objects.get(subscription__isnull=False)
    assert dead.state == DeliveryState.DEAD
    assert PushSubscription.objects.get().ended_at is None


def a_message(patient, **fields) -> Delivery:
    now = clock.now()
    known = {
        "clinic": patient.patient.clinic,
        "patient": patient.patient,
        "subscription": PushSubscription.objects.get(endpoint=patient.browser.endpoint),
        "kind": MessageKind.CHECK_IN,
        "channel": "PUSH",
        "key": f"test:{Delivery.objects.count()}",
        "priority": Priority.REMINDER,
        "due_at": now,
        "created_at": now,
    }
    return Delivery.objects.create(**{**known, **fields})


def many_messages(patient, count, since, **fields) -> None:
    """As `a_message`, and quicker: so many that were due then."""
    example = a_message(patient, due_at=since, created_at=since, **fields)
    rows = []
    for number in range(1, count):
        row = copy(example)
        row.pk, row.key, row.receipt_id = None, f"{example.key}:{number}", uuid4()
        rows.append(row)
    Delivery.objects.bulk_create(rows)


def test_a_row_that_nobody_can_send(crew, a_feverish):
    """It is given up after eight tries, its neighbours do not wait, and the worker lives."""
    patient = a_feverish()
    poison = a_message(patient, key="poison", attempts=6)
    worker = crew.worker(FAULT="before_send:raise:poison")
    neighbours = [a_message(patient) for _ in range(5)]

    until(lambda: len(patient.messages()) == len(neighbours), seconds=60)
    Delivery.objects.filter(pk=poison.pk).update(due_at=clock.now())
    until(lambda: _state(poison) == DeliveryState.DEAD, seconds=70)
    assert worker.process.poll() is None
    poison.refresh_from_db()
    assert (poison.attempts, poison.last_error) == (8, "Planned")


def test_an_alert_that_nobody_can_send_is_never_given_up(crew, a_feverish):
    patient = a_feverish()
    patient.logs(pain={"usual": 9})
    poison = Delivery.objects.get(subscription__isnull=False)
    Delivery.objects.filter(pk=poison.pk).update(attempts=20)
    crew.worker(FAULT=f"before_send:raise:{poison.key}")

    until(lambda: Delivery.objects.get(pk=poison.pk).attempts > 20, seconds=60)
    time.sleep(0.3)
    assert _state(poison) == DeliveryState.PENDING


def _state(delivery: Delivery) -> str:
    return Delivery.objects.get(pk=delivery.pk).state


def test_after_forty_minutes_of_silence_alerts_come_first_and_stale_timers_not_at_all(
    crew, client, a_feverish
):
    """Two thousand messages wait, most of them for nothing."""
    patient = a_feverish()
    patient.logs()
    long_ago = clock.now() - timedelta(minutes=40)
    alert = Delivery.objects.get(subscription__isnull=False)
    timer = {"kind": "ICE_OFF", "priority": Priority.TIMER}
    many_messages(patient, 1500, long_ago, expires_at=long_ago + timedelta(minutes=5), **timer)
    many_messages(patient, 499, long_ago)
    Delivery.objects.filter(pk=alert.pk).update(due_at=clock.now())
    assert "reminder_delivery" in client.get("/readyz").json()["wrong"], "red all the while"
    worker = crew.worker()
    until(worker.is_ready, seconds=60)

    # How long so many take is measured by `make bench ARGS=reliability`.
    until(lambda: len(patient.messages()) == 500, seconds=60)
    assert topic(alert.key) in patient.messages()[:15], "before most of what waited longer"
    assert Delivery.objects.filter(state=DeliveryState.EXPIRED).count() == 1500
    until(lambda: client.get("/readyz").status_code == 200, seconds=10)


def test_a_kind_that_only_newer_code_knows_is_left_to_it(crew, a_feverish):
    patient = a_feverish()
    unknown = a_message(patient, kind="FROM_2031", priority=Priority.ALERT)
    worker = crew.worker()
    until(worker.is_ready, seconds=60)
    patient.logs()

    until(patient.messages, seconds=10)
    time.sleep(LEASE)
    unknown.refresh_from_db()
    assert (unknown.state, unknown.attempts) == (DeliveryState.PENDING, 0)
    assert worker.process.poll() is None
