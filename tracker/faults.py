"""Named places where a trial may make this process die, stop or fail: for the tests of faults.

`FAULT=after_claim:kill` in the environment of a process that belongs to a trial does what it says
the first time that the process comes by; everywhere else a point is a comparison with nothing.
"""

from __future__ import annotations

import signal
import threading
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

POINTS = {"before_commit", "after_commit", "after_claim", "before_send", "after_send", "after_mark"}
SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class Planned(Exception):
    """The failure that a trial asked for."""


@dataclass
class Plan:
    """What happens where; with a key, only when it is about that delivery."""

    name: str
    action: str
    key: str = ""
    done: bool = False

    def meet(self, name: str, key: str) -> None:
        if name != self.name or (self.key and key != self.key):
            return
        if self.action == "raise":
            raise Planned(name)  # each time: a row that cannot be sent never can
        if not self.done:
            self.done = True
            # To this thread: any other may be slow to stop the process, and we would go on.
            signal.pthread_kill(threading.get_ident(), SIGNALS[self.action])


def point(name: str, key: str = "") -> None:
    """Come by a named place; nothing happens unless a trial planned something for it."""
    if settings.FAULT:
        _plan(settings.FAULT).meet(name, key)


def point_after_commit(name: str) -> None:
    """Come by a named place as soon as this transaction is committed, before any hint leaves."""
    if settings.FAULT:
        transaction.on_commit(lambda: point(name))


@cache
def _plan(text: str) -> Plan:
    name, _, rest = text.partition(":")
    action, _, key = rest.partition(":")
    if name not in POINTS or action not in {*SIGNALS, "raise"}:
        raise ImproperlyConfigured(f"FAULT is {text!r}: give name:kill|stop|raise[:key].")
    return Plan(name, action, key)
