"""Runs one thing after the other, each in a fork with a database of its own."""

from __future__ import annotations

import os
import resource
import traceback
from collections.abc import Callable
from contextlib import suppress

import psycopg

from tests.mutants.trial import BROKEN, KILLED, end

SPOILT = 16
"""Added to an outcome when something was committed: the next one needs another database."""
PATIENCE = 600
"""Seconds of processor time: whoever needs more never ends."""


def migrated() -> str:
    """The database of this process, which nobody is connected to any more."""
    from django.db import connection

    connection.close()
    return str(connection.settings_dict["NAME"])


def each(
    count: int,
    what: Callable[[int], Callable[[], int]],
    told: Callable[[int, int], None],
    *,
    template: str,
    jobs: int,
) -> None:
    """Tell what became of each; a fork that never ends has noticed."""
    waiting, running = list(range(count))[::-1], dict[int, tuple[int, int]]()
    slots, copied = list(range(jobs)), set[int]()
    try:
        while waiting or running:
            while waiting and slots:
                slot, n = slots.pop(), waiting.pop()
                if slot not in copied:
                    _copy(template, _name(template, slot))
                copied.add(slot)
                running[_fork(what(n), _name(template, slot))] = slot, n
            pid, status = os.wait()
            slot, n = running.pop(pid)
            end(pid)
            slots.append(slot)
            outcome = KILLED if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
            if os.WIFSIGNALED(status) or outcome & SPOILT:
                copied.discard(slot)
            told(n, outcome & ~SPOILT)
    finally:
        for pid in running:
            end(pid)


def _name(template: str, slot: int) -> str:
    return f"{template}_{slot}"


def _copy(template: str, name: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def _fork(run: Callable[[], int], database: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    with suppress(BaseException):
        try:
            os.setpgid(0, 0)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE))
            _connect_to(database)
            os._exit(run())
        except Exception:
            traceback.print_exc()
    os._exit(BROKEN)


def _connect_to(database: str) -> None:
    from django.db import connection

    connection.settings_dict["NAME"] = database
