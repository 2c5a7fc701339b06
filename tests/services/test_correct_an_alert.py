"""What a correction leaves of an alert: only what was observed since it began is its ground."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, fever
from tracker.services import alerts, procedures

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    patient = a_patient()
    a_procedure(patient, hours_ago=60)
    a_staff(patient.clinic, on_call_order=1)
    return patient


def at(hours: float):
    """A moment that many hours after the procedure."""
    return NOW - timedelta(hours=60) + timedelta(hours=hours)


def resolved(patient, h, **answers):
    """An alert that was dealt with, and whose reading still stands."""
    alert = a_check_in(patient, now=at(h), **answers).events[0].alert
    alerts.resolve(
        staff=a_staff(patient.clinic), alert_id=alert.pk, outcome="REACHED_ADVISED", note="",
        now=at(h + 1),
    )  # fmt: skip


def corrected(patient, wrong, h, **answers):
    """Correct a check-in as of its own time, and give the steps of the latest alert."""
    check_in = wrong.check_in
    a_check_in(
        patient,
        now=at(h),
        observed_at=check_in.observed_at,
        corrects=str(check_in.client_id),
        **answers,
    )
    return steps(patient)


def steps(patient):
    latest = patient.alerts.order_by("opened_at").last()
    return [event.step for event in latest.events.order_by("pk")]


def test_the_reading_of_an_earlier_alert_is_no_ground_of_a_second_one(patient):
    resolved(patient, 20, **fever("38.4"))
    second = a_check_in(patient, now=at(50), **fever("38.4"))
    assert [event.step for event in second.events] == ["open"]
    assert corrected(patient, second, 51, **fever("36.9")) == ["open", "corrected"]


def test_an_alert_keeps_the_ground_that_joined_it(patient):
    first = a_check_in(patient, now=at(50), **fever("38.4"))
    a_check_in(patient, now=at(54), **fever("38.3"))
    assert corrected(patient, first, 55, **fever("36.9")) == ["open", "attach"]


def test_an_earlier_reading_that_joined_late_is_its_ground_too(patient):
    first = a_check_in(patient, now=at(50), **fever("38.4"))
    a_check_in(patient, now=at(54), observed_at=at(45), **fever("38.2"))
    assert corrected(patient, first, 55, **fever("36.9")) == ["open", "attach"]


def test_a_corrected_end_takes_the_ground_from_the_alert_that_it_moves(patient):
    """Signs of the numbing medicine count for six hours: the second time was later than that."""
    staff = a_staff(patient.clinic)
    procedure = patient.procedures.get()
    twice = {"symptoms": {"metallic_taste": True, "numb_mouth": True}}
    resolved(patient, 2, **twice)
    assert [event.step for event in a_check_in(patient, now=at(5.5), **twice).events] == ["open"]

    earlier = procedure.ended_at - timedelta(hours=1)
    procedures.mark_done(staff=staff, procedure_id=procedure.pk, ended_at=earlier, now=at(7))

    assert steps(patient) == ["open", "no_ground"]


def test_chills_leave_the_temperature_that_last_notified_the_one_to_beat(patient):
    for h, answers in [
        (50, fever("37.9")),
        (51, {"symptoms": {"chills": True}}),
        (52, fever("38.5")),
    ]:
        a_check_in(patient, now=at(h), **answers)
    assert steps(patient) == ["open", "escalate", "reraise"]
