"""Bound guessing: each try is counted before it is evaluated, in one statement.

So however many processes ask at once, exactly as many are let through as the budget has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import F

from tracker.models import TryCount

_TAKE = """
INSERT INTO tracker_trycount AS row (key, tries, starts_over_at) VALUES (%(key)s, 1, %(until)s)
ON CONFLICT (key) DO UPDATE SET
    tries = CASE WHEN row.starts_over_at <= %(now)s THEN 1 ELSE row.tries + 1 END,
    starts_over_at = CASE WHEN row.starts_over_at <= %(now)s
        THEN EXCLUDED.starts_over_at ELSE row.starts_over_at END
WHERE row.starts_over_at <= %(now)s OR row.tries < %(limit)s
RETURNING tries
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """So many tries in so long a time, counted from the first."""

    name: str
    limit: int
    lasts: timedelta

    def of(self, *whose: str) -> Purse:
        return Purse(self, sha256("\0".join([self.name, *whose]).encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class Purse:
    """One budget of somebody; its key names nobody."""

    budget: Budget
    key: str


def take(purse: Purse, *, now: datetime) -> bool:
    """Take one try; False when none is left."""
    budget = purse.budget
    known: dict[str, Any] = {
        "key": purse.key,
        "now": now,
        "until": now + budget.lasts,
        "limit": budget.limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, known)
        return cursor.fetchone() is not None


def take_from_all(purses: Sequence[Purse], *, now: datetime) -> bool:
    """Take one try from each, or from none."""
    for at, purse in enumerate(purses):
        if not take(purse, now=now):
            give_back(purses[:at], now=now)
            return False
    return True


def give_back(purses: Sequence[Purse], *, now: datetime) -> None:
    """Undo one try each: what succeeded was no guess. Earlier failures stay counted."""
    keys = [purse.key for purse in purses]
    counted = TryCount.objects.filter(key__in=keys, tries__gt=0, starts_over_at__gt=now)
    counted.update(tries=F("tries") - 1)


def forget_old(*, now: datetime) -> int:
    """Delete what no longer counts."""
    deleted, _ = TryCount.objects.filter(starts_over_at__lte=now).delete()
    return deleted
