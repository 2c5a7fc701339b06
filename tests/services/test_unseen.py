"""Nobody has seen it in time: the patient is told to call, once each time it is raised."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.delivery.steps import deliver_all
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, a_staff, fever
from tracker.models import Alert, AlertEvent, Delivery
from tracker.models.procedure import StopReason
from tracker.services import alerts, monitoring, sweep, upkeep

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
EMERGENCY = {"symptoms": {"chest_pain": True}}


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def nurse(clinic):
    return a_staff(clinic, on_call_order=1)


@pytest.fixture
def patient(clinic, nurse):
    patient = a_patient(clinic, email="rosa@patient.test")
    a_procedure(patient)
    return patient


def told_at(minutes):
    now = NOW + minutes * MINUTE
    sweep.escalate_due_alerts(now=now)
    upkeep.do_due_jobs(tell_time=lambda: now)
    return Delivery.objects.filter(kind="UNSEEN").count()


@pytest.mark.parametrize(("answers", "target"), [(EMERGENCY, 15), (fever(), 60)], ids=str)
def test_the_patient_is_told_at_the_target_and_once(patient, answers, target):
    a_check_in(patient, **answers)
    minutes = (target - 1, target, target + 1, 2 * target, 4 * target, 8 * target)
    assert [told_at(each) for each in minutes] == [0, 1, 1, 1, 1, 1]
    assert AlertEvent.objects.filter(step="unseen").count() == 1


def test_what_was_raised_together_is_told_once(patient):
    a_check_in(patient, **EMERGENCY, **fever())
    assert [told_at(each) for each in (15, 60, 61)] == [1, 1, 1]


def test_what_is_raised_again_is_told_again(patient):
    a_check_in(patient, **fever())
    assert told_at(60) == 1
    a_check_in(patient, now=NOW + 70 * MINUTE, **EMERGENCY)
    assert [told_at(each) for each in (71, 85)] == [1, 2]


def test_what_somebody_took_is_not_unseen_even_when_it_comes_back(patient, nurse):
    alert = a_check_in(patient, **EMERGENCY).events[0].alert
    alerts.acknowledge(staff=nurse, alert_id=alert.pk, now=NOW + 14 * MINUTE)
    assert [told_at(each) for each in (15, 74, 90, 200)] == [0, 0, 0, 0]
    assert Alert.objects.get(pk=alert.pk).state == "OPEN"


def test_who_looks_before_it_leaves_keeps_it_from_leaving(patient, nurse):
    alert = a_check_in(patient, **EMERGENCY).events[0].alert
    told_at(15)
    alerts.acknowledge(staff=nurse, alert_id=alert.pk, now=NOW + 15 * MINUTE)
    deliver_all(NOW + 15 * MINUTE)
    assert Delivery.objects.get(kind="UNSEEN").state == "CANCELLED"


def test_with_nobody_on_call_the_patient_is_told_too(patient, clinic):
    clinic.memberships.update(on_call_order=None)
    a_check_in(patient, **EMERGENCY)
    assert [told_at(each) for each in (15, 16, 31)] == [1, 1, 1]


def test_what_went_on_early_is_still_told_by_its_target(patient, clinic):
    a_staff(clinic, on_call_order=2)
    alert = a_check_in(patient, **EMERGENCY).events[0].alert
    Alert.objects.filter(pk=alert.pk).update(due_at=NOW + 2 * MINUTE)
    assert [told_at(each) for each in (2, 14, 15)] == [0, 0, 1]


def test_whom_the_clinic_follows_no_more_it_asks_no_more(patient, nurse):
    procedure = a_check_in(patient, **EMERGENCY).events[0].alert.procedure
    monitoring.stop(
        staff=nurse, procedure_id=procedure.pk, reason=StopReason.WITHDREW, now=NOW + MINUTE
    )
    assert [told_at(each) for each in (15, 60)] == [0, 0]


def test_a_watch_promises_no_hour(patient):
    a_check_in(patient, **fever("37.9"))
    assert Alert.objects.get().tier == 1
    assert told_at(600) == 0
