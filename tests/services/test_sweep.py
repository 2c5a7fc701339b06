"""One row, one receiver or one step that fails keeps nothing else waiting."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, fever
from tracker.models import Alert, Delivery, Procedure, SweeperBeat
from tracker.models.delivery import Priority
from tracker.services import assessments, reminders, sweep
from tracker.sweeper import Senders

pytestmark = pytest.mark.django_db


def silent_patients(count: int) -> list[Procedure]:
    procedures = []
    for _ in range(count):
        procedure = a_procedure(a_patient(), hours_ago=30)
        procedure.next_assessment_at = NOW - timedelta(hours=1)
        procedure.save(update_fields=["next_assessment_at"])
        procedures.append(procedure)
    return procedures


def break_for(procedure, monkeypatch, error):
    real = assessments.apply_warning_signs

    def apply(*, procedure_id, now):
        if procedure_id == str(procedure.pk):
            raise error
        return real(procedure_id=procedure_id, now=now)

    monkeypatch.setattr(assessments, "apply_warning_signs", apply)


@pytest.mark.parametrize("error", [ValueError("odd"), OperationalError("lock timeout")], ids=str)
def test_a_row_that_fails_comes_last_and_stops_nobody(monkeypatch, error):
    bad, good = silent_patients(2)
    a_staff(good.clinic, on_call_order=1)
    break_for(bad, monkeypatch, error)

    sweep.sweep(tell_time=lambda: NOW)

    assert Alert.objects.get().procedure == good
    bad.refresh_from_db()
    assert bad.next_assessment_at == NOW + timedelta(minutes=1)
    assert SweeperBeat.objects.exists()


def test_a_database_that_is_away_ends_the_sweep(monkeypatch):
    [bad] = silent_patients(1)
    break_for(bad, monkeypatch, OperationalError("gone"))
    monkeypatch.setattr(connections["default"], "is_usable", lambda: False)
    with pytest.raises(OperationalError):
        sweep.sweep(tell_time=lambda: NOW)


@pytest.mark.django_db(transaction=True)
def test_a_row_that_somebody_holds_keeps_no_other_step_waiting():
    held, silent = silent_patients(2)
    a_staff(held.clinic, on_call_order=1)
    got_hold, done = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Procedure.objects.select_for_update().get(pk=held.pk)
            got_hold.set()
            done.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert got_hold.wait(10)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        sweep.sweep(tell_time=lambda: NOW)
    finally:
        done.set()
        holder.join()
        connection.close()
    assert Alert.objects.get().procedure == silent
    assert SweeperBeat.objects.exists()


def test_a_step_that_fails_keeps_no_other_waiting_and_the_sweep_was_not_whole(monkeypatch):
    a_staff(silent_patients(1)[0].clinic, on_call_order=1)
    steps = (lambda now: 1 / 0, sweep.apply_due_warning_signs)
    monkeypatch.setattr(sweep, "STEPS", steps)
    sweep.sweep(tell_time=lambda: NOW)
    assert Alert.objects.exists()
    assert not SweeperBeat.objects.exists()


def test_a_step_ends_when_its_time_is_over(monkeypatch):
    a_staff(silent_patients(3)[0].clinic, on_call_order=1)
    real = assessments.apply_warning_signs

    def slow(*, procedure_id, now):
        time.sleep(0.05)
        return real(procedure_id=procedure_id, now=now)

    monkeypatch.setattr(assessments, "apply_warning_signs", slow)
    monkeypatch.setattr(sweep, "MOST_TIME", 0.05)
    sweep.sweep(tell_time=lambda: NOW)
    assert Alert.objects.count() == 1
    for _ in range(2):
        sweep.sweep(tell_time=lambda: NOW)
    assert Alert.objects.count() == 3


def test_reminders_are_sent_batch_after_batch_until_their_time_is_over(monkeypatch):
    monkeypatch.setattr(sweep, "REMINDERS", 1)
    monkeypatch.setattr(sweep, "MOST_TIME", 0.05)
    batches = []

    def slow(*, reminder_ids, now):
        time.sleep(0.03)
        batches.append(reminder_ids)

    monkeypatch.setattr(reminders, "due_reminders", lambda now, limit: {uuid4(): [1]})
    monkeypatch.setattr(reminders, "send_all", slow)
    sweep.send_due_reminders(now=NOW)
    assert 0 < len(batches) < sweep.MOST_BATCHES


@pytest.mark.django_db(transaction=True)
def test_a_slow_receiver_holds_one_sender_and_not_the_next_message(monkeypatch):
    from tracker import clock

    patient = a_patient()
    a_procedure(patient, now=clock.now())
    slow, quick = (a_staff(patient.clinic, on_call_order=n, email=f"{n}@x.test") for n in (1, 2))
    alert = a_check_in(patient, now=clock.now(), **fever()).events[0].alert
    for staff in (slow, quick):
        Delivery.objects.get_or_create(
            key=f"test:{staff.user.pk}",
            clinic=patient.clinic, user=staff.user, alert=alert, kind="STAFF_ALERT",
            channel="EMAIL", priority=0, due_at=clock.now(), created_at=alert.opened_at,
        )  # fmt: skip
    waiting, sent = threading.Event(), []
    # The senders' threads leave no connection behind that would keep the test database in use.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)

    def send(delivery):
        if delivery.user == slow.user:
            waiting.wait(20)
        sent.append(delivery.user.email)

    monkeypatch.setattr("tracker.delivery.channels.send", send)
    senders = Senders(6, [Priority.ALERT])
    started = time.monotonic()
    senders.send_due()
    while quick.user.email not in sent and time.monotonic() - started < 10:
        time.sleep(0.02)
    assert sent == [quick.user.email]
    senders.send_due()  # what is in hand is not handed out again
    waiting.set()
    senders._pool.shutdown(wait=True)
    assert sorted(set(sent)) == sorted([slow.user.email, quick.user.email])


def test_a_planned_procedure_that_nobody_marks_done_is_missed_too():
    from tracker.services import procedures

    staff = a_staff()
    planned = {"nerves": ["superior_cluneal"], "side": "right", "kind": "therapeutic"}
    enrolled = procedures.enrol(
        staff=staff,
        patient={"name": "Silent"},
        procedure={**planned, "scheduled_at": NOW},
        now=NOW,
    )
    sweep.apply_due_warning_signs(now=NOW + timedelta(hours=24))
    assert enrolled.procedure.alerts.get().rule == "SI-SILENT"
