"""Monitoring stops at once, for a reason; staff may take it up again. No alert vanishes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, a_staff, fever
from tracker.models import AuditEvent, Delivery, Procedure, PushSubscription, Reminder
from tracker.models.procedure import StopReason
from tracker.services import (
    assessments,
    claims,
    deliveries,
    monitoring,
    procedures,
    reminder_plans,
    sending,
)
from tracker.services.monitoring import AlreadyStopped, NothingToResume, ReasonDoesNotFit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nora(clinic):
    return a_staff(clinic, on_call_order=1)


@pytest.fixture
def patient(clinic):
    patient = a_patient(clinic, email="harold@home.test")
    phone = a_phone(patient)
    PushSubscription.objects.create(
        clinic=clinic, patient=patient, device_session=phone.session,
        endpoint="https://push.test/1", p256dh="k", auth="a", created_at=NOW,
    )  # fmt: skip
    return patient


@pytest.fixture
def procedure(patient):
    procedure = a_procedure(patient)
    reminder_plans.plan(procedure=procedure, now=NOW)
    return procedure


def stop(nora, procedure, reason=StopReason.HOSPITALISED):
    return monitoring.stop(staff=nora, procedure_id=procedure.pk, reason=reason, now=LATER)


def planned(procedure):
    return Reminder.objects.filter(procedure=procedure, state="SCHEDULED")


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (StopReason.HOSPITALISED, "CLOSED"),
        (StopReason.TRANSFERRED, "CLOSED"),
        (StopReason.WITHDREW, "CLOSED"),
        (StopReason.DIED, "CLOSED"),
        (StopReason.FINISHED, "CLOSED"),
        (StopReason.WRONG_PATIENT, "VOID"),
    ],
)
def test_a_done_procedure_stops_at_once(nora, procedure, reason, state):
    assert planned(procedure).exists()
    stop(nora, procedure, reason)
    procedure.refresh_from_db()
    assert (procedure.state, procedure.stop_reason) == (state, reason)
    assert procedure.closed_at == LATER
    assert not planned(procedure).exists()
    assert procedure.plan_due_at is None
    assert procedure.next_assessment_at is None, "whom nobody asks is not silent"
    assert AuditEvent.objects.filter(action__startswith="procedure.stop").count() == 1


@pytest.mark.parametrize("reason", [StopReason.NOT_DONE, StopReason.WITHDREW, StopReason.DIED])
def test_what_was_only_planned_is_cancelled(nora, patient, reason):
    procedure = a_procedure(patient, state="SCHEDULED", ended_at=None, scheduled_at=NOW)
    stop(nora, procedure, reason)
    procedure.refresh_from_db()
    assert procedure.state == "CANCELLED"


@pytest.mark.parametrize(
    ("state", "reason", "refusal"),
    [
        ("DONE", StopReason.NOT_DONE, ReasonDoesNotFit),
        ("SCHEDULED", StopReason.FINISHED, ReasonDoesNotFit),
        ("CLOSED", StopReason.WITHDREW, AlreadyStopped),
        ("CANCELLED", StopReason.NOT_DONE, AlreadyStopped),
        ("VOID", StopReason.WRONG_PATIENT, AlreadyStopped),
    ],
)
def test_a_reason_must_fit(nora, patient, state, reason, refusal):
    procedure = a_procedure(patient, state=state)
    with pytest.raises(refusal):
        stop(nora, procedure, reason)


def test_an_alert_stays_for_staff_and_its_message_to_the_patient_is_not_sent(nora, procedure):
    alert = a_check_in(procedure.patient, **fever()).events[0].alert
    theirs = Delivery.objects.filter(alert=alert, patient=procedure.patient)
    assert theirs.filter(state="PENDING").exists()
    stop(nora, procedure)
    assert not theirs.filter(state="PENDING").exists()
    assert Delivery.objects.filter(alert=alert, user=nora.user, state="PENDING").exists()
    alert.refresh_from_db()
    assert alert.state == "OPEN"
    assert alert.due_at is not None, "staff are asked further"


def test_a_message_that_left_goes_by_no_other_channel(nora, procedure):
    alert = a_check_in(procedure.patient, **fever()).events[0].alert
    theirs = Delivery.objects.filter(alert=alert, patient=procedure.patient)
    theirs.update(state="SENT", confirm_by=LATER)
    stop(nora, procedure)
    assert not theirs.filter(confirm_by__isnull=False).exists()


def test_what_the_patient_still_enters_is_judged(nora, procedure):
    stop(nora, procedure, StopReason.WITHDREW)
    recorded = a_check_in(procedure.patient, now=LATER, **fever())
    assert recorded.advice.tier == "call_today"
    assert recorded.check_in.procedure == procedure
    procedure.refresh_from_db()
    assert not planned(procedure).exists()
    assert procedure.next_assessment_at is None


def test_an_urgent_question_is_still_watched(nora, procedure):
    stop(nora, procedure, StopReason.WITHDREW)
    doubtful = {"glucose": {"value": "22", "unit": "mg/dL"}}
    a_check_in(procedure.patient, now=LATER, **doubtful)
    procedure.refresh_from_db()
    assert procedure.next_assessment_at == LATER + timedelta(minutes=15)
    events = assessments.apply_warning_signs(
        procedure_id=str(procedure.pk), now=LATER + timedelta(minutes=16)
    )
    assert [each.rule for each in events] == ["QU-UNANSWERED"]


def test_the_reasons_about_a_patient_stop_every_procedure(nora, patient, procedure):
    next_one = a_procedure(patient, state="SCHEDULED", ended_at=None, scheduled_at=NOW)
    stop(nora, procedure, StopReason.TRANSFERRED)
    next_one.refresh_from_db()
    assert (next_one.state, next_one.stop_reason) == ("CANCELLED", "TRANSFERRED")


def test_finished_stops_only_its_own(nora, patient, procedure):
    next_one = a_procedure(patient, state="SCHEDULED", ended_at=None, scheduled_at=NOW)
    stop(nora, procedure, StopReason.FINISHED)
    next_one.refresh_from_db()
    assert next_one.state == "SCHEDULED"


def test_to_the_dead_nothing_is_ever_sent(nora, patient, procedure):
    a_check_in(patient, **fever())
    stop(nora, procedure, StopReason.DIED)
    assert not Delivery.objects.filter(patient=patient, state="PENDING").exists()
    # Whatever somebody, or something, still owes: the sender asks last.
    delivery = deliveries.owe_test(subscription=patient.push_subscriptions.get(), now=LATER)
    claimed = claims.claim(delivery_id=delivery.pk, now=LATER)
    assert claimed is not None
    assert claimed.has_died
    sending.send(claimed=claimed, now=LATER)
    delivery.refresh_from_db()
    assert delivery.state == "CANCELLED"


def test_of_the_dead_nobody_plans(nora, patient, procedure):
    stop(nora, procedure, StopReason.FINISHED)
    stop(nora, procedure, StopReason.DIED)
    with pytest.raises(procedures.PatientDied):
        procedures.add(staff=nora, patient_id=patient.pk, procedure={}, now=LATER)


def test_the_alerts_of_a_wrong_patient_are_marked_and_wait(nora, procedure):
    alert = a_check_in(procedure.patient, **fever()).events[0].alert
    stop(nora, procedure, StopReason.WRONG_PATIENT)
    alert.refresh_from_db()
    assert alert.state == "OPEN"
    assert alert.events.filter(step="no_ground", note=monitoring.NOT_THEIRS).exists()


def test_a_mistake_is_taken_back(nora, procedure):
    stop(nora, procedure, StopReason.DIED)
    monitoring.resume(staff=nora, procedure_id=procedure.pk, now=LATER)
    procedure.refresh_from_db()
    assert (procedure.state, procedure.stop_reason, procedure.closed_at) == ("DONE", "", None)
    assert planned(procedure).exists()
    assert procedure.next_assessment_at is not None
    assert not monitoring.has_died(procedure.patient)


@pytest.mark.parametrize("state", ["DONE", "SCHEDULED", "VOID"])
def test_only_what_was_stopped_is_resumed(nora, patient, state):
    procedure = a_procedure(patient, state=state)
    with pytest.raises(NothingToResume):
        monitoring.resume(staff=nora, procedure_id=procedure.pk, now=LATER)


def test_strangers_find_nothing(procedure):
    stranger = a_staff()
    with pytest.raises(Procedure.DoesNotExist):
        stop(stranger, procedure)
    with pytest.raises(Procedure.DoesNotExist):
        monitoring.resume(staff=stranger, procedure_id=procedure.pk, now=LATER)
