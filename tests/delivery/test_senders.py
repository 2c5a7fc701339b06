"""Many rows at once, a process that stood still, a connection that broke."""

from __future__ import annotations

import dataclasses
import gc
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from tests.conftest import NOW
from tests.delivery.steps import subscribed
from tests.factories import a_check_in, a_patient, a_procedure, fever
from tracker import clock
from tracker.models import Delivery
from tracker.models.delivery import Priority
from tracker.senders import Senders
from tracker.services import claims, sending, sweep

SECOND = timedelta(seconds=1)


def a_patient_with(push_service, now=NOW):
    patient = a_patient()
    a_procedure(patient, now=now)
    subscribed(patient, push_service, now)
    return patient


def owe_many(patient, count, *, priority=Priority.REMINDER, now=NOW):
    phone = patient.push_subscriptions.get()
    rows = [
        Delivery(
            clinic=patient.clinic, patient=patient, subscription=phone, kind="CHECK_IN",
            channel="PUSH", key=f"{priority}:{number}", priority=priority, due_at=now,
            created_at=now,
        )
        for number in range(count)
    ]  # fmt: skip
    return Delivery.objects.bulk_create(rows)


@pytest.mark.django_db
def test_a_process_that_was_frozen_does_not_send_what_somebody_else_may_hold(push_service):
    [row] = owe_many(a_patient_with(push_service), 1)
    claimed = claims.claim(delivery_id=row.pk, now=NOW)
    frozen = dataclasses.replace(claimed, at=time.monotonic() - 8)
    sending.send(claimed=frozen, now=NOW + 8 * SECOND)
    assert push_service.received == []
    assert claims.claim(delivery_id=row.pk, now=NOW + 15 * SECOND)


@pytest.mark.django_db
def test_what_was_read_a_while_ago_is_read_again(push_service):
    patient = a_patient_with(push_service)
    [row] = owe_many(patient, 1)
    claimed = claims.claim(delivery_id=row.pk, now=NOW)
    patient.push_subscriptions.update(ended_at=NOW)
    waited = dataclasses.replace(claimed, at=time.monotonic() - 2)
    sending.send(claimed=waited, now=NOW + 2 * SECOND)
    assert push_service.received == []


@pytest.mark.django_db
def test_alerts_are_claimed_before_timers_and_those_before_reminders(push_service):
    patient = a_patient_with(push_service)
    for priority in (Priority.REMINDER, Priority.ALERT, Priority.TIMER):
        owe_many(patient, 2, priority=priority)
    taken = claims.claim_due(now=NOW, priorities=tuple(Priority), limit=5)
    assert [each.delivery.priority for each in taken] == [0, 0, 1, 1, 2]
    assert len(claims.claim_due(now=NOW, priorities=tuple(Priority), limit=5)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("priority", "claimed"), [(0, True), (1, True), (2, False)])
def test_an_alert_does_not_wait_an_hour_because_the_clock_was_put_back(
    push_service, priority, claimed
):
    owe_many(a_patient_with(push_service), 1, priority=priority, now=NOW + timedelta(hours=1))
    taken = claims.claim_due(now=NOW, priorities=tuple(Priority), limit=5)
    assert bool(taken) is claimed


@pytest.mark.django_db
def test_a_lease_and_the_longest_pause_are_not_taken_for_a_clock_that_was_put_back(push_service):
    owe_many(a_patient_with(push_service), 1, priority=Priority.ALERT, now=NOW + 75 * SECOND)
    assert claims.claim_due(now=NOW, priorities=tuple(Priority), limit=5) == []


@pytest.mark.django_db
@pytest.mark.parametrize(("due_in", "wait"), [(0.4, 0.4), (0.001, 0.05), (30, 1), (-5, 1)], ids=str)
def test_a_sweeper_waits_no_longer_than_until_the_next_alert_is_due(push_service, due_in, wait):
    due_at = NOW + timedelta(seconds=due_in)
    owe_many(a_patient_with(push_service), 1, priority=Priority.ALERT, now=due_at)
    assert sweep.seconds_until_next(now=NOW, at_most=1) == pytest.approx(wait)


