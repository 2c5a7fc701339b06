"""What the trial's database holds at the end, read by plain SQL, row by row."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tracker.chaos.cohort import NAME
from tracker.chaos.product import Product
from tracker.delivery.push import topic

NOTIFYING = ["open", "escalate", "reraise"]
ANSWERED = ["acknowledge", "resolve", "clear"]
SOON = timedelta(seconds=20)  # longer than a lease


@dataclass(frozen=True)
class Owed:
    """One delivery, with what it is about."""

    key: str
    kind: str
    channel: str
    state: str
    due_at: datetime
    created_at: datetime
    alert: str
    procedure: str
    reminder_due_at: datetime | None
    session: str

    @property
    def wire_id(self) -> str:
        """What the receiver knows it by."""
        if self.channel == "PUSH":
            return topic(self.key)
        return hashlib.sha256(self.key.encode()).hexdigest()[:32]

    @property
    def event(self) -> int:
        """The newest event of the alert when staff were owed this; no clock tells it."""
        return int(self.key.split(":")[2])

    @property
    def cause(self) -> str:
        return self.key.split(":push:")[0].split(":email")[0]


@dataclass(frozen=True)
class Raised:
    id: str
    procedure: str
    raised_at: datetime
    tier: int
    last_answered: int
    """The newest event by which it waited no longer. It may wait again since: it became worse, or a
    clock that jumped an hour brought back what nobody closed. 0: nobody ever took it."""


@dataclass(frozen=True)
class Records:
    owed: list[Owed]
    check_ins: dict[str, bool]
    """By the phone's id: whether it was assessed."""
    alerts: dict[str, Raised]
    causes: dict[str, str]
    """Which check-in a cause of messages belongs to."""
    timers: dict[str, str]
    """What became of the reminder to take the ice off, by the phone's id of the session."""


def read(product: Product) -> Records:
    owed = product.query(
        "SELECT d.key, d.kind, d.channel, d.state, d.due_at, d.created_at,"
        " coalesce(d.alert_id::text, ''),"
        " coalesce(a.procedure_id::text, ''),"
        " r.due_at, coalesce(s.client_id::text, '') FROM tracker_delivery d"
        " LEFT JOIN tracker_alert a ON a.id = d.alert_id"
        " LEFT JOIN tracker_reminder r ON r.id = d.reminder_id"
        " LEFT JOIN tracker_icesession s ON s.id = r.ice_session_id"
        # The fictional clinic has patients of its own, with a past that nobody received.
        " JOIN tracker_patient p ON p.id = coalesce(d.patient_id, a.patient_id)"
        " WHERE p.name LIKE %s",
        NAME.format("%"),
    )
    alerts = product.query(
        "SELECT id::text, procedure_id::text, raised_at, tier, coalesce((SELECT max(e.id)"
        " FROM tracker_alertevent e WHERE e.alert_id = a.id AND e.step = ANY(%s)), 0)"
        " FROM tracker_alert a",
        ANSWERED,
    )
    check_ins = product.query(
        "SELECT client_id::text, EXISTS (SELECT 1 FROM tracker_assessment a"
        " WHERE a.check_in_id = c.id) FROM tracker_checkin c"
    )
    causes = product.query(
        "SELECT e.id, c.client_id::text FROM tracker_alertevent e"
        " JOIN tracker_checkin c ON c.id = e.check_in_id WHERE e.step = ANY(%s)",
        NOTIFYING,
    )
    timers = product.query(
        "SELECT s.client_id::text, r.state FROM tracker_icesession s"
        " JOIN tracker_reminder r ON r.ice_session_id = s.id WHERE r.kind = 'ICE_OFF'"
    )
    return Records(
        owed=[Owed(*row) for row in owed],
        check_ins=_pairs(check_ins),
        alerts={row[0]: Raised(*row) for row in alerts},
        causes={f"alert-event:{event}": check_in for event, check_in in causes},
        timers=_pairs(timers),
    )


def still_due(product: Product) -> int:
    """How much the product has yet to do now, leases that run included."""
    soon = datetime.fromtimestamp(time.time() + product.steps[-1][1], UTC) + SOON
    ((deliveries,),) = product.query(
        "SELECT count(*) FROM tracker_delivery WHERE state = 'PENDING' AND due_at <= %s", soon
    )
    ((reminders,),) = product.query(
        "SELECT count(*) FROM tracker_reminder WHERE state = 'SCHEDULED'"
        " AND kind = 'ICE_OFF' AND due_at <= %s",
        soon,
    )
    return int(deliveries) + int(reminders)


def _pairs(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    return dict(rows)  # type: ignore[arg-type]
