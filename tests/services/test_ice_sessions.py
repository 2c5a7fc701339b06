"""Twenty minutes on, at least twenty off; both ends are rows."""

from __future__ import annotations

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import NOW
from tests.factories import a_patient, a_phone, a_procedure
from tracker.models import Delivery, Reminder
from tracker.services import ice_sessions, push_subscriptions, sweep
from tracker.services.ice_sessions import IceIdTaken, IceNotSafe, IceTooSoon, StartInFuture

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.fixture
def patient():
    patient = a_patient(email="rosa@patient.test")
    a_procedure(patient, hours_ago=2)
    return patient


def start(patient, at=NOW, now=None, client_id=None):
    return ice_sessions.start_ice(
        patient=patient, client_id=client_id or uuid.uuid4(), started_at=at, now=now or at
    ).session


def due(patient):
    rows = Reminder.objects.filter(patient=patient).order_by("due_at")
    return [(row.kind, (row.due_at - NOW) / MINUTE, row.state) for row in rows]


def test_a_session_owes_both_its_ends(patient):
    start(patient)
    assert due(patient) == [("ICE_OFF", 20, "SCHEDULED"), ("ICE_AGAIN", 40, "SCHEDULED")]


@pytest.mark.parametrize(("minutes", "allowed"), [(30, False), (39.9, False), (40, True)])
def test_the_rest_interval_is_kept(patient, minutes, allowed):
    start(patient)
    if allowed:
        start(patient, NOW + minutes * MINUTE)
        return
    with pytest.raises(IceTooSoon) as refused:
        start(patient, NOW + minutes * MINUTE)
    assert refused.value.next_allowed_at == NOW + 40 * MINUTE


def test_stopping_early_cancels_the_timer_and_moves_the_rest(patient):
    session = start(patient)
    ice_sessions.stop_ice(patient=patient, client_id=session.client_id, now=NOW + 5 * MINUTE)
    assert due(patient) == [
        ("ICE_OFF", 20, "CANCELLED"),
        ("ICE_AGAIN", 25, "SCHEDULED"),
        ("ICE_AGAIN", 40, "CANCELLED"),
    ]


def test_the_same_start_twice_is_one_session(patient):
    client_id = uuid.uuid4()
    assert start(patient, client_id=client_id) == start(patient, client_id=client_id)
    assert len(due(patient)) == 2
    with pytest.raises(IceIdTaken):
        start(patient, NOW + MINUTE, client_id=client_id)


def test_ice_is_off_for_those_for_whom_it_is_not_safe():
    patient = a_patient(ice_contraindicated=True)
    a_procedure(patient)
    with pytest.raises(IceNotSafe):
        start(patient)


def test_a_start_in_the_future_is_refused(patient):
    with pytest.raises(StartInFuture):
        start(patient, NOW + 6 * MINUTE, now=NOW)


@pytest.mark.parametrize(
    ("minutes", "state", "messages"),
    [(19.9, "SCHEDULED", 0), (20, "SENT", 1), (24.9, "SENT", 1), (25, "EXPIRED", 0)],
)
def test_a_timer_is_never_early_and_not_sent_when_stale(patient, minutes, state, messages):
    start(patient)
    sweep.send_due_reminders(now=NOW + minutes * MINUTE)
    assert due(patient)[0][2] == state
    assert Delivery.objects.count() == messages


def test_a_due_reminder_owes_one_message_a_phone(patient, settings):
    settings.PUSH_TEST_ORIGIN = "http://127.0.0.1:1"
    from tests.push_service import Browser

    for number in range(2):
        browser = Browser(endpoint=f"http://127.0.0.1:1/{number}")
        keys = browser.subscription["keys"]
        push_subscriptions.subscribe(
            phone=a_phone(patient), endpoint=browser.endpoint, **keys, now=NOW
        )
    start(patient)
    for _ in range(3):
        sweep.send_due_reminders(now=NOW + 20 * MINUTE)
    assert Delivery.objects.filter(kind="ICE_OFF", channel="PUSH").count() == 2


@pytest.mark.parametrize(("after_midnight", "times"), [(timedelta(0), 1), (-SECOND / 2, 0)])
def test_ice_counts_from_midnight_on(patient, after_midnight, times):
    midnight = NOW.astimezone(ZoneInfo(patient.timezone)).replace(hour=0, minute=0)
    start(patient, midnight + after_midnight)
    now = NOW + timedelta(microseconds=7)
    assert ice_sessions.times_today(patient=patient, now=now) == times
