"""A pytest plugin: one throw-away PostgreSQL for the whole run, and a Valkey for whoever asks.

Loaded with `-p tests.cluster`, so that it can tell Django's settings where the database is. With
xdist the controller starts the cluster, and each worker makes a database of its own in it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.embedded import Valkey
from config.embedded_postgres import CARELESS, Postgres, forget_other_servers
from config.folders import locked, private_folder
from config.processes import LaunchError, die_with, end, kill_group, spawn

PREFIX = f"afterblock-tests-{os.geteuid()}-"
NOBODY_LISTENS = "redis://127.0.0.1:1/0"
_run = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Start before anybody reads the settings; pytest-django does so in this same hook."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        die_with(os.getppid(), signal.SIGKILL)
    else:
        folder, lock = _run.enter_context(_folder())
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
        os.environ.setdefault("REDIS_URL", NOBODY_LISTENS)
        os.environ.setdefault("VAR_DIR", str(folder))
        if not os.environ.get("DATABASE_URL"):
            forget_other_servers()
            os.environ["DATABASE_URL"] = _run.enter_context(_cluster(folder, lock))
    return (yield)


def pytest_unconfigure() -> None:
    _run.close()


@contextlib.contextmanager
def _folder() -> Iterator[tuple[Path, int]]:
    """A folder of our own; those of runs that were killed go first."""
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, LaunchError), locked(old, patience=0):
            shutil.rmtree(old)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    with locked(folder) as lock:
        yield folder, lock
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _cluster(folder: Path, lock: int) -> Iterator[str]:
    sockets, log = private_folder(folder / "run"), folder / "postgres.log"
    try:
        postgres = Postgres(folder / "postgres", sockets, log, options=CARELESS, lock=lock)
        postgres.prepare()
        process = spawn(postgres.program())
        postgres.wait(process)
    except LaunchError as error:
        raise pytest.UsageError(str(error)) from None
    try:
        yield postgres.superuser_url()
    finally:
        process.send_signal(signal.SIGINT)
        end([process], within=5)


class Broker:
    """A Valkey that a test may freeze, kill and start again; its address stays the same."""

    def __init__(self, folder: Path) -> None:
        self._server = Valkey(folder, private_folder(folder / "run"), folder / "valkey.log")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = self._server.url()

    @property
    def pid(self) -> int:
        assert self._process, "it does not run"
        return self._process.pid

    def start(self) -> None:
        self._process = spawn(self._server.program())
        self._server.wait(self._process)

    def freeze(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def kill(self) -> None:
        if self._process:
            kill_group(self._process)
            self._process.wait()
            self._process = None

    def forget(self) -> None:
        """Lose what was written down, once it is killed."""
        for path in self._server.data.glob("appendonlydir"):
            shutil.rmtree(path)


@contextlib.contextmanager
def a_broker() -> Iterator[Broker]:
    with tempfile.TemporaryDirectory(prefix="afterblock-valkey-") as folder:
        broker = Broker(Path(folder))
        broker.start()
        try:
            yield broker
        finally:
            broker.kill()


@pytest.fixture
def valkey() -> Iterator[Broker]:
    with a_broker() as broker:
        yield broker
