"""Tasks: opened once for what is missing, overdue, without relief or out of reach."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, a_staff
from tracker.models import Task
from tracker.models.task import TaskKind
from tracker.services import procedures, tasks

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
PLANNED = {"nerves": ["superior_cluneal"], "side": "right", "kind": "therapeutic"}


def kinds():
    return list(Task.objects.filter(done_at=None).values_list("kind", flat=True))


def done(task, staff):
    return tasks.finish_task(staff=staff, task_id=task.pk, note="Talked to them.", now=NOW)


def test_a_task_of_a_kind_is_open_once():
    patient = a_patient()
    first, second = (tasks.open_unreachable(patient=patient, now=NOW) for _ in range(2))
    assert first == second
    done(first, a_staff(patient.clinic))
    assert tasks.open_unreachable(patient=patient, now=NOW + DAY) != first


@pytest.mark.parametrize(
    ("patient", "baseline", "missing"),
    [
        ({}, {"baseline_pain": 6}, []),
        ({}, {"baseline_pain": 0}, []),
        ({}, {}, ["pain"]),
        ({"diabetes": True}, {"baseline_pain": 6}, ["glucose"]),
        ({"diabetes": True}, {"baseline_pain": 6, "baseline_glucose": "150"}, []),
        ({"diabetes": True}, {}, ["pain", "glucose"]),
    ],
)
def test_a_baseline_that_nobody_knows_is_asked_for_at_enrolment(patient, baseline, missing):
    enrolled = procedures.enrol(
        staff=a_staff(),
        patient={"name": "New", **patient},
        procedure={**PLANNED, "scheduled_at": NOW, **baseline},
        now=NOW,
    )
    assert tasks.missing_baselines(enrolled.procedure) == missing
    assert kinds() == (["MISSING_BASELINE"] if missing else [])


def test_it_is_done_when_the_patient_fills_it_in_before_the_block():
    staff = a_staff()
    enrolled = procedures.enrol(
        staff=staff, patient={"name": "New"}, procedure={**PLANNED, "scheduled_at": NOW}, now=NOW
    )
    a_check_in(enrolled.patient, now=NOW - DAY, pain={"usual": 7})
    procedures.mark_done(staff=staff, procedure_id=enrolled.procedure.pk, ended_at=NOW, now=NOW)
    assert kinds() == []
    assert Task.objects.get().note == "It was filled in."


def test_what_staff_have_closed_is_not_asked_again():
    procedure = a_procedure(baseline_pain=None)
    tasks.check_baseline(procedure=procedure, now=NOW)
    done(Task.objects.get(), a_staff(procedure.clinic))
    tasks.check_baseline(procedure=procedure, now=NOW)
    assert kinds() == []


def look(now):
    for _ in range(2):
        tasks.open_due_tasks(now=now)
    return kinds()


@pytest.mark.parametrize(
    ("kind", "pain", "day", "found"),
    [
        ("therapeutic", 6, 17, True),
        ("therapeutic", 5, 17, True),
        ("therapeutic", 4, 17, False),  # 2 points better
        ("therapeutic", 6, 15, False),  # a nearer score may still arrive
        ("therapeutic", 6, 24, False),  # no news any more
        ("diagnostic", 6, 17, False),
    ],
)
def test_no_relief_two_weeks_after_the_block(kind, pain, day, found):
    procedure = a_procedure(hours_ago=0, kind=kind, steroid=kind == "therapeutic")
    a_check_in(procedure.patient, now=NOW + 14 * DAY, pain={"usual": pain})
    assert ("NO_RELIEF" in look(NOW + day * DAY)) is found


def test_no_relief_is_said_once():
    procedure = a_procedure(hours_ago=0)
    a_check_in(procedure.patient, now=NOW + 14 * DAY, pain={"usual": 6})
    look(NOW + 17 * DAY)
    done(Task.objects.get(), a_staff(procedure.clinic))
    assert look(NOW + 18 * DAY) == []


def test_a_follow_up_that_nobody_answers_is_a_task_until_somebody_does():
    procedure = a_procedure(hours_ago=0)
    a_check_in(procedure.patient, now=NOW + 20 * DAY, pain={"usual": 2})
    assert look(NOW + 23 * DAY) == []
    assert look(NOW + 25 * DAY) == ["OVERDUE_FOLLOW_UP"]
    done(Task.objects.get(), a_staff(procedure.clinic))
    assert look(NOW + 26 * DAY) == []
    assert look(NOW + 34 * DAY) == ["OVERDUE_FOLLOW_UP"]
    a_check_in(procedure.patient, now=NOW + 35 * DAY, pain={"usual": 2})
    assert look(NOW + 35 * DAY) == []


def test_a_procedure_that_is_closed_is_left_alone():
    a_procedure(hours_ago=30 * 24, state="CLOSED")
    assert look(NOW) == []


def test_one_procedure_that_fails_keeps_no_other_from_being_looked_at(caplog):
    """A time zone that nobody knows: it is logged, and the next one is looked at."""
    for zone in ("Moon/Crater", "America/New_York"):
        a_procedure(a_patient(timezone=zone), hours_ago=26 * 24)
    assert look(NOW) == ["OVERDUE_FOLLOW_UP"]
    assert "_check_follow_up failed" in caplog.text


def test_nobody_closes_a_strangers_task_or_without_saying_what_was_done():
    task = tasks.open_unreachable(patient=a_patient(), now=NOW)
    with pytest.raises(Task.DoesNotExist):
        done(task, a_staff())
    with pytest.raises(tasks.NoteMissing):
        tasks.finish_task(staff=a_staff(task.clinic), task_id=task.pk, note=" ", now=NOW)
    assert kinds() == [TaskKind.UNREACHABLE]
