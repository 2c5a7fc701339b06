"""The whole product in a folder of its own, as `make run` starts it, with two workers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import requests
from django.conf import settings

OURS = (
    "AFTERBLOCK_", "ALLOWED_", "BASE_", "BEHIND_", "CLOCK_", "DATABASE_", "DJANGO_", "EMAIL_",
    "FAULT", "HOST", "LEASE", "PG", "PORT", "PUSH_", "REDIS_", "SECRET_", "STATIC_", "VAPID_",
    "VAR_DIR", "WORKERS",
)  # fmt: skip
"""Nothing of the installation that the command is called in may reach the trial."""
READY_WITHIN = 120  # seconds
DOUBTS_AFTER = 3  # seconds of a connection to the database


class NotStarted(Exception):
    """The trial's own product did not come up; the sentence says why."""


class Product:
    def __init__(self, folder: Path, push_origin: str, workers: int = 2) -> None:
        self.var = folder / "var"
        self._log = folder / "launcher.log"
        self.step_file = folder / "step"
        self.steps: list[tuple[float, float]] = [(0.0, 0.0)]
        """From when on its clock was apart by how many seconds."""
        self._launcher: subprocess.Popen[bytes] | None = None
        port = _free_port()
        self.base_url = f"http://127.0.0.1:{port}"
        self._env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
            "VAR_DIR": str(self.var),
            "PORT": str(port),
            "WORKERS": str(workers),
            "PUSH_TEST_ORIGIN": push_origin,
            "CLOCK_STEP_FILE": str(self.step_file),
        }

    def start(self) -> None:
        with self._log.open("wb") as log:
            self._launcher = subprocess.Popen(
                [sys.executable, "-m", "config.launcher", "--with-parent"],
                cwd=settings.ROOT,
                env=self._env,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C is for us: we stop it when we have seen to the rest
            )
        until = time.monotonic() + READY_WITHIN
        while not self.is_ready():
            if self._launcher.poll() is not None or time.monotonic() > until:
                raise NotStarted(self._log.read_text())
            time.sleep(0.05)

    def stop(self) -> None:
        if self._launcher is None:
            return
        for pid in self.pids().values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
        self._launcher.send_signal(signal.SIGINT)
        try:
            self._launcher.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._launcher.kill()  # the kernel ends its children
            self._launcher.wait()

    def kill(self) -> None:
        """Kill the launcher as nobody would expect it."""
        if self._launcher:
            self._launcher.kill()
            self._launcher.wait()

    # --- what it says of itself ---------------------------------------------------------------

    def is_ready(self) -> bool:
        told = self.told()
        if not {"web", "worker"} <= told.get("pids", {}).keys():
            return False
        try:
            answer = requests.get(f"{self.base_url}/readyz", timeout=2)
        except requests.RequestException:
            return False
        ours = answer.headers.get("X-Afterblock-Instance") == told["instance"]
        return answer.status_code == 200 and ours and (self.var / "demo.json").exists()

    def told(self) -> dict[str, Any]:
        return _read(self.var / "run.json")

    def demo(self) -> dict[str, Any]:
        return _read(self.var / "demo.json")

    def pids(self) -> dict[str, int]:
        pids: dict[str, int] = self.told().get("pids", {})
        return {name: pid for name, pid in pids.items() if name != "launcher"}

    def workers(self) -> list[int]:
        return [pid for name, pid in self.pids().items() if name.startswith("worker")]

    def broker_socket(self) -> Path:
        return Path(self.told()["sockets"]["valkey"])

    # --- its database, by plain SQL -----------------------------------------------------------

    def connect(self) -> psycopg.Connection:
        url = self.told()["settings"]["DATABASE_OWNER_URL"]  # who sees every clinic
        return psycopg.connect(url, connect_timeout=DOUBTS_AFTER, autocommit=True)

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(sql.encode(), values).fetchall()

    def database_answers(self) -> bool:
        try:
            return self.query("SELECT 1") == [(1,)]
        except psycopg.Error:
            return False

    # --- its clock ----------------------------------------------------------------------------

    def step_clock(self, seconds: float) -> None:
        new = self.step_file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.step_file)
        self.steps.append((time.time(), seconds))

    def run(self, module: str, *arguments: str) -> str:
        """Run a module of the product with the settings of this installation."""
        env = {
            **self._env,
            **self.told()["settings"],
            "DATABASE_AS_OWNER": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=settings.ROOT,
            env=env,
            stdout=subprocess.PIPE,
            check=True,
            timeout=120,
        )
        return done.stdout.decode()


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
