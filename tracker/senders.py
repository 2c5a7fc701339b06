"""The threads that send: each takes the next row as soon as it is free."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connection

from tracker import clock, watchdog
from tracker.models.delivery import Priority
from tracker.scope import clinic_scope
from tracker.services import claims, sending
from tracker.services.claims import Claimed
from tracker.services.sweep import guarded

logger = logging.getLogger(__name__)

ROUNDS_AHEAD = 2
"""Rows claimed for each thread: the one in its hands, and the next. That one waits no longer than a
send may last, which is less than half of a lease; so no row is claimed in vain."""
TRUSTED_FOR = 1.0  # seconds; a connection that was idle for longer is asked whether it still works


class Senders:
    """A few threads for some priorities: a receiver that is slow holds one of them, no more."""

    def __init__(self, size: int, priorities: Sequence[Priority]) -> None:
        self._size, self._priorities = size, priorities
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="sender")
        self._claiming, self._counting = threading.Lock(), threading.Lock()
        self._in_hand = 0
        self._there_is_more = self._is_stopped = False
        self._mine = _Mine()

    def send_due(self) -> None:
        """Claim due rows, as many as the threads can soon send; whoever claims already goes on."""
        if not self._claiming.acquire(blocking=False):
            return
        try:
            room = ROUNDS_AHEAD * self._size - self._in_hand
            if room < self._size or self._is_stopped:
                return
            claimed = claims.claim_due(now=clock.now(), priorities=self._priorities, limit=room)
            self._there_is_more = len(claimed) == room
            for each in claimed:
                self._hand_out(each)
        finally:
            self._claiming.release()

    def stop(self) -> None:
        """End: what is in flight is finished, what is claimed is given back to other workers."""
        self._is_stopped = True
        self._pool.shutdown(wait=False)

    def _hand_out(self, claimed: Claimed) -> None:
        with self._counting:
            self._in_hand += 1
        try:
            self._pool.submit(self._send, claimed)
        except RuntimeError:
            # Stopped between the claim and here: the lease ends by itself.
            logger.info("delivery %s is left to another worker", claimed.delivery.pk)

    def _send(self, claimed: Claimed) -> None:
        try:
            its_clinic = clinic_scope(claimed.delivery.clinic_id)
            with watchdog.turn(f"delivery {claimed.delivery.pk}"), its_clinic:
                self._do(claimed)
        except Exception:
            logger.exception("a sender lost the database")
            connection.close()
        finally:
            with self._counting:
                self._in_hand -= 1
            self._next()

    def _do(self, claimed: Claimed) -> None:
        self._mine.trust_connection()
        if self._is_stopped:
            claims.give_back(claimed, now=clock.now())
        else:
            guarded(sending.send, claimed=claimed, now=clock.now())

    def _next(self) -> None:
        if not self._there_is_more:
            return
        try:
            self.send_due()
        except Exception:
            logger.exception("a sender lost the database")
            connection.close()


class _Mine(threading.local):
    """When this thread last used its connection."""

    used_at = 0.0

    def trust_connection(self) -> None:
        now = time.monotonic()
        if now - self.used_at > TRUSTED_FOR:
            close_old_connections()
        self.used_at = now
