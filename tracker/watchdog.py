"""Ends a worker that hangs: whoever starts it again sends what it owed.

A database may take every packet and never say a word. No time-out of ours then comes: the server's
own never runs, and the kernel's do not count a peer that acknowledges. A thread that waits for it
waits for ever, so the whole process has to go.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

logger = logging.getLogger(__name__)

LOOKS_EVERY = 1.0  # seconds
LEAST = 15.0  # seconds; a database that is away is asked a few times, 3 s each


class Turn:
    """A piece of work, and how many seconds it has left."""

    def __init__(self, what: str, lasts: float) -> None:
        self.what, self._lasts = what, lasts
        self.renew()

    def renew(self) -> None:
        self.left = max(LEAST, 3.0 * settings.LEASE, self._lasts)


_turns: set[Turn] = set()
_changing = threading.Lock()


@contextmanager
def turn(what: str, *, lasts: float = 0.0) -> Iterator[Turn]:
    """Whatever happens in here ends, or is renewed, in time; else a worker ends itself.

    What may well take longer than three leases says how many seconds it `lasts`.
    """
    mine = Turn(what, lasts)
    with _changing:
        _turns.add(mine)
    try:
        yield mine
    finally:
        with _changing:
            _turns.discard(mine)


def start() -> None:
    threading.Thread(target=_watch, name="watchdog", daemon=True).start()


def _watch() -> None:
    waits = threading.Event()
    # Looks are counted, not time: a process that was stopped has taken none meanwhile, and may go
    # on where it was. Nor does it matter which way anybody sets a clock.
    while not waits.wait(LOOKS_EVERY):
        for hanging in _look():
            logger.critical(
                "%s hangs; this worker ends itself, so that another can take over", hanging.what
            )
            os._exit(1)


def _look() -> list[Turn]:
    """Those whose time is over."""
    with _changing:
        for each in _turns:
            each.left -= LOOKS_EVERY
        return [each for each in _turns if each.left <= 0]