@pytest.fixture
def senders(monkeypatch):
    # The threads leave no connection behind that would keep the test database in use.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    monkeypatch.setattr("tracker.senders.TRUSTED_FOR", 0.0)
    senders = Senders(3, [Priority.REMINDER])
    yield senders
    senders.stop()
    senders._pool.shutdown(wait=True)


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_is_free_takes_the_next_row_at_once(push_service, senders):
    owe_many(a_patient_with(push_service, clock.now()), 40, now=clock.now())
    senders.send_due()  # one look, as the sweeper's
    assert len(push_service.wait_for(40)) == 40
    senders._pool.shutdown(wait=True)
    assert Delivery.objects.filter(state="SENT", attempts=1).count() == 40
    close_all()


@pytest.mark.django_db(transaction=True)
def test_rows_are_claimed_only_as_far_ahead_as_they_can_be_sent(push_service, senders):
    push_service.holds = threading.Event()
    owe_many(a_patient_with(push_service, clock.now()), 20, now=clock.now())
    senders.send_due()
    senders.send_due()
    assert Delivery.objects.filter(attempts=1).count() == 6
    senders.stop()
    push_service.holds.set()
    senders._pool.shutdown(wait=True)
    # What was in flight is sent; what waited is given back at once, to whoever is there.
    assert Delivery.objects.filter(state="SENT").count() == 3
    assert Delivery.objects.filter(state="PENDING", due_at__lte=clock.now()).count() == 17
    close_all()


@pytest.mark.django_db(transaction=True)
def test_a_sender_whose_connection_broke_marks_what_it_sent_and_goes_on(
    push_service, senders, monkeypatch
):
    from tracker.delivery import channels

    real, broken = channels.send, []

    def send_and_break(delivery):
        real(delivery)
        if not broken:
            broken.append(delivery.pk)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                kill_connection(cursor.fetchone()[0])

    monkeypatch.setattr(channels, "send", send_and_break)
    owe_many(a_patient_with(push_service, clock.now()), 9, now=clock.now())
    senders.send_due()
    push_service.wait_for(9)
    senders._pool.shutdown(wait=True)
    assert Delivery.objects.filter(state="SENT", attempts=1).count() == 9
    assert len(push_service.received) == 9
    close_all()


def kill_connection(pid):
    import psycopg

    settings = connection.get_connection_params()
    known = {name: settings[name] for name in ("dbname", "user", "host") if name in settings}
    with psycopg.connect(**known, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [pid])


def close_all():
    """Wait until the threads' connections are gone, so that the database can be emptied."""
    gc.collect()
    until = time.monotonic() + 5
    sql = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)


@pytest.mark.django_db
def test_one_signature_serves_a_push_service_for_some_hours(push_service, monkeypatch):
    from tracker.delivery import push

    patient = a_patient_with(push_service)
    now = [time.time()]
    monkeypatch.setattr(push.time, "time", lambda: now[0])
    told = []
    # Also back: a signature must not seem to live for longer than a day.
    for hours in (0, 5, 7, -20):
        now[0] += hours * 60 * 60
        told.append(push._authorization(patient.push_subscriptions.get().endpoint))
    assert told[0] == told[1]
    assert len(set(told)) == 3


@pytest.mark.django_db
def test_an_alert_is_sent_however_often_it_failed(push_service):
    patient = a_patient_with(push_service)
    a_check_in(patient, **fever("38.4"))
    push_service.answers = [503] * 20
    for minute in range(25):
        for claimed in claims.claim_due(
            now=NOW + minute * 61 * SECOND, priorities=[Priority.ALERT], limit=9
        ):
            sending.send(claimed=claimed, now=NOW + minute * 61 * SECOND)
    assert Delivery.objects.get(channel="PUSH").attempts == 21
    assert len(push_service.received) == 1
