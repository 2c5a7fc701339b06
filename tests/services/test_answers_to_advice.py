"""What a patient did about the advice feeds the alert; it hurries staff, and ends nothing."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, a_staff, fever
from tracker.models import AnswerToAdvice, Delivery
from tracker.models.alert import Outcome
from tracker.models.answer_to_advice import Did
from tracker.services import alerts, answers_to_advice, escalation
from tracker.services.answers_to_advice import AnswerIdTaken, NothingStands

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def patient():
    patient = a_patient(a_clinic())
    a_procedure(patient)
    for order, name in enumerate(("One", "Two"), start=1):
        a_staff(patient.clinic, on_call_order=order, name=name)
    return patient


@pytest.fixture
def alert(patient):
    return a_check_in(patient, **fever()).events[0].alert


@pytest.fixture
def phone(patient):
    return a_phone(patient)


@pytest.fixture
def nurse(patient):
    return a_staff(patient.clinic, name="Nora Park")


def answer(phone, did, client_id=None, now=NOW):
    return answers_to_advice.answer(
        phone=phone, client_id=client_id or uuid.uuid4(), did=did, now=now
    )


def due_at(alert):
    alert.refresh_from_db()
    return alert.due_at


@pytest.mark.parametrize("did", Did)
def test_each_answer_stands_in_the_history_of_the_alert(phone, alert, did):
    assert answer(phone, did)
    step = alert.events.get(step="answer")
    assert (step.because, step.actor) == (did.label, None)


@pytest.mark.usefixtures("alert")
def test_one_answer_is_about_every_alert_that_asks_for_a_call(phone, patient):
    a_check_in(patient, symptoms={"chest_pain": True})
    assert patient.alerts.count() == 2
    answer(phone, Did.CALLED)
    assert AnswerToAdvice.objects.count() == 2


def test_an_answer_that_is_sent_twice_counts_once(phone, alert):
    client_id = uuid.uuid4()
    assert answer(phone, Did.CALLED, client_id) is True
    assert answer(phone, Did.CALLED, client_id, now=NOW + MINUTE) is False
    assert alert.events.filter(step="answer").count() == 1
    with pytest.raises(AnswerIdTaken):
        answer(phone, Did.CANNOT_REACH, client_id)


def test_without_an_alert_there_is_nothing_to_answer(phone, patient):
    a_check_in(patient)
    with pytest.raises(NothingStands):
        answer(phone, Did.CALLED)


def test_another_patients_alerts_hear_nothing(phone, alert):
    with pytest.raises(NothingStands):
        answer(a_phone(a_patient()), Did.CALLED)


def test_who_cannot_reach_the_clinic_makes_the_next_step_due_now(phone, alert):
    later = NOW + 5 * MINUTE
    answer(phone, Did.CANNOT_REACH, now=later)
    assert due_at(alert) == later
    escalation.escalate_one(alert_id=alert.pk, now=later)
    told = Delivery.objects.filter(kind="STAFF_ALERT").order_by("pk")
    assert [each.user.name for each in told] == ["One", "One", "Two"]


def test_it_never_puts_a_step_off(phone, alert):
    late = NOW + 90 * MINUTE
    answer(phone, Did.CANNOT_REACH, now=late)
    assert due_at(alert) == NOW + 60 * MINUTE


def test_pressing_it_again_and_again_hurries_nobody_further(phone, alert):
    answer(phone, Did.CANNOT_REACH)
    escalation.escalate_one(alert_id=alert.pk, now=NOW)
    due = due_at(alert)
    for minutes in (1, 14):
        answer(phone, Did.CANNOT_REACH, now=NOW + minutes * MINUTE)
        assert due_at(alert) == due
    answer(phone, Did.CANNOT_REACH, now=NOW + 15 * MINUTE)
    assert due_at(alert) == NOW + 15 * MINUTE


def test_what_somebody_took_comes_back_when_they_cannot_be_reached(phone, alert, nurse):
    alerts.acknowledge(staff=nurse, alert_id=alert.pk, now=NOW)
    answer(phone, Did.CANNOT_REACH, now=NOW + 5 * MINUTE)
    escalation.escalate_one(alert_id=alert.pk, now=NOW + 5 * MINUTE)
    alert.refresh_from_db()
    assert alert.state == "OPEN"


@pytest.mark.parametrize("did", [Did.CALLED, Did.AT_EMERGENCY_ROOM])
def test_other_answers_move_no_step(phone, alert, did):
    before = due_at(alert)
    answer(phone, did)
    assert due_at(alert) == before


def test_at_the_emergency_room_staff_are_told_and_still_close_it(phone, alert, nurse):
    answer(phone, Did.AT_EMERGENCY_ROOM)
    told = Delivery.objects.filter(key__startswith="answer:")
    assert [(each.user.name, each.alert) for each in told] == [("One", None)]
    alert.refresh_from_db()
    assert alert.state == "OPEN"
    resolved = alerts.resolve(
        staff=nurse, alert_id=alert.pk, outcome=Outcome.SENT_TO_EMERGENCY, note="", now=NOW
    )
    assert resolved.state == "RESOLVED"


def test_at_the_emergency_room_whoever_took_it_is_told(phone, alert, nurse):
    alerts.acknowledge(staff=nurse, alert_id=alert.pk, now=NOW)
    answer(phone, Did.AT_EMERGENCY_ROOM)
    told = Delivery.objects.filter(key__startswith="answer:")
    assert [each.user.name for each in told] == ["Nora Park"]
