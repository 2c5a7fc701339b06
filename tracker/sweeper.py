"""The thread in every Celery worker that finds what is due, with or without a broker."""

from __future__ import annotations

import logging
import threading
from typing import Any

from celery.signals import worker_init, worker_shutting_down
from django.db import close_old_connections, connection

from tracker import clock
from tracker.services.sweep import sweep

logger = logging.getLogger(__name__)

INTERVAL = 1.0  # seconds, by the monotonic clock


class Sweeper(threading.Thread):
    """Sweeps each second until stopped. A database that is away is met with patience."""

    def __init__(self) -> None:
        super().__init__(name="sweeper", daemon=True)
        self._stopped = threading.Event()

    def run(self) -> None:
        while not self._stopped.wait(INTERVAL):
            self._sweep_once()
        connection.close()

    def stop(self) -> None:
        self._stopped.set()

    def _sweep_once(self) -> None:
        try:
            close_old_connections()
            sweep(now=clock.now())
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
