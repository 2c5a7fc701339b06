"""The threads in every Celery worker that find what is due, with or without a broker."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from celery.signals import worker_init, worker_shutting_down
from django.db import close_old_connections, connection

from tracker import clock, queue, watchdog
from tracker.models.delivery import Priority
from tracker.senders import Senders
from tracker.services import reconciliation, reminders, upkeep
from tracker.services.health import ClockWatch
from tracker.services.sweep import guarded, seconds_until_next, sweep

logger = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds, by the monotonic clock; shorter only when something is due sooner


class Keeper:
    """One thread for periodic jobs: a long one holds up neither a message nor the sweep."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._at_work: Future[None] | None = None

    def do_due_jobs(self) -> None:
        if self._at_work is None or self._at_work.done():
            self._at_work = self._pool.submit(self._do)

    def stop(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _do(self) -> None:
        try:
            close_old_connections()
            with watchdog.turn("the periodic jobs", lasts=upkeep.LASTS):
                upkeep.do_due_jobs(tell_time=clock.now)
        except Exception:
            logger.exception("periodic jobs failed")
            connection.close()
        finally:
            close_old_connections()


class Sweeper(threading.Thread):
    """Sweeps each second until stopped. A database that is away is met with patience."""

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._stopped = threading.Event()
        # Apart, so that a flood of reminders cannot delay an alert.
        self._senders = [
            Senders(8, [Priority.ALERT]),
            Senders(6, [Priority.TIMER, Priority.REMINDER]),
        ]
        self._keeper = Keeper()
        self._clock_watch = ClockWatch()

    def run(self) -> None:
        queue.send_no_hints()
        pause = INTERVAL
        with watchdog.turn("the sweep") as turn:
            while not self._stopped.wait(pause):
                pause = self._sweep_once()
                turn.renew()
        connection.close()

    def stop(self) -> None:
        self._stopped.set()
        for senders in self._senders:
            senders.stop()
        self._keeper.stop()

    def _send_due(self) -> None:
        for senders in self._senders:
            senders.send_due()

    def _sweep_once(self) -> float:
        """Do all that is due, and say for how many seconds to wait."""
        try:
            close_old_connections()
            # What is owed already leaves first, whatever else there is to do.
            self._send_due()
            sweep(tell_time=clock.now)
            self._send_due()
            self._keeper.do_due_jobs()
            self._watch_the_clock()
            return seconds_until_next(now=clock.now(), at_most=INTERVAL)
        except Exception:
            # The next round tries again; dying here would silence every alert.
            logger.exception("sweep failed")
            connection.close()
            return INTERVAL

    def _watch_the_clock(self) -> None:
        jumped = self._clock_watch.step(now=clock.now(), monotonic=time.monotonic())
        if jumped:
            logger.warning("the clock jumped by %+.1f s since the last sweep", jumped)
            guarded(reminders.restore_expired, now=clock.now())
            reconciliation.note({"clock_step": 1})


_sweeper: Sweeper | None = None


# worker_init, not worker_ready: the latter never fires while the broker is away.
@worker_init.connect
def start(**_signal: Any) -> None:
    global _sweeper
    watchdog.start()
    _sweeper = Sweeper()
    _sweeper.start()


@worker_shutting_down.connect
def stop(**_signal: Any) -> None:
    if _sweeper is not None:
        _sweeper.stop()
