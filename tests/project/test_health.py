"""/livez, /readyz: red within seconds when a promise is not kept, and in words that say which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections
from django.db.models.functions import Now
from django.http import JsonResponse
from django.test import Client

from config.launcher import NEEDED
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, fever
from tracker import clock
from tracker.models import Alert, Delivery, Procedure, Reminder, SweeperBeat
from tracker.services import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def swept() -> None:
    health.beat()


def ask() -> tuple[int, dict[str, str]]:
    answer = Client().get("/readyz")
    assert (answer.status_code == 200) == (answer.json()["status"] == "ok")
    return answer.status_code, answer.json()["wrong"]


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_ready_when_somebody_sweeps(settings, swept):
    settings.INSTANCE = "abc"
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "wrong": {}})
    assert answer["X-Afterblock-Instance"] == "abc"


def test_not_ready_before_a_worker_is_there():
    assert ask() == (503, {"sweeper": "no worker has swept yet"})


@pytest.mark.parametrize(("age", "is_red"), [(9, False), (13, True), (3600, True)])
def test_a_sweeper_that_stopped_is_seen_within_15_seconds(age, is_red):
    SweeperBeat.objects.create(pk=1, swept_at=Now() - seconds(age))
    status, wrong = ask()
    assert (status, list(wrong)) == ((503, ["sweeper"]) if is_red else (200, []))


def owed(patient, *, priority, late, **fields):
    known = {"clinic": patient.clinic, "patient": patient, "kind": "CHECK_IN", "channel": "EMAIL"}
    return Delivery.objects.create(
        **known,
        key=str(late),
        priority=priority,
        created_at=clock.now(),
        due_at=clock.now() - seconds(late),
        **fields,
    )


@pytest.mark.parametrize(
    ("priority", "late", "wrong"),
    [
        (0, 6, []),
        (0, 12, ["alert_delivery"]),
        (0, -30, []),  # it failed, and is tried again in 30 seconds
        (1, 12, []),
        (1, 62, ["timer_delivery"]),
        (2, 50, []),
        (2, 62, ["reminder_delivery"]),
    ],
)
def test_messages_that_nobody_sends(swept, priority, late, wrong):
    owed(a_patient(), priority=priority, late=late)
    assert list(ask()[1]) == wrong


def test_messages_that_left_are_not_late(swept):
    owed(a_patient(), priority=0, late=500, state="SENT")
    assert ask() == (200, {})


@pytest.mark.parametrize(("late", "wrong"), [(50, []), (62, ["reminder"])])
def test_reminders_that_nobody_turns_into_messages(swept, late, wrong):
    procedure = a_procedure(now=clock.now())
    Reminder.objects.create(
        clinic=procedure.clinic,
        patient=procedure.patient,
        procedure=procedure,
        kind="CHECK_IN",
        asked_at=clock.now(),
        due_at=clock.now() - seconds(late),
        expires_at=clock.now() + seconds(600),
    )
    assert list(ask()[1]) == wrong


@pytest.mark.parametrize(
    ("field", "wrong"), [("next_assessment_at", "assessment"), ("plan_due_at", "plan")]
)
def test_procedures_that_nobody_looks_at(swept, field, wrong):
    procedure = a_procedure(now=clock.now())
    Procedure.objects.filter(pk=procedure.pk).update(**{field: clock.now() - seconds(50)})
    assert ask() == (200, {})
    Procedure.objects.filter(pk=procedure.pk).update(**{field: clock.now() - seconds(62)})
    assert list(ask()[1]) == [wrong]


def test_alerts_that_nobody_passes_on(swept):
    patient = a_patient(email="me@home.test")
    a_procedure(patient, now=clock.now())
    a_staff(patient.clinic, on_call_order=1)
    a_check_in(patient, now=clock.now(), **fever())
    assert ask() == (200, {})
    Alert.objects.update(due_at=clock.now() - seconds(12))
    assert list(ask()[1]) == ["escalation"]


def test_a_clock_that_is_wrong(swept, monkeypatch):
    real = health.datetime

    class Ahead(real):
        @classmethod
        def now(cls, zone=None):
            return real.now(zone) + seconds(6)

    monkeypatch.setattr(health, "datetime", Ahead)
    status, wrong = ask()
    assert (status, wrong) == (503, {"clock": "+6 s from the database's"})


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away(settings, monkeypatch):
    connections["default"].close()
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "/nowhere")
    try:
        status, wrong = ask()
        assert (status, list(wrong)) == (503, ["database"])
        assert Client().get("/livez").status_code == 200
    finally:
        monkeypatch.undo()
        connections["default"].close()


def test_a_fast_clock_counts_in_seconds_of_the_world(swept, settings):
    settings.CLOCK_SPEED = 60
    owed(a_patient(), priority=0, late=6 * 60)
    assert ask() == (200, {})
    Delivery.objects.update(due_at=clock.now() - seconds(12 * 60))
    assert list(ask()[1]) == ["alert_delivery"]


def test_a_heart_beats_at_most_once_a_second_whoever_sweeps(swept):
    def beat():
        health.beat()
        return SweeperBeat.objects.get().swept_at

    first = beat()
    assert beat() == first
    SweeperBeat.objects.update(swept_at=first - seconds(2))
    assert beat() > first - seconds(2)
    SweeperBeat.objects.update(swept_at=first + seconds(3600))  # the clock was set back
    assert beat() < first + seconds(3600)


@pytest.mark.parametrize(
    ("apart", "jumped"), [(1, 0), (5, 0), (7, 6), (3601, 3600), (-9, -10), (-3599, -3600)]
)
def test_a_clock_that_is_set_is_noticed_once(settings, apart, jumped):
    settings.CLOCK_SPEED = 1
    watch, now = health.ClockWatch(), clock.now()
    assert watch.step(now=now, monotonic=100) == 0
    assert round(watch.step(now=now + seconds(apart), monotonic=101), 3) == (jumped or 0)
    assert watch.step(now=now + seconds(apart + 1), monotonic=102) == 0


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ({"reminder": "the oldest is 9000 s overdue"}, False),
        ({"clock": "+9 s", "alert_delivery": "late"}, False),
        ({"sweeper": "no worker has swept yet"}, True),
        ({"reminder": "late", "database": "away"}, True),
    ],
)
def test_a_start_waits_for_a_worker_and_not_for_its_backlog(said, waits):
    body = JsonResponse({"status": "unavailable", "wrong": said}).content.decode()
    assert bool(NEEDED.search(body)) == waits
    assert NEEDED.search("<h1>Server Error</h1>")
