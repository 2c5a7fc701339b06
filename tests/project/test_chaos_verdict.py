"""What a trial counts as lost, and as sent after somebody took the alert."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tracker.chaos.records import Owed, Raised, Records
from tracker.chaos.verdict import Judge, Seen, Verdict
from tracker.models.alert import AlertTier

RAISED_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
EVENT = 7  # the newest of the alert when staff were told
BEFORE, SINCE = EVENT - 1, EVENT + 1
TAKEN, MUCH_LATER = RAISED_AT.timestamp() + 1, RAISED_AT.timestamp() + 60


def owed(state: str) -> Owed:
    return Owed(
        key=f"alert:a:{EVENT}:0:user:1",
        kind="STAFF_ALERT",
        channel="EMAIL",
        state=state,
        due_at=RAISED_AT,
        created_at=RAISED_AT,
        alert="a",
        procedure="p",
        reminder_due_at=None,
        session="",
    )


def raised(name: str, last_answered: int, tier: AlertTier = AlertTier.CALL_TODAY) -> Raised:
    return Raised(name, "p", RAISED_AT, tier, last_answered)


def judged(
    message: Owed,
    *alerts: Raised,
    arrived: float | None = None,
    took: dict[str, float] | None = None,
) -> Verdict:
    mail = {message.wire_id: [arrived]} if arrived else {}
    seen = Seen(MUCH_LATER, [], [], mail, took or {}, [], [(0.0, 0.0)])
    records = Records([message], {}, {each.id: each for each in alerts}, {}, {})
    return Judge(seen, records).judge()


@pytest.mark.parametrize(
    ("alerts", "is_lost"),
    [
        ([raised("a", SINCE)], False),
        ([raised("a", 0)], True),
        ([raised("a", BEFORE)], True),
        ([raised("a", SINCE), raised("b", 0)], True),
        ([raised("a", SINCE), raised("b", SINCE)], False),
        ([raised("a", SINCE), raised("b", 0, AlertTier.WATCH)], False),
    ],
    ids=["taken", "never taken", "worse since it was taken", "another not", "both", "one to watch"],
)
def test_a_message_is_cancelled_only_when_all_that_it_speaks_for_was_taken(alerts, is_lost):
    assert bool(judged(owed("CANCELLED"), *alerts).lost) is is_lost


@pytest.mark.parametrize("state", ["DEAD", "EXPIRED", "GONE", "SENT"])
def test_any_other_that_never_arrived_is_lost(state):
    assert judged(owed(state), raised("a", SINCE)).lost


@pytest.mark.parametrize(
    ("last_answered", "arrived", "is_late_news"),
    [
        (SINCE, MUCH_LATER, True),
        (SINCE, TAKEN + 1, False),
        (BEFORE, MUCH_LATER, False),
    ],
    ids=["taken long before", "on its way when it was taken", "worse since it was taken"],
)
def test_nothing_is_sent_after_somebody_took_it(last_answered, arrived, is_late_news):
    alert = raised("a", last_answered)
    told = judged(owed("SENT"), alert, arrived=arrived, took={"a": TAKEN})
    assert bool(told.after_acknowledgement) is is_late_news
