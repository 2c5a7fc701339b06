"""Whether the product does what it promises just now, and in which words it does not."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Model, QuerySet
from django.db.models.functions import Now
from psycopg.errors import DiskFull

from tracker.models import (
    AlertMoment,
    DeliveryMoment,
    ProcedureMoment,
    ReminderMoment,
    SweeperBeat,
)
from tracker.models.delivery import DeliveryState, MessageKind, Priority
from tracker.models.reminder import ReminderKind, ReminderState
from tracker.services.reconciliation import at_most

MOST_WAIT = 2  # seconds of one question to the database
NEWEST_BEAT = 12.0  # seconds; the sweeper beats each second, and 15 is what we promise
MOST_SKEW = 5.0  # seconds between this process's clock and the database's
BEAT_EVERY = timedelta(seconds=1)
FULL_FOR = 60.0  # seconds that a full disk is told of after it refused something


@dataclass(frozen=True, slots=True)
class Due:
    """One kind of row that is due: how late the oldest may be, in seconds of the world."""

    kind: str
    rows: QuerySet[Model]
    at: str
    latest: float


def _owed(priority: Priority) -> QuerySet[DeliveryMoment]:
    # What failed is due in the future again, and so is what a sender holds. Kinds as in claims.
    pending = DeliveryMoment.objects.filter(state=DeliveryState.PENDING, priority=priority)
    return pending.filter(kind__in=MessageKind.values)


def due_kinds() -> list[Due]:
    """Everything that waits for its moment, each by the index that the sweep uses."""
    # A kind that only newer code knows is left to it, here as in the sweep.
    scheduled = ReminderMoment.objects.filter(
        state=ReminderState.SCHEDULED, kind__in=ReminderKind.values
    )
    return [
        Due("alert_delivery", _owed(Priority.ALERT), "due_at", 10),
        Due("timer_delivery", _owed(Priority.TIMER), "due_at", 60),
        Due("reminder_delivery", _owed(Priority.REMINDER), "due_at", 60),
        Due("reminder", scheduled, "due_at", 60),
        Due("escalation", AlertMoment.objects.filter(due_at__isnull=False), "due_at", 10),
        Due("assessment", _timed("next_assessment_at"), "next_assessment_at", 60),
        Due("plan", _timed("plan_due_at"), "plan_due_at", 60),
    ]


def _timed(field: str) -> QuerySet[ProcedureMoment]:
    return ProcedureMoment.objects.filter(**{f"{field}__isnull": False})


def overdue(due: Due, now: datetime) -> float:
    """Seconds of the world since the oldest row was due; 0 when none is."""
    oldest = due.rows.order_by(due.at).values_list(due.at, flat=True).first()
    return max(0.0, (now - oldest).total_seconds() / settings.CLOCK_SPEED) if oldest else 0.0


def beat() -> None:
    """Say that a sweep was done: at most once a second, whatever number of workers sweep.

    In the database's time, so that a worker with a wrong clock looks neither dead nor alive.
    """
    fresh = {"swept_at__gt": Now() - BEAT_EVERY, "swept_at__lte": Now()}
    if not SweeperBeat.objects.exclude(**fresh).update(swept_at=Now()):
        SweeperBeat.objects.get_or_create(pk=1, defaults={"swept_at": Now()})


def beat_age() -> float | None:
    """Seconds since any worker swept; None when none ever did."""
    beats = SweeperBeat.objects.annotate(at=Now(output_field=DateTimeField()))
    found = beats.values_list("at", "swept_at").first()
    return (found[0] - found[1]).total_seconds() if found else None


def clock_skew() -> float:
    """Seconds by which this process's clock is ahead of the database's."""
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    return ((before - theirs) + (datetime.now(UTC) - theirs)).total_seconds() / 2


def what_is_wrong(*, now: datetime) -> dict[str, str]:
    """Name what somebody on call must see to; empty when all is well."""
    with at_most(MOST_WAIT):
        wrong = {**_wrong_beat(), **_wrong_clock(), **_disk.wrong()}
        for due in due_kinds():
            late = overdue(due, now)
            if late > due.latest:
                wrong[due.kind] = f"the oldest is {late:.0f} s overdue; {due.latest:.0f} s at most"
    return wrong


def _wrong_beat() -> dict[str, str]:
    age = beat_age()
    if age is None:
        return {"sweeper": "no worker has swept yet"}
    if age > NEWEST_BEAT:
        return {"sweeper": f"the last sweep was {age:.0f} s ago; is a worker running?"}
    return {}


def _wrong_clock() -> dict[str, str]:
    skew = clock_skew()
    if abs(skew) > MOST_SKEW:
        return {"clock": f"{skew:+.0f} s from the database's"}
    return {}


class DiskWatch:
    """Remembers what this process could not store: on a full disk, reading and beating go on."""

    def __init__(self) -> None:
        self._refused_at: float | None = None

    def note(self, error: Exception) -> None:
        if isinstance(error.__cause__, DiskFull):
            self._refused_at = time.monotonic()

    def wrong(self) -> dict[str, str]:
        if self._refused_at is None or time.monotonic() - self._refused_at > FULL_FOR:
            return {}
        return {"disk": "the database had no room for what it was given; is its disk full?"}


_disk = DiskWatch()
note_refusal = _disk.note


class ClockWatch:
    """Notices a clock that moved otherwise than time did: it was set, or the machine slept."""

    def __init__(self) -> None:
        self._apart: float | None = None

    def step(self, *, now: datetime, monotonic: float) -> float:
        """Seconds by which the clock jumped since the last look; 0 when it runs as time does."""
        apart = now.timestamp() / settings.CLOCK_SPEED - monotonic
        before, self._apart = self._apart, apart
        if before is None or abs(apart - before) <= MOST_SKEW:
            return 0.0
        return apart - before
