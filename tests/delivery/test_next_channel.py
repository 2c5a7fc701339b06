"""Phones first, then a text, then e-mail; and when nothing is left, a task for staff."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from tests.conftest import NOW
from tests.delivery.steps import deliver_all, states, subscribed
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, fever
from tests.sms_gateway import SmsGateway
from tracker.models import Alert, Delivery, Reminder, Task
from tracker.models.delivery import Priority
from tracker.services import claims, deliveries, next_channel, sweep

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def gateway(settings):
    with SmsGateway() as gateway:
        settings.SMS = gateway.twilio
        yield gateway


@pytest.fixture
def patient():
    patient = a_patient(email="rosa@patient.test", texts_agreed_at=NOW)
    a_procedure(patient)
    return patient


def an_alert(patient) -> Alert:
    return a_check_in(patient, **fever("38.4")).events[0].alert


def a_reminder(patient, kind, **fields):
    return Reminder.objects.create(
        clinic=patient.clinic, patient=patient, procedure=patient.procedures.get(), kind=kind,
        asked_at=NOW, due_at=NOW, expires_at=NOW + timedelta(hours=1), **fields,
    )  # fmt: skip


def confirm(delivery, now=NOW):
    assert deliveries.confirm_receipt(
        receipt_id=delivery.receipt_id, patient=delivery.patient, now=now
    )


@pytest.mark.parametrize(
    ("after", "owed"),
    [
        (timedelta(seconds=119), []),
        (timedelta(minutes=2), [("SMS", "PENDING")]),
        (timedelta(hours=5), [("SMS", "PENDING")]),
    ],
    ids=str,
)
def test_an_alert_that_no_phone_confirms_in_two_minutes_goes_by_text_too(
    patient, gateway, push_service, after, owed
):
    subscribed(patient, push_service)
    an_alert(patient)
    deliver_all()
    for _ in range(2):
        sweep.owe_unconfirmed(now=NOW + after)
    assert states() == [("PUSH", "SENT"), *owed]


def test_one_confirmed_phone_is_enough(patient, gateway, push_service):
    for _ in range(2):
        subscribed(patient, push_service)
    an_alert(patient)
    deliver_all()
    confirm(Delivery.objects.order_by("pk")[0])
    sweep.owe_unconfirmed(now=NOW + 2 * MINUTES)
    assert states() == [("PUSH", "SEEN"), ("PUSH", "SENT")]


@pytest.mark.parametrize("email", ["", "rosa@patient.test"], ids=["texts", "texts and e-mail"])
def test_two_phones_that_confirm_nothing_owe_one_text_and_no_task(
    patient, gateway, push_service, email
):
    type(patient).objects.update(email=email)
    for _ in range(2):
        subscribed(patient, push_service)
    an_alert(patient)
    deliver_all()
    sweep.owe_unconfirmed(now=NOW + 2 * MINUTES)
    assert states() == [("PUSH", "SENT"), ("PUSH", "SENT"), ("SMS", "PENDING")]
    assert not Task.objects.exists()


def test_a_third_attempt_that_ended_with_its_worker_does_not_keep_an_alert_from_the_next_channel(
    patient, gateway, push_service
):
    subscribed(patient, push_service)
    push_service.answers = [503] * 3
    an_alert(patient)
    for minute in range(2):
        deliver_all(NOW + minute * MINUTES)
    [lost] = claims.claim_due(now=NOW + 2 * MINUTES, priorities=[Priority.ALERT], limit=1)
    assert lost.delivery.attempts == 3
    deliver_all(NOW + 3 * MINUTES)
    assert states() == [("PUSH", "PENDING"), ("SMS", "PENDING")]


def test_a_task_that_staff_have_done_does_not_come_back_with_each_attempt(push_service):
    patient = a_patient()
    nurse = a_staff(patient.clinic)
    a_procedure(patient)
    subscribed(patient, push_service)
    push_service.answers = [503] * 6
    an_alert(patient)
    for minute in range(6):
        deliver_all(NOW + minute * MINUTES)
        Task.objects.filter(done_at=None).update(done_at=NOW, done_by=nurse.user)
    assert Task.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_check_in_need_not_wait_for_a_message_that_looks_for_another_channel(
    patient, gateway, push_service
):
    subscribed(patient, push_service)
    an_alert(patient)
    with ThreadPoolExecutor(1) as phone, transaction.atomic():
        next_channel.owe_as_well(unheard=Delivery.objects.get(), now=NOW)
        phone.submit(_check_in_elsewhere, patient).result(timeout=20)


def _check_in_elsewhere(patient):
    try:
        a_check_in(patient, symptoms={"chest_pain": True})
    finally:
        connection.close()


def test_an_alert_that_was_resolved_needs_no_further_channel(patient, gateway, push_service):
    subscribed(patient, push_service)
    an_alert(patient)
    deliver_all()
    Alert.objects.update(state="RESOLVED", outcome="no_action", resolved_at=NOW, due_at=None)
    sweep.owe_unconfirmed(now=NOW + 2 * MINUTES)
    assert states() == [("PUSH", "SENT")]


@pytest.mark.parametrize("kind", ["CHECK_IN", "ICE_OFF"])
def test_a_reminder_need_not_be_confirmed(patient, gateway, push_service, kind):
    subscribed(patient, push_service)
    deliveries.owe_reminder(reminder=a_reminder(patient, kind), now=NOW)
    deliver_all()
    sweep.owe_unconfirmed(now=NOW + 60 * MINUTES)
    assert states() == [("PUSH", "SENT")]


@pytest.mark.parametrize("kind", ["CHECK_IN", "GLUCOSE", "RECHECK", "FOLLOW_UP", "ICE_AGAIN"])
@pytest.mark.parametrize("state", ["DONE", "CANCELLED"])
def test_a_reminder_that_was_answered_meanwhile_is_not_sent(patient, push_service, kind, state):
    subscribed(patient, push_service)
    reminder = a_reminder(patient, kind)
    deliveries.owe_reminder(reminder=reminder, now=NOW)
    Reminder.objects.update(state=state)
    deliver_all()
    assert push_service.received == []
    assert states() == [("PUSH", "CANCELLED")]


@pytest.mark.parametrize(
    ("kind", "state"), [("CHECK_IN", "CANCELLED"), ("ICE_OFF", "SENT")], ids=str
)
@pytest.mark.parametrize("became", ["CLOSED", "VOID"])
def test_nothing_more_is_asked_about_a_procedure_that_is_over(
    patient, push_service, kind, state, became
):
    subscribed(patient, push_service)
    deliveries.owe_reminder(reminder=a_reminder(patient, kind), now=NOW)
    patient.procedures.update(state=became)
    deliver_all()
    assert states() == [("PUSH", state)]


def test_two_phones_that_refuse_for_good_leave_the_next_channel(patient, gateway, push_service):
    for _ in range(2):
        subscribed(patient, push_service)
    push_service.answers = [400, 413]
    an_alert(patient)
    deliver_all()
    deliver_all()
    assert states() == [("PUSH", "DEAD"), ("PUSH", "DEAD"), ("SMS", "SENT")]


def test_each_channel_that_fails_for_a_while_is_joined_by_the_next(patient, gateway, push_service):
    subscribed(patient, push_service)
    push_service.answers = [503] * 8
    gateway.answers = [(503, {})] * 8
    an_alert(patient)
    for second in range(0, 30, 2):
        deliver_all(NOW + second * SECOND)
    assert states() == [("PUSH", "PENDING"), ("SMS", "PENDING"), ("EMAIL", "SENT")]
    assert len(mail.outbox) == 1
    assert not Task.objects.exists()


def test_when_no_channel_is_left_staff_get_one_task_until_a_receipt_comes(push_service):
    patient = a_patient()
    a_procedure(patient)
    browser = subscribed(patient, push_service)
    push_service.answers = [410]
    an_alert(patient)
    deliver_all()
    a_check_in(patient, symptoms={"chest_pain": True})
    task = Task.objects.get(kind="UNREACHABLE", done_at=None)
    assert task.patient == patient
    assert browser.endpoint not in task.note

    test = subscribed(patient, push_service)
    owed = deliveries.owe_test(subscription=patient.push_subscriptions.get(endpoint=test.endpoint),
                               now=NOW)  # fmt: skip
    deliver_all()
    task.refresh_from_db()
    assert task.done_at is None
    confirm(owed, NOW + 5 * SECOND)
    task.refresh_from_db()
    assert task.done_at == NOW + 5 * SECOND
    assert task.done_by is None


def test_an_unconfirmed_alert_without_another_channel_is_a_task(push_service):
    patient = a_patient()
    a_procedure(patient)
    subscribed(patient, push_service)
    an_alert(patient)
    deliver_all()
    assert not Task.objects.exists()
    sweep.owe_unconfirmed(now=NOW + 2 * MINUTES)
    assert Task.objects.get().kind == "UNREACHABLE"


def test_a_reminder_that_failed_eight_times_goes_by_the_next_channel(patient, push_service):
    subscribed(patient, push_service)
    push_service.answers = [503] * 8
    deliveries.owe_reminder(reminder=a_reminder(patient, "CHECK_IN"), now=NOW)
    for minute in range(9):
        deliver_all(NOW + minute * MINUTES)
    assert states() == [("PUSH", "DEAD"), ("EMAIL", "SENT")]
