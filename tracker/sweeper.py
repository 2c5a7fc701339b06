"""The threads in every Celery worker that find what is due, with or without a broker."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from celery.signals import worker_init, worker_shutting_down
from django.db import close_old_connections, connection

from tracker import clock
from tracker.models.delivery import Priority
from tracker.services import sending
from tracker.services.sweep import guarded, sweep

logger = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds, by the monotonic clock


class Senders:
    """A few threads for some priorities: a receiver that is slow holds one of them, no more."""

    def __init__(self, size: int, priorities: Sequence[Priority]) -> None:
        self._size, self._priorities = size, priorities
        self._pool = ThreadPoolExecutor(size, thread_name_prefix="sender")
        self._lock = threading.Lock()
        self._in_hand: set[int] = set()

    def send_due(self) -> None:
        """Hand due deliveries to free threads; each claims its row at its own moment."""
        with self._lock:
            in_hand = set(self._in_hand)
        free = self._size - len(in_hand)
        if free <= 0:
            return
        due = sending.due_deliveries(
            now=clock.now(), priorities=self._priorities, without=in_hand, limit=free
        )
        for delivery_id in due:
            with self._lock:
                self._in_hand.add(delivery_id)
            self._pool.submit(self._send, delivery_id)

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _send(self, delivery_id: int) -> None:
        try:
            close_old_connections()
            guarded(sending.deliver, delivery_id=delivery_id, now=clock.now())
        except Exception:
            logger.exception("a sender lost the database")
            connection.close()
        finally:
            close_old_connections()
            with self._lock:
                self._in_hand.discard(delivery_id)


class Sweeper(threading.Thread):
    """Sweeps each second until stopped. A database that is away is met with patience."""

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._stopped = threading.Event()
        # Apart, so that a flood of reminders cannot delay an alert.
        self._senders = [
            Senders(6, [Priority.ALERT]),
            Senders(2, [Priority.TIMER, Priority.REMINDER]),
        ]

    def run(self) -> None:
        while not self._stopped.wait(INTERVAL):
            self._sweep_once()
        connection.close()

    def stop(self) -> None:
        self._stopped.set()
        for senders in self._senders:
            senders.stop()

    def _sweep_once(self) -> None:
        try:
            close_old_connections()
            # What is owed already leaves first, whatever else there is to do.
            for senders in self._senders:
                senders.send_due()
            sweep(tell_time=clock.now)
        except Exception:
            # The next round tries again; dying here would silence every alert.
            logger.exception("sweep failed")
            connection.close()


_sweeper: Sweeper | None = None


# worker_init, not worker_ready: the latter never fires while the broker is away.
@worker_init.connect
def start(**_signal: Any) -> None:
    global _sweeper
    _sweeper = Sweeper()
    _sweeper.start()


@worker_shutting_down.connect
def stop(**_signal: Any) -> None:
    if _sweeper is not None:
        _sweeper.stop()
