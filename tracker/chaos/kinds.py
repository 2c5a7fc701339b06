"""The kinds of fault, each a function that does it, waits, and undoes what does not undo itself."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tracker.chaos.product import Product

Fault = Callable[[Product, random.Random, threading.Event], None]
LONGEST_OUTAGE = 60  # seconds until a database that was ended must be back


def kill_a_worker(product: Product, dice: random.Random, ends: threading.Event) -> None:
    _signal(dice.choice(product.workers()), signal.SIGKILL)


def kill_all_workers(product: Product, dice: random.Random, ends: threading.Event) -> None:
    for pid in product.workers():
        _signal(pid, signal.SIGKILL)


def freeze_a_worker(product: Product, dice: random.Random, ends: threading.Event) -> None:
    with _frozen(dice.choice(product.workers())):
        ends.wait(dice.uniform(4, 20))


def kill_the_broker(product: Product, dice: random.Random, ends: threading.Event) -> None:
    _signal(product.pids()["valkey"], signal.SIGKILL)


def flush_the_broker(product: Product, dice: random.Random, ends: threading.Event) -> None:
    _tell_broker(product, b"FLUSHALL\r\n")


def hang_the_broker(product: Product, dice: random.Random, ends: threading.Event) -> None:
    with _frozen(product.pids()["valkey"]):
        ends.wait(dice.uniform(4, 12))


def black_hole_the_broker(product: Product, dice: random.Random, ends: threading.Event) -> None:
    """Whoever connects is let in and never hears a word; who was connected is cut off."""
    path = product.broker_socket()
    aside = path.with_suffix(".aside")
    with contextlib.suppress(FileNotFoundError), socket.socket(socket.AF_UNIX) as hole:
        path.rename(aside)
        hole.bind(os.fspath(path))
        mine = path.stat().st_ino
        hole.listen(1024)
        _tell_broker(product, b"CLIENT KILL TYPE normal\r\n", aside)
        ends.wait(dice.uniform(4, 12))
        _put_back(path, mine, aside)


def _put_back(path: Path, mine: int, aside: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_ino == mine:
            aside.replace(path)
        else:  # it was started again meanwhile, and has made its own
            aside.unlink()


def restart_the_database(product: Product, dice: random.Random, ends: threading.Event) -> None:
    """End it as `pg_ctl stop -m immediate` does: nothing is finished, nothing is written out."""
    _signal(product.pids()["postgres"], signal.SIGQUIT)
    until = time.monotonic() + LONGEST_OUTAGE
    time.sleep(0.1)
    while not product.database_answers() and time.monotonic() < until:
        time.sleep(0.05)


def crash_the_web(product: Product, dice: random.Random, ends: threading.Event) -> None:
    _signal(product.pids()["web"], signal.SIGKILL)


def step_the_clock(product: Product, dice: random.Random, ends: threading.Event) -> None:
    product.step_clock(dice.choice([-1, 1]) * dice.uniform(2, 8))
    ends.wait(dice.uniform(4, 8))
    product.step_clock(0)


KINDS: dict[str, Fault] = {
    "worker": kill_a_worker,
    "workers": kill_all_workers,
    "freeze": freeze_a_worker,
    "broker": kill_the_broker,
    "flush": flush_the_broker,
    "hang": hang_the_broker,
    "blackhole": black_hole_the_broker,
    "database": restart_the_database,
    "web": crash_the_web,
    "clock": step_the_clock,
}


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # another fault was faster
        os.kill(pid, number)


@contextlib.contextmanager
def _frozen(pid: int) -> Iterator[None]:
    _signal(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(pid, signal.SIGCONT)


def _tell_broker(product: Product, command: bytes, path: Path | None = None) -> None:
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(os.fspath(path or product.broker_socket()))
        connection.sendall(command)
        connection.recv(64)
