"""Reminders are rows: written ahead, once each, and put right whenever their ground moves."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from tests.factories import a_staff, approved
from tests.services.reminding import T0, a_planned, at, plan, rows, states, sweep_through
from tracker.models import Procedure, Reminder
from tracker.services import patient_hours, procedures, protocols, reminder_plans, sweep

pytestmark = pytest.mark.django_db


def test_the_next_two_days_are_written_and_no_more():
    procedure = a_planned()
    assert rows(procedure, state="SCHEDULED") == [
        "08 12:00",
        "08 14:00 again for 12:00",
        "08 16:00",
        "08 18:00 again for 16:00",
        "08 20:00",
        "09 09:00",
        "09 11:00 again for 09:00",
        "09 15:00 again for 09:00",
        "09 18:00",
        "09 20:00 again for 18:00",
        "10 09:00",
        "10 11:00 again for 09:00",
        "10 15:00 again for 09:00",
    ]
    assert rows(procedure, "GLUCOSE") == rows(procedure, "FOLLOW_UP") == []


def test_planning_again_changes_nothing():
    procedure = a_planned()
    before = list(Reminder.objects.order_by("pk").values())
    for now in (at(0), at(1), at(-1)):
        plan(procedure, now)
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_the_sweep_writes_half_a_year_stretch_by_stretch():
    procedure = a_planned(patient={"diabetes": True})
    sweep_through(at(0), at(24 * 190), timedelta(hours=12))
    asked = Reminder.objects.filter(procedure=procedure, repeat=0)
    count = {kind: asked.filter(kind=kind).count() for kind in ("CHECK_IN", "GLUCOSE", "FOLLOW_UP")}
    # Three on the day itself, 17 in two weeks; 15 for sugar; weeks 3-12, days 30, 60, 90 and 180.
    assert count == {"CHECK_IN": 20, "GLUCOSE": 15, "FOLLOW_UP": 14}
    procedure.refresh_from_db()
    assert procedure.plan_due_at is None


def test_a_procedure_gets_its_plan_when_it_is_done_and_again_when_its_end_is_corrected():
    staff = a_staff()
    fields = {"nerves": ["superior_cluneal"], "side": "right", "kind": "therapeutic"}
    enrolled = procedures.enrol(
        staff=staff, patient={"name": "Rosa"}, procedure={**fields, "scheduled_at": T0}, now=at(-2)
    )
    assert rows(enrolled.procedure) == []

    procedures.mark_done(staff=staff, procedure_id=enrolled.procedure.pk, ended_at=T0, now=at(0.1))
    assert rows(enrolled.procedure, state="SCHEDULED")[:3] == [
        "08 12:00", "08 14:00 again for 12:00", "08 16:00",
    ]  # fmt: skip

    earlier = at(-1)
    procedures.mark_done(
        staff=staff, procedure_id=enrolled.procedure.pk, ended_at=earlier, now=at(0.2)
    )
    assert rows(enrolled.procedure)[:6] == [
        "08 11:00 SCHEDULED",
        "08 12:00 CANCELLED",
        "08 13:00 again for 11:00 SCHEDULED",
        "08 14:00 again for 12:00 CANCELLED",
        "08 15:00 SCHEDULED",
        "08 16:00 CANCELLED",
    ]
    procedures.mark_done(staff=staff, procedure_id=enrolled.procedure.pk, ended_at=T0, now=at(0.3))
    assert rows(enrolled.procedure, state="SCHEDULED")[0] == "08 12:00"


def test_a_late_desk_asks_at_once_for_what_is_still_of_use():
    procedure = a_planned(now=at(3))
    assert rows(procedure, state="SCHEDULED")[:2] == ["08 12:00", "08 14:00 again for 12:00"]
    assert rows(a_planned(now=at(4)), state="SCHEDULED")[0] == "08 14:00 again for 12:00"


@pytest.mark.parametrize("state", ["CLOSED", "CANCELLED", "VOID"])
def test_whoever_is_not_followed_any_more_is_not_reminded(state):
    procedure = a_planned()
    Procedure.objects.update(state=state)
    sweep.send_due_reminders(now=at(2))  # nobody has planned anew: asked again at the last moment
    assert rows(procedure)[0] == "08 12:00 CANCELLED"

    plan(procedure, at(2))
    assert set(states(procedure)) == {"CANCELLED"}
    assert Procedure.objects.get().plan_due_at is None


def move(patient, zone, hour=time(9)):
    patient_hours.change_hours(
        patient=patient,
        actor="user:1",
        timezone=zone,
        check_in_hour=hour,
        quiet_from=time(21),
        quiet_until=time(8),
        now=at(0.5),
    )
    patient.refresh_from_db()


def test_the_patients_own_hours_move_what_is_written():
    procedure = a_planned()
    move(procedure.patient, "America/Chicago", time(10))
    procedure.refresh_from_db()
    assert rows(procedure, state="SCHEDULED")[6:9] == [
        "09 10:00",
        "09 12:00 again for 10:00",
        "09 16:00 again for 10:00",
    ]
    assert "09 08:00 CANCELLED" in rows(procedure)  # 09:00 in New York

    move(procedure.patient, "America/New_York")
    procedure = Procedure.objects.get()
    assert rows(procedure, state="SCHEDULED") == rows(a_planned(), state="SCHEDULED")


def test_a_zone_that_does_not_exist_is_refused():
    procedure = a_planned()
    with pytest.raises(patient_hours.UnknownZone):
        move(procedure.patient, "America/Springfield")


def test_other_numbers_of_the_clinic_move_the_end():
    procedure = a_planned()
    clinician = a_staff(procedure.clinic, role="CLINICIAN")
    plan(procedure, at(24 * 6))
    version = approved(procedure.clinic, active_h=168)
    protocols.move_procedure(
        staff=clinician, procedure_id=procedure.pk, number=version.number, now=at(24 * 6)
    )
    left = rows(procedure, state="SCHEDULED")
    assert left[-1].startswith("15 15:00") and "16 09:00 CANCELLED" in rows(procedure)


def test_a_row_in_other_hands_is_left_and_one_that_fails_comes_last(monkeypatch):
    good, bad = a_planned(), a_planned()
    Procedure.objects.update(plan_due_at=at(1))
    real = reminder_plans.plan

    def plan_but_one(*, procedure, now):
        if procedure.pk == bad.pk:
            raise ValueError("odd")
        real(procedure=procedure, now=now)

    monkeypatch.setattr(reminder_plans, "plan", plan_but_one)
    sweep.plan_due_reminders(now=at(1))
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.plan_due_at > at(24) and bad.plan_due_at == at(1) + timedelta(minutes=1)
