"""Chain the audit: each event's hash covers all before it, so that no past can be rewritten.

Events are sealed a little after they were written, by the sweeper, so that no check-in waits for
another one. Whoever keeps the last hash somewhere else can tell any later change of what it covers.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tracker import across
from tracker.models import AuditEvent, Clinic
from tracker.scope import clinic_scope

logger = logging.getLogger(__name__)

BATCH = 1000
MOST_TIME = 2.0  # seconds of the monotonic clock; what is left waits for the next time
FETCHED = 5000
START = "0" * 64
"""What the first event of a clinic builds on."""

# As text, so that the hash is the same whoever reads it.
_COLUMNS = """
    id, position, hash, clinic_id::text, (extract(epoch FROM at) * 1000000)::bigint, actor, action,
    subject, coalesce(patient_id::text, ''), outcome, fields, shown::text[]
"""
_WAITING = f"SELECT {_COLUMNS} FROM tracker_auditevent"  # noqa: S608  (columns of ours)
_SEALED = (
    f"SELECT {_COLUMNS} FROM tracker_auditevent"  # noqa: S608  (columns of ours)
    " WHERE clinic_id = %s AND position IS NOT NULL ORDER BY position"
)
_SEAL = """
    UPDATE tracker_auditevent event SET position = seal.position, hash = seal.hash
    FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS seal (id, position, hash)
    WHERE event.id = seal.id AND event.position IS NULL
"""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain of one clinic ended: what is exported, and later compared."""

    clinic: str
    position: int
    event: int
    hash: str


def seal_all() -> int:
    """Seal what is not yet; safe to run twice at once, because a clinic has one sealer."""
    ends_at, sealed = time.monotonic() + MOST_TIME, 0
    for clinic_id in across.clinics():
        while time.monotonic() < ends_at:
            with clinic_scope(clinic_id):
                count = seal_batch(clinic_id=clinic_id)
            sealed += count
            if count < BATCH:
                break
    return sealed


@transaction.atomic
def seal_batch(*, clinic_id: UUID) -> int:
    """Give the oldest unsealed events of one clinic their places and hashes."""
    # No key: whoever writes an event meanwhile must be able to name the clinic.
    locked = Clinic.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=clinic_id)
    if locked.values_list("pk", flat=True).first() is None:
        return 0
    last = head(clinic_id=clinic_id)
    position, digest = (last.position, last.hash) if last else (0, START)
    where = " WHERE clinic_id = %s AND position IS NULL ORDER BY id LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(_WAITING + where, [clinic_id, BATCH])
        rows = cursor.fetchall()
        if not rows:
            return 0
        seals: list[tuple[int, int, str]] = []
        for row in rows:
            position, digest = position + 1, chained(digest, row)
            seals.append((row[0], position, digest))
        cursor.execute(_SEAL, [list(column) for column in zip(*seals, strict=True)])
        if cursor.rowcount != len(rows):
            raise RuntimeError("an event was sealed by somebody else meanwhile")
    # Whoever keeps the logs keeps the heads.
    logger.info("audit of clinic %s: sealed to place %d, hash %s", clinic_id, position, digest)
    return len(rows)


def head(*, clinic_id: UUID) -> Head | None:
    """Give the end of a clinic's chain; None while nothing is sealed."""
    sealed = AuditEvent.objects.filter(clinic_id=clinic_id, position__isnull=False)
    last = sealed.order_by("-position").first()
    if last is None or last.position is None:
        return None
    return Head(str(clinic_id), last.position, last.pk, last.hash)


def chained(before: str, row: tuple[Any, ...]) -> str:
    """Hash one event and, by the hash before it, all events before it."""
    event_id, _position, _hash, *told = row
    written = json.dumps([before, event_id, *told], separators=(",", ":"), ensure_ascii=True)
    return sha256(written.encode()).hexdigest()


@dataclass(slots=True)
class Verified:
    """What was found: how many events hold, and where the first one of a clinic does not."""

    events: int = 0
    clinics: int = 0
    broken: list[str] = field(default_factory=list)


@transaction.atomic
def verify(*, heads: Iterable[Head] = ()) -> Verified:
    """Go through every chain from its start, and compare it with the heads that were kept."""
    kept: dict[str, list[Head]] = {}
    for each in heads:
        kept.setdefault(each.clinic, []).append(each)
    found = Verified()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
    for clinic in sorted({str(pk) for pk in across.clinics()} | set(kept)):
        found.clinics += 1
        with clinic_scope(UUID(clinic)):
            problem = _broken(clinic, kept.get(clinic, []), found)
        if problem:
            found.broken.append(f"clinic {clinic}: {problem}")
    return found


def _broken(clinic: str, heads: list[Head], found: Verified) -> str:
    """Say what does not hold first; nothing when all does."""
    # Every one of a place: a head that was taken after a forgery says nothing against an older one.
    expected: dict[int, list[Head]] = {}
    for each in heads:
        expected.setdefault(each.position, []).append(each)
    position, digest, last = 0, START, 0
    for row in _sealed(clinic):
        position += 1
        if row[1] != position:
            return f"place {position} is missing, after event {last}: it was removed or moved."
        digest, last = chained(digest, row), row[0]
        if row[2] != digest:
            return (
                f"event {last} (place {position}) does not fit its hash: it was changed, moved,"
                " or put in."
            )
        for kept in expected.get(position, []):
            if not _fits(kept, last, digest):
                return (
                    f"place {position} is event {last} with hash {digest}, and the kept head says"
                    f" event {kept.event} with {kept.hash}: the past was written anew."
                )
        found.events += 1
    if expected and max(expected) > position:
        return (
            f"it ends at place {position}, before the kept head {max(expected)}: the end is gone."
        )
    return ""


def _fits(kept: Head, event: int, digest: str) -> bool:
    return kept.event == event and kept.hash == digest


def _sealed(clinic: str) -> Iterator[tuple[Any, ...]]:
    """Stream a clinic's sealed events; a million of them are never in memory at once."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_SEALED, [clinic])
        while rows := cursor.fetchmany(FETCHED):
            yield from rows
