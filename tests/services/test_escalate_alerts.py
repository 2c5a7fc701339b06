"""An alert that nobody acknowledges goes on to the next person, and then to all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, fever
from tracker.models import Delivery
from tracker.services import alerts, sweep

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def patient():
    patient = a_patient()
    a_procedure(patient)
    for order in (1, 2, 3):
        a_staff(patient.clinic, on_call_order=order, name=f"Staff {order}")
    return patient


def told():
    rows = Delivery.objects.filter(kind="STAFF_ALERT").order_by("pk")
    return [row.user.name for row in rows]


@pytest.mark.parametrize(
    ("answers", "minutes"), [({"symptoms": {"chest_pain": True}}, 15), (fever("38.5"), 60)]
)
def test_the_next_person_is_told_when_the_time_is_up(patient, answers, minutes):
    a_check_in(patient, **answers)
    assert told() == ["Staff 1"]

    sweep.escalate_due_alerts(now=NOW + (minutes - 0.1) * MINUTE)
    assert told() == ["Staff 1"]

    for _ in range(2):
        sweep.escalate_due_alerts(now=NOW + minutes * MINUTE)
    assert told() == ["Staff 1", "Staff 1", "Staff 2"]


def test_all_are_asked_again_each_hour_until_somebody_takes_it(patient):
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    for minutes in (15, 30, 89.9):
        sweep.escalate_due_alerts(now=NOW + minutes * MINUTE)
    assert told().count("Staff 3") == 1

    sweep.escalate_due_alerts(now=NOW + 90 * MINUTE)
    assert told().count("Staff 3") == 2
    alerts.acknowledge(staff=a_staff(patient.clinic), alert_id=alert.pk, now=NOW + 91 * MINUTE)
    sweep.escalate_due_alerts(now=NOW + timedelta(days=1))
    assert told().count("Staff 3") == 2


def test_somebody_who_comes_on_call_later_is_told_too():
    patient = a_patient()
    a_procedure(patient)
    a_check_in(patient, symptoms={"chest_pain": True})
    sweep.escalate_due_alerts(now=NOW + 15 * MINUTE)
    assert told() == []

    a_staff(patient.clinic, on_call_order=1, name="Late")
    sweep.escalate_due_alerts(now=NOW + 75 * MINUTE)
    assert told() == ["Late"]


def test_nothing_follows_an_acknowledgement(patient):
    staff = a_staff(patient.clinic)
    alert = a_check_in(patient, symptoms={"chest_pain": True}).events[0].alert
    alerts.acknowledge(staff=staff, alert_id=alert.pk, now=NOW + MINUTE)
    sweep.escalate_due_alerts(now=NOW + timedelta(hours=2))
    assert told() == ["Staff 1"]


def test_a_watch_escalates_to_nobody(patient):
    a_check_in(patient, **fever("37.9"))
    sweep.escalate_due_alerts(now=NOW + timedelta(days=2))
    assert told() == []
