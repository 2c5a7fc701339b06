"""A launcher for tests to start, watch and kill."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from tests.journeys.product import OURS, ROOT, until

CHILDREN = ["web", "worker", "beat", "postgres", "valkey"]


class Run:
    """A launcher in a folder and on a port of its own."""

    def __init__(self, var: Path, port: int, **env: str) -> None:
        self.var, self.port, self.env = var, port, env
        self.launcher: subprocess.Popen[bytes] | None = None

    def start(self) -> Run:
        """Start unless it runs, and wait until it says that it is ready."""
        if self.launcher is None or self.launcher.poll() is not None:
            self.launcher = launch(self.var.parent, PORT=str(self.port), **self.env)
            until(self._told_that_it_is_ready, seconds=120)
        return self

    def _told_that_it_is_ready(self) -> bool:
        assert self.launcher
        assert self.launcher.poll() is None, self.output()
        return "Ctrl-C stops everything" in self.output()

    def output(self) -> str:
        return (self.var.parent / "output").read_text()

    def told(self) -> dict[str, Any]:
        return dict(json.loads((self.var / "run.json").read_text()))

    def pid(self, name: str) -> int:
        return int(self.told()["pids"][name])

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            ours = answer.getheader("X-Afterblock-Instance") == self.told()["instance"]
            return answer.status == 200 and ours
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def query(self, sql: str) -> Any:
        with psycopg.connect(
            host=self.told()["sockets"]["postgres"], user="postgres", dbname="afterblock"
        ) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchone() if cursor.description else None

    def end(self) -> None:
        if self.launcher and self.launcher.poll() is None:
            self.launcher.send_signal(signal.SIGINT)
            self.launcher.wait(timeout=20)


def launch(folder: Path, **env: str) -> subprocess.Popen[bytes]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    with (folder / "output").open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "config.launcher", "--with-parent"],
            cwd=ROOT,
            env={**clean, "VAR_DIR": str(folder / "var"), "PORT": str(free_port()), **env},
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def refusal(folder: Path, **env: str) -> str:
    """What a launcher says that must not start."""
    assert launch(folder, **env).wait(timeout=30) == 1
    return (folder / "output").read_text()


def family(pid: int) -> set[int]:
    """A process and everybody who descends from it."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if fields := _stat(int(entry.name)):
            parents[int(entry.name)] = int(fields[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def living(pids: set[int]) -> set[int]:
    return {pid for pid in pids if (fields := _stat(pid)) and fields[0] != "Z"}


def _stat(pid: int) -> list[str]:
    """The state, the parent and the rest; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
