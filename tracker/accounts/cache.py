"""A cache that every process shares, in the database: what is counted here must not be forgotten.

allauth takes a lock by `add`, so that must be one statement; and it must not depend on a broker
whose absence would lock staff out, or let guesses in without number. Values are JSON: nothing that
is read here can run.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from tracker.models import SharedValue

LONGEST = 24 * 60 * 60  # seconds; nothing here matters for longer

_PUT = """
INSERT INTO tracker_sharedvalue AS row (key, value, expires_at) VALUES (%s, %s, %s)
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at
"""
_PUT_IF_ABSENT = _PUT + "WHERE row.expires_at <= %s"


class SharedCache(BaseCache):
    """As much of a cache as allauth needs."""

    def __init__(self, _location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        row = [*self._row(key, value, timeout, version), _now()]
        with connection.cursor() as cursor:
            cursor.execute(_PUT_IF_ABSENT, row)
            return bool(cursor.rowcount)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_PUT, self._row(key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        name = self.make_and_validate_key(key, version=version)
        found = SharedValue.objects.filter(key=name, expires_at__gt=_now()).first()
        return found.value if found else default

    def delete(self, key: str, version: int | None = None) -> bool:
        name = self.make_and_validate_key(key, version=version)
        deleted, _ = SharedValue.objects.filter(key=name).delete()
        return bool(deleted)

    def clear(self) -> None:
        SharedValue.objects.all().delete()

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> list[Any]:
        lasts = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        expires_at = _now() + timedelta(seconds=min(LONGEST if lasts is None else lasts, LONGEST))
        return [self.make_and_validate_key(key, version=version), json.dumps(value), expires_at]


def forget_old() -> int:
    """Delete what has expired."""
    deleted, _ = SharedValue.objects.filter(expires_at__lte=_now()).delete()
    return deleted


def _now() -> datetime:
    # The world's time, not that of a trial: a limit is about people who guess now.
    return datetime.now(UTC)
