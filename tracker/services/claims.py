"""Whose turn it is to send a row: claimed under a lease, fenced by the number of the attempt."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from django.db.models import Exists, OuterRef

from tracker import clock, faults
from tracker.models import Delivery, Procedure
from tracker.models.delivery import DeliveryState, MessageKind, Priority
from tracker.models.procedure import StopReason

LONGEST_WAIT = 60  # seconds of the world between two tries
NEVER = datetime.max.replace(tzinfo=UTC)
KNOWN = list(MessageKind.values)
"""A kind that only newer code knows is left to it, unclaimed."""
PATIENCE = 3  # tries to note that a message left, when the database goes away meanwhile

DIED = Exists(Procedure.objects.filter(patient=OuterRef("patient"), stop_reason=StopReason.DIED))

_IS_DUE = """
    SELECT 1 FROM tracker_delivery
    WHERE state = 'PENDING' AND priority = %s AND (due_at <= %s OR due_at > %s)
        AND kind = ANY(%s) LIMIT 1
"""
_TAKE = """
    UPDATE tracker_delivery AS taken SET attempts = taken.attempts + 1, due_at = %s
    FROM due WHERE taken.id = due.id RETURNING taken.id, taken.attempts
"""
# MATERIALIZED, so that no plan asks the inner part twice and takes more rows than it may.
_TAKE_DUE = f"""
    WITH due AS MATERIALIZED (
        SELECT id FROM tracker_delivery
        WHERE state = 'PENDING' AND priority = %s AND (due_at <= %s OR due_at > %s)
            AND kind = ANY(%s)
        ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
    ) {_TAKE}
"""  # noqa: S608
_TAKE_ONE = f"""
    WITH due AS MATERIALIZED (
        SELECT id FROM tracker_delivery
        WHERE id = %s AND state = 'PENDING' AND (due_at <= %s OR due_at > %s)
            AND kind = ANY(%s) FOR UPDATE SKIP LOCKED
    ) {_TAKE}
"""  # noqa: S608

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
    at, taken = time.monotonic(), dict[int, int]()
    for priority in sorted(priorities):
        due = [priority, now, _put_back(priority, now), KNOWN]
        # Most of the time nothing is due, and that is quickly asked.
        if limit > len(taken) and _ask_prepared(_IS_DUE, due):
            taken.update(_ask(_TAKE_DUE, [*due, limit - len(taken), _lease_end(now)]))
    return _read(taken, at)


def claim(*, delivery_id: int, now: datetime) -> Claimed | None:
    """Claim one row by its id; None when it is not due or somebody else holds it."""
    at = time.monotonic()
    arguments = [delivery_id, now, NEVER, KNOWN, _lease_end(now)]
    return next(iter(_read(dict(_ask(_TAKE_ONE, arguments)), at)), None)


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


def _read(taken: Mapping[int, int], at: float) -> list[Claimed]:
    if not taken:
        return []
    related = ("patient", "user", "subscription", "alert", "reminder__procedure")
    known = Delivery.objects.select_related(*related).annotate(has_died=DIED)
    rows = known.in_bulk(list(taken))
    claimed = [Claimed(rows[pk], at, rows[pk].has_died) for pk in taken if pk in rows]
    for each in claimed:
        each.delivery.attempts = taken[each.delivery.pk]
        faults.point("after_claim", each.delivery.key)
    return claimed
