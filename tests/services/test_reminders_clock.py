"""A clock that jumps loses nothing, doubles nothing, and sends nothing early."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from tests.delivery.steps import deliver_all
from tests.services.reminding import a_planned, at
from tracker.models import Delivery, Reminder
from tracker.services import ice_sessions, reminders, sweep

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=60)


def run(clock_at):
    """Sweep each minute for five hours by a clock that tells `clock_at(minute)`."""
    last = None
    early = []
    for minute in range(5 * 60):
        now = clock_at(minute)
        if last is not None and now < last:
            # The sweeper sees the step by its monotonic clock.
            reminders.restore_expired(now=now)
        sweep.plan_due_reminders(now=now)
        sweep.send_due_reminders(now=now)
        sent = Delivery.objects.filter(created_at=now, reminder__due_at__gt=now)
        early += list(sent.values_list("key", flat=True))
        last = now
    return early


def right(minute):
    return at(0) + minute * STEP


CLOCKS = {
    "right": right,
    "put_forward": lambda m: right(m) + timedelta(hours=m >= 70),
    "put_back": lambda m: right(m) - timedelta(hours=m >= 130),
    "ten_seconds_back": lambda m: right(m) - timedelta(seconds=10 * (m >= 120)),
    "forward_and_back": lambda m: right(m) + timedelta(hours=70 <= m < 75),
    "back_and_forward": lambda m: right(m) - timedelta(hours=121 <= m < 125),
    "forward_and_back_while_ice_is_on": lambda m: right(m) + timedelta(hours=190 <= m < 195),
}


def test_a_message_that_ended_because_the_clock_ran_ahead_is_owed_again():
    a_planned()
    sweep.send_due_reminders(now=at(2))
    owed = Delivery.objects.filter(state="PENDING")
    assert (count := owed.count()) > 0
    deliver_all(now=at(26))
    assert Delivery.objects.filter(state="EXPIRED").count() == count

    reminders.restore_expired(now=at(2))

    assert owed.filter(due_at__lte=at(2)).count() == count


@pytest.mark.parametrize("name", CLOCKS)
def test_a_clock_that_jumps(name):
    procedure = a_planned()
    start = CLOCKS[name](0) + timedelta(minutes=185)
    ice_sessions.start_ice(
        patient=procedure.patient, client_id=uuid.uuid4(), started_at=start, now=start
    )
    early = run(CLOCKS[name])

    last = CLOCKS[name](5 * 60 - 1)
    due = Reminder.objects.filter(due_at__lte=last)
    lost = due.exclude(state__in=["SENT", "DONE", "EXPIRED"])
    assert early == [] and not lost.exists()
    assert due.filter(kind="CHECK_IN", state="SENT").exists()
    # What was too late by the clock itself, which was set forward for good.
    stale = set(due.filter(state="EXPIRED").values_list("kind", flat=True))
    assert stale <= ({"ICE_OFFER"} if name == "put_forward" else set())
    assert Delivery.objects.count() == due.filter(state="SENT").count()
