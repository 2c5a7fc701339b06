"""Every loss that can be made by hand is found, mended by the usual services, and counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.models import (
    Alert,
    AlertEvent,
    Assessment,
    CheckIn,
    Delivery,
    Patient,
    Procedure,
    Reconciliation,
    Reminder,
)
from tracker.models.delivery import MessageKind
from tracker.services import losses, reconciliation, reminder_plans, untold
from tracker.services.reconciliation import reconcile

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=20)
LATER = SOON + timedelta(seconds=20)


@pytest.fixture
def patient() -> Patient:
    """Somebody with a fever whom everybody was told of."""
    patient = a_patient(email="patient@home.test")
    procedure = a_procedure(patient)
    a_staff(patient.clinic, on_call_order=1)
    a_check_in(patient, **fever())
    reminder_plans.plan(procedure=Procedure.objects.get(pk=procedure.pk), now=NOW)
    return patient


def lose_the_assessment(patient: Patient) -> None:
    """As if the check-in alone had been written down."""
    for rows in (Delivery, AlertEvent, Assessment):
        rows.objects.all().delete()
    Alert.objects.all().delete()


def lose_messages(kind: MessageKind) -> Callable[[Patient], None]:
    return lambda patient: Delivery.objects.filter(kind=kind).delete() and None


def lose_the_step(patient: Patient) -> None:
    Alert.objects.update(due_at=None)


def lose_the_return(patient: Patient) -> None:
    Alert.objects.update(due_at=None, state="ACKNOWLEDGED", acknowledged_at=NOW)


def put_the_clock_back(patient: Patient) -> None:
    Alert.objects.update(due_at=NOW + timedelta(days=30))


def lose_sight_of_the_procedure(patient: Patient) -> None:
    Procedure.objects.update(next_assessment_at=None)


def lose_the_plan(patient: Patient) -> None:
    Procedure.objects.update(plan_due_at=None)


def lose_a_reminder(patient: Patient) -> None:
    procedure = patient.procedures.get()
    whose = {"clinic": patient.clinic, "patient": patient, "procedure": procedure}
    due = {"asked_at": NOW, "due_at": NOW, "expires_at": NOW + timedelta(hours=1)}
    Reminder.objects.create(**whose, **due, kind="CHECK_IN", repeat=2, state="SENT")


LOSSES = {
    "unassessed_check_in": lose_the_assessment,
    "staff_not_told": lose_messages(MessageKind.STAFF_ALERT),
    "patient_not_told": lose_messages(MessageKind.PATIENT_ALERT),
    "alert_without_a_step": lose_the_step,
    "alert_put_off_by_a_clock": put_the_clock_back,
    "reminder_without_a_message": lose_a_reminder,
    "procedure_forgotten_by_time": lose_sight_of_the_procedure,
    "procedure_without_a_plan": lose_the_plan,
}


def state_of_things() -> dict[str, object]:
    alerts = Alert.objects.values_list("sign", "tier", "state")
    return {
        "judged": set(CheckIn.objects.filter(assessments__isnull=False).values_list("pk")),
        "alerts": sorted(alerts),
        "steps": [at is not None for at in Alert.objects.values_list("due_at", flat=True)],
        "messages": sorted(Delivery.objects.values_list("kind", "channel")),
        "watched": sorted(Procedure.objects.values_list("next_assessment_at", flat=True)),
    }


def test_what_was_never_lost_is_clean(patient):
    before = state_of_things()
    assert reconcile(now=SOON).found == {}
    assert state_of_things() == before
    assert Reconciliation.objects.get().is_clean


@pytest.mark.parametrize("kind", LOSSES)
def test_a_loss_is_found_mended_and_counted_and_then_all_is_well(patient, kind):
    before = state_of_things()
    LOSSES[kind](patient)
    result = reconcile(now=SOON)
    assert (result.found, result.is_clean) == ({kind: 1}, False)
    if kind != "reminder_without_a_message":
        assert state_of_things() == before
    assert reconcile(now=LATER).found == {}


def test_every_kind_of_loss_is_made_here():
    assert {*LOSSES, "stuck_delivery"} == {loss.kind for loss in losses.LOSSES}


def test_what_somebody_took_and_nobody_closed_comes_back_all_the_same(patient):
    lose_the_return(patient)
    assert reconcile(now=SOON).found == {"alert_without_a_step": 1}
    assert Alert.objects.get().due_at > NOW


def test_a_lost_step_is_due_when_it_was(patient):
    due_at = Alert.objects.get().due_at
    lose_the_step(patient)
    reconcile(now=SOON)
    assert Alert.objects.get().due_at == due_at


def test_a_message_that_no_sender_takes_is_handed_to_a_worker(patient, no_broker):
    stuck = Delivery.objects.filter(kind=MessageKind.STAFF_ALERT).get()
    no_broker.clear()
    assert reconcile(now=stuck.due_at + timedelta(seconds=44)).found == {}
    late = stuck.due_at + timedelta(seconds=46)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.db.transaction.on_commit", lambda do, **_: do())
        assert reconcile(now=late).found == {"stuck_delivery": Delivery.objects.count()}
    assert ("tracker.deliver", {"delivery_id": stuck.pk}) in no_broker


@pytest.mark.parametrize(
    "excuse",
    [
        lambda patient: patient.clinic.memberships.update(on_call_order=None),
        lambda patient: Alert.objects.update(state="ACKNOWLEDGED", acknowledged_at=NOW),
    ],
    ids=["nobody is on call", "somebody took it"],
)
def test_staff_who_need_not_be_told_are_no_loss(patient, excuse):
    excuse(patient)
    Alert.objects.update(policy={})
    lose_messages(MessageKind.STAFF_ALERT)(patient)
    assert reconcile(now=SOON).found == {}


def test_a_clinic_without_staff_hides_no_loss_of_another(patient, monkeypatch):
    monkeypatch.setattr(untold, "MOST", 1)
    nobodys = a_patient(a_clinic())
    a_procedure(nobodys)
    a_check_in(nobodys, **fever())
    lose_messages(MessageKind.STAFF_ALERT)(patient)
    # As new in the table as it can be.
    Alert.objects.filter(patient=patient).update(note="")
    found = untold.staff_not_told(SOON)
    assert Alert.objects.filter(pk__in=found).get().patient == patient


def test_a_patient_whom_nothing_reached_then_is_no_loss(patient):
    Patient.objects.update(email="")
    lose_messages(MessageKind.PATIENT_ALERT)(patient)
    assert reconcile(now=SOON).found == {}


def test_a_patient_who_agreed_to_texts_is_one(patient, settings):
    settings.SMS = "a gateway"
    Patient.objects.update(email="", phone="+15555550112", texts_agreed_at=NOW)
    lose_messages(MessageKind.PATIENT_ALERT)(patient)
    assert reconcile(now=SOON).found == {"patient_not_told": 1}


def test_one_message_speaks_for_all_that_was_raised_with_it(patient):
    another = a_patient(patient.clinic, email="another@home.test")
    procedure = a_procedure(another)
    a_check_in(another, symptoms={"leg_weakness": "severe"}, **fever("39.5"))
    reminder_plans.plan(procedure=Procedure.objects.get(pk=procedure.pk), now=NOW)
    assert procedure.alerts.count() == 2
    assert Delivery.objects.filter(patient=another).count() == 1
    assert reconcile(now=SOON).found == {}


def test_a_question_that_fails_is_no_clean_answer_and_stops_no_other(patient, monkeypatch):
    bad = losses.Loss("odd", lambda now: 1 / 0, lambda row, now: None)
    slow = losses.Loss("slow", lambda now: ask("SELECT pg_sleep(5)"), lambda row, now: None)
    monkeypatch.setattr(reconciliation, "LOSSES", (bad, slow, *losses.LOSSES))
    monkeypatch.setattr(reconciliation, "MOST_WAIT", 1)
    lose_the_step(patient)
    started = time.monotonic()
    assert reconcile(now=SOON).found == {"not_compared": 2, "alert_without_a_step": 1}
    assert time.monotonic() - started < 4


def test_a_row_that_cannot_be_mended_is_counted_and_found_again(patient, monkeypatch):
    bad = losses.Loss("odd", lambda now: [1, 2], lambda row, now: ask("SELECT 1 / 0"))
    monkeypatch.setattr(reconciliation, "LOSSES", (bad, *losses.LOSSES))
    lose_the_step(patient)
    assert reconcile(now=SOON).found == {"odd": 2, "alert_without_a_step": 1}
    assert reconcile(now=SOON).found == {"odd": 2}


def ask(sql: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
