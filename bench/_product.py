"""A product of its own for a bench: database, broker, one worker, and a push service."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from config.embedded import Valkey
from config.embedded_postgres import Postgres, forget_other_servers
from config.folders import private_folder
from config.launcher import WORKER
from config.processes import ROOT, Program, end, spawn, tail

Log = list[tuple[str, float]]


class Product:
    """The surroundings; `worker()` starts the one process that sends."""

    def __init__(self, folder: Path, receiver: str) -> None:
        self.folder, self.receiver = folder, receiver

    @contextlib.contextmanager
    def worker(self) -> Iterator[None]:
        log = self.folder / "worker.log"
        argv = [sys.executable, "-m", *WORKER.split()]
        owner = ("DATABASE_OWNER_URL", "DATABASE_AS_OWNER")
        env = {name: value for name, value in os.environ.items() if name not in owner}
        process = spawn(Program("worker", argv, log, env=env))
        until(lambda: " ready." in log.read_text(), 60, lambda: tail(log))
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            end([process], within=15)

    def received(self) -> Log:
        """Topic and moment of each message that came."""
        with urllib.request.urlopen(f"{self.receiver}/log") as answer:  # noqa: S310
            return [(topic, at) for topic, at in json.load(answer)]

    def wait_for(self, topics: set[str], seconds: float) -> dict[str, float]:
        """When each of these messages came first."""
        found: dict[str, float] = {}

        def all_came() -> bool:
            found.update(reversed([each for each in self.received() if each[0] in topics]))
            return topics <= found.keys()

        until(all_came, seconds, lambda: f"{len(topics - found.keys())} messages never came")
        return found


@contextlib.contextmanager
def a_product() -> Iterator[Product]:
    """Start it, tell Django where it is, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="afterblock-bench-") as name, _receiver() as origin:
        folder = Path(name)
        forget_other_servers()
        run = private_folder(folder / "run")
        postgres = Postgres(folder / "postgres", run, folder / "postgres.log")
        valkey = Valkey(folder / "valkey", run, folder / "valkey.log")
        started = []
        try:
            for server in (postgres, valkey):
                server.prepare()
                process = spawn(server.program())
                started.append(process)
                server.wait(process)
            postgres.create_database()
            # Rows are made and counted by their owner; the worker is held by the policies.
            os.environ.update(DATABASE_OWNER_URL=postgres.owner_url(), DATABASE_AS_OWNER="1")
            _settings(folder, postgres.url(), valkey.url(), origin)
            yield Product(folder, origin)
        finally:
            for process in started:
                process.send_signal(signal.SIGINT)
            end(started, within=5)


@contextlib.contextmanager
def _receiver() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench._receiver"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()


def _settings(folder: Path, database: str, broker: str, receiver: str) -> None:
    os.environ.update(
        AFTERBLOCK_DEMO="1",
        DJANGO_SETTINGS_MODULE="config.settings",
        SECRET_KEY=secrets.token_urlsafe(50),
        VAR_DIR=str(folder),
        DATABASE_URL=database,
        REDIS_URL=broker,
        PUSH_TEST_ORIGIN=receiver,
        VAPID_SUBJECT="mailto:oncall@clinic.test",
    )
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from tracker.management.commands.vapid_keys import make_vapid_keys

    private, public = make_vapid_keys()
    os.environ.update(VAPID_PRIVATE_KEY=private, VAPID_PUBLIC_KEY=public)
    settings.VAPID_PRIVATE_KEY, settings.VAPID_PUBLIC_KEY = private, public
    call_command("migrate", verbosity=0)


def until(ready: Callable[[], bool], seconds: float, why: Callable[[], str]) -> None:
    ends_at = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > ends_at:
            raise TimeoutError(why())
        time.sleep(0.1)
