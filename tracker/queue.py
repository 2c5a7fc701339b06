"""How a worker is woken: by the name of a task, after commit, and never at a patient's cost.

A hint may be lost; the sweeper finds the row a second later. So a broker that is down or hung
costs one request per process half a second, and then nothing for ten seconds.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

REST_AFTER_FAILURE = 10.0  # seconds
HINT_EXPIRES = 30  # seconds; an older hint would only repeat what the sweeper has done


class _Breaker:
    """Remembers for a while that the broker did not answer (monotonic, per process)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_from = 0.0

    def lets_through(self) -> bool:
        with self._lock:
            return time.monotonic() >= self._closed_from

    def trip(self) -> None:
        with self._lock:
            self._closed_from = time.monotonic() + REST_AFTER_FAILURE


_breaker = _Breaker()
_thread = threading.local()


def send_no_hints() -> None:
    """Let this thread wake nobody: it sends what it owes, and a hung broker would hold it."""
    _thread.is_silent = True


def after_commit(task: str, **ids: Any) -> None:
    """Hint a worker at rows of this transaction, once they are committed."""
    if getattr(_thread, "is_silent", False):
        return

    def send() -> None:
        hint(task, **ids)

    # robust: an error in one hint must not keep the next from leaving.
    transaction.on_commit(send, robust=True)


def hint(task: str, **ids: Any) -> None:
    """Send a task by name with ids only; a broker that is away is logged and forgotten."""
    if not _breaker.lets_through():
        return
    try:
        current_app.send_task(task, kwargs=ids, expires=HINT_EXPIRES)
    except (OperationalError, RedisError, OSError) as error:
        _breaker.trip()
        logger.warning("broker away (%s): the sweeper will find the rows", type(error).__name__)
