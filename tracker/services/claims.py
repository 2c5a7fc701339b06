"""Whose turn it is to send a row: claimed under a lease, fenced by the number of the attempt."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Exists, OuterRef

from tracker import clock, faults
from tracker.models import Delivery, Procedure
from tracker.models.delivery import DeliveryState, MessageKind, Priority
from tracker.models.procedure import StopReason
from tracker.scope import clinic_scope

LONGEST_WAIT = 60  # seconds of the world between two tries
NEVER = datetime.max.replace(tzinfo=UTC)
KNOWN = list(MessageKind.values)
"""A kind that only newer code knows is left to it, unclaimed."""
Taken = tuple[int, int, UUID]
"""Id and attempts of a row that was claimed, and its clinic: there the work goes on."""
PATIENCE = 3  # tries to note that a message left, when the database goes away meanwhile

DIED = Exists(Procedure.objects.filter(patient=OuterRef("patient"), stop_reason=StopReason.DIED))

_IS_DUE = """
    SELECT 1 FROM tracker_deliverymoment
    WHERE state = 'PENDING' AND priority = %s AND (due_at <= %s OR due_at > %s)
    LIMIT 1
"""
# Whosever the rows are: functions of the database (migration 0012), which tell it of each.
_TAKE_DUE = "SELECT id, attempts, clinic_id FROM tracker_take_due(%s, %s, %s, %s, %s, %s)"
_TAKE_ONE = "SELECT id, attempts, clinic_id FROM tracker_take_one(%s, %s, %s, %s, %s)"

# A phone may confirm what it showed before the sender gets to write that it left.
_MARK_SENT = """
    UPDATE tracker_delivery
    SET state = CASE state WHEN 'SEEN' THEN 'SEEN' ELSE 'SENT' END,
        sent_at = %s, confirm_by = %s::timestamptz, last_error = ''
    WHERE id = %s AND attempts = %s AND state IN ('PENDING', 'SEEN')
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours until its lease ends."""

    delivery: Delivery
    at: float
    """When it was claimed, by the monotonic clock of this process."""
    has_died: bool = False
    """Whether its patient has: then nothing is ever sent again."""

    @property
    def may_be_sent(self) -> bool:
        """Whether enough of the lease is left: a process that was frozen must not send late."""
        return time.monotonic() - self.at < settings.LEASE / 2

    @property
    def is_fresh(self) -> bool:
        """Whether what was read with it is still news."""
        return time.monotonic() - self.at < 1


def claim_due(*, now: datetime, priorities: Sequence[Priority], limit: int) -> list[Claimed]:
    """Claim up to so many due rows, the most urgent priority first."""
    at, taken = time.monotonic(), list[Taken]()
    for priority in sorted(priorities):
        due = [priority, now, _put_back(priority, now)]
        # Most of the time nothing is due, and that is quickly asked.
        if limit > len(taken) and _ask_prepared(_IS_DUE, due):
            room = limit - len(taken)
            taken += _ask(_TAKE_DUE, [*due, KNOWN, room, _lease_end(now)])
    return _read(taken, at)


def claim(*, delivery_id: int, now: datetime) -> Claimed | None:
    """Claim one row by its id; None when it is not due or somebody else holds it."""
    at = time.monotonic()
    arguments = [delivery_id, now, NEVER, KNOWN, _lease_end(now)]
    return next(iter(_read(_ask(_TAKE_ONE, arguments), at)), None)


def give_back(claimed: Claimed, *, now: datetime) -> None:
    """Let another worker have a row that was claimed and not begun."""
    mark(claimed.delivery, due_at=now)


def mark(delivery: Delivery, **fields: object) -> bool:
    """Write what came of it, unless the lease ran out and the row is somebody else's by now."""
    return bool(
        Delivery.objects.filter(
            pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.PENDING
        ).update(**fields)
    )


def mark_sent(delivery: Delivery, *, confirm_by: datetime | None, now: datetime) -> None:
    """Write that a message left, also over a connection that broke: else it would leave again."""
    sent = [now, confirm_by, delivery.pk, delivery.attempts]
    for last_try in [False] * (PATIENCE - 1) + [True]:
        try:
            with connection.cursor() as cursor:
                cursor.execute(_MARK_SENT, sent)
        except OperationalError:
            if last_try or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(0.5)
        else:
            return


def _put_back(priority: Priority, now: datetime) -> datetime:
    """Beyond which moment a row can only be due because a clock was put back after it was written.

    An alert must not wait until that hour comes again. A reminder may: quiet hours put it off, too.
    """
    return (
        NEVER if priority == Priority.REMINDER else now + clock.real(LONGEST_WAIT + settings.LEASE)
    )


def _lease_end(now: datetime) -> datetime:
    return now + clock.real(settings.LEASE)


def _ask(statement: str, arguments: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return list(cursor.fetchall())


def _ask_prepared(statement: str, arguments: Sequence[Any]) -> list[Any]:
    """Parsed and planned once for each connection: for a question that is asked all day long.

    Django's cursors cannot, so its care for the connection is taken here. Behind a transaction
    pooler `prepare_threshold` is None, and psycopg prepares nothing.
    """
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        return (
            psycopg.Cursor(connection.connection)
            .execute(statement, arguments, prepare=True)
            .fetchall()
        )


def _read(taken: Sequence[Taken], at: float) -> list[Claimed]:
    rows: dict[int, Any] = {}
    for clinic_id in {whose for _, _, whose in taken}:
        with clinic_scope(clinic_id):
            rows |= _rows([pk for pk, _, whose in taken if whose == clinic_id])
    claimed = [Claimed(rows[pk], at, rows[pk].has_died) for pk, _, _ in taken if pk in rows]
    attempts = {pk: number for pk, number, _ in taken}
    for each in claimed:
        each.delivery.attempts = attempts[each.delivery.pk]
        faults.point("after_claim", each.delivery.key)
    return claimed


def _rows(ids: list[int]) -> dict[int, Any]:
    related = ("patient", "user", "subscription", "alert", "reminder__procedure")
    return Delivery.objects.select_related(*related).annotate(has_died=DIED).in_bulk(ids)
