"""Ice is offered while it is likely to help: awake, not too often, and never against a wish."""

from __future__ import annotations

import uuid
from datetime import time

import pytest
from django.db import transaction

from tests.services.reminding import a_planned, at, plan, rows
from tracker.models import AuditEvent, Reminder
from tracker.services import ice_reminders, ice_sessions, sweep
from tracker.services.ice_reminders import NoOffers

pytestmark = pytest.mark.django_db
FIRST_DAY = ["08 12:00", "08 14:00", "08 16:00", "08 18:00", "08 20:00", "09 08:00", "09 10:00"]


def offered(procedure):
    return [
        said.replace(" again for ", " ").split(" ")[0] + " " + said.split(" ")[1]
        for said in rows(procedure, "ICE_OFFER", "SCHEDULED")
    ]


def ended_at(procedure, moment):
    procedure.ended_at = moment
    procedure.save(update_fields=["ended_at"])
    plan(procedure, moment)


def test_every_two_hours_awake_for_a_day():
    assert offered(a_planned()) == FIRST_DAY


def test_at_most_six_a_day_also_when_the_end_is_corrected():
    procedure = a_planned()
    ended_at(procedure, at(-4))  # 06:00
    assert offered(procedure) == [f"08 {hour:02}:00" for hour in (8, 10, 12, 14, 16, 18)]


def test_never_where_it_is_not_safe():
    assert offered(a_planned(patient={"ice_contraindicated": True})) == []

    told_later = a_planned()
    told_later.patient.ice_contraindicated = True
    told_later.patient.save(update_fields=["ice_contraindicated"])
    sweep.send_due_reminders(now=at(2))
    assert rows(told_later, "ICE_OFFER")[0] == "08 12:00 CANCELLED"
    with pytest.raises(NoOffers):
        ice_reminders.offer_longer(patient=told_later.patient, now=at(3))


@pytest.mark.parametrize(
    ("started", "stopped", "outcome"),
    [
        (1.7, None, "DONE"),  # on until 12:02
        (1.4, None, "DONE"),  # rests until 12:04
        (1.3, None, "SENT"),
        (1.7, 1.8, "DONE"),  # off early, rests until 12:08
        (1.4, 1.5, "SENT"),
    ],
)
def test_not_while_ice_is_on_or_rests(started, stopped, outcome):
    procedure = a_planned()
    client_id = uuid.uuid4()
    ice_sessions.start_ice(
        patient=procedure.patient, client_id=client_id, started_at=at(started), now=at(started)
    )
    if stopped:
        ice_sessions.stop_ice(patient=procedure.patient, client_id=client_id, now=at(stopped))
    sweep.send_due_reminders(now=at(2))
    assert rows(procedure, "ICE_OFFER")[0] == f"08 12:00 {outcome}"


def test_whoever_stops_them_gets_none_whatever_is_planned_later():
    procedure = a_planned()
    ice_reminders.stop_offers(patient=procedure.patient, now=at(1))
    plan(procedure, at(1.5))
    ended_at(procedure, at(0.3))
    assert offered(procedure) == []
    assert AuditEvent.objects.filter(action="ice_offers.stop").count() == 1


def test_stopping_before_anything_was_written_counts_as_well():
    procedure = a_planned()
    Reminder.objects.all().delete()
    ice_reminders.stop_offers(patient=procedure.patient, now=at(1))
    plan(procedure, at(1.5))
    assert offered(procedure) == []


def test_on_request_they_go_on_for_three_days_also_after_a_stop():
    procedure = a_planned()
    ice_reminders.stop_offers(patient=procedure.patient, now=at(1))
    ice_reminders.offer_longer(patient=procedure.patient, now=at(5))
    later = [f"{day} {hour:02}:00" for day in ("09", "10") for hour in (8, 10, 12, 14, 16, 18)]
    today, last = ["08 16:00", "08 18:00", "08 20:00"], ["11 08:00", "11 10:00"]
    assert offered(procedure) == [*today, *later, *last]
    with transaction.atomic():
        plan(procedure, at(30))
    assert offered(procedure)[-1] == "11 10:00"


def test_an_offer_is_of_no_use_half_an_hour_later():
    procedure = a_planned()
    sweep.send_due_reminders(now=at(2.5))
    assert rows(procedure, "ICE_OFFER")[0] == "08 12:00 EXPIRED"


def test_an_offer_does_not_outlast_the_evening():
    a_planned(patient={"quiet_from": time(20, 15)})
    late = Reminder.objects.get(kind="ICE_OFFER", due_at=at(10))  # 20:00
    assert late.expires_at == at(10.25)


def test_a_timer_of_the_same_moment_as_one_that_was_cancelled_still_rings():
    patient = a_planned().patient
    first, second = uuid.uuid4(), uuid.uuid4()
    ice_sessions.start_ice(patient=patient, client_id=first, started_at=at(1), now=at(1))
    ice_sessions.stop_ice(patient=patient, client_id=first, now=at(1))
    ice_sessions.start_ice(patient=patient, client_id=second, started_at=at(4 / 3), now=at(4 / 3))
    ice_sessions.stop_ice(patient=patient, client_id=second, now=at(4 / 3))
    again = Reminder.objects.get(kind="ICE_AGAIN", due_at=at(5 / 3))
    assert again.state == "SCHEDULED"
