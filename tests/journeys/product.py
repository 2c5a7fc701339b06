"""The whole product in real processes, as `make run` starts it, on a port and folder of its own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import requests

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_", "REDIS_", "SECRET_", "VAPID_", "CLOCK_", "PUSH_", "EMAIL_", "BASE_URL")


class Product:
    """What a test needs to know of a running product."""

    def __init__(self, var: Path, launcher: subprocess.Popen[bytes]) -> None:
        self.var = var
        self.launcher = launcher
        self.demo = json.loads((var / "demo.json").read_text())
        self.base_url: str = self.demo["base_url"]

    def pid(self, name: str) -> int:
        return int(json.loads((self.var / "run.json").read_text())["pids"][name])

    def connected(self) -> psycopg.Connection:
        sockets = json.loads((self.var / "run.json").read_text())["sockets"]["postgres"]
        return psycopg.connect(host=sockets, user="postgres", dbname="afterblock")

    def query(self, sql: str) -> Any:
        """The first row, or nothing when the database does not answer."""
        try:
            with self.connected() as connection:
                return connection.execute(sql.encode()).fetchone()
        except psycopg.OperationalError:
            return None

    def phone(self, name: str) -> Person:
        """Sign in one of the fictional patients' phones by the typed code."""
        code = next(each["code"] for each in self.demo["patients"] if each["name"] == name)
        person = Person(self.base_url)
        assert person.post("/api/v1/session/", {"code": code}).status_code == 201
        return person

    def nurse(self) -> Person:
        """Sign the demo nurse in through the desk's own page."""
        person = Person(self.base_url)
        page = f"{self.base_url}/accounts/login/"
        person.http.get(page)
        form = {
            "login": self.demo["staff"]["email"],
            "password": self.demo["staff"]["password"],
            "csrfmiddlewaretoken": person.http.cookies["afterblock_csrf"],
        }
        answer = person.http.post(page, form, headers={"Referer": page}, timeout=10)
        assert answer.url.endswith("/admin/"), answer.url
        return person


class Person:
    """Somebody's browser: cookies, and the CSRF token with each write."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.http = requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.http.get(self.base_url + path, timeout=10)

    def put(self, path: str, body: Any) -> requests.Response:
        return self._write("PUT", path, body)

    def post(self, path: str, body: Any = None) -> requests.Response:
        return self._write("POST", path, body or {})

    def now(self) -> str:
        return str(self.get("/api/v1/me/").json()["now"])

    def check_in(self, **answers: Any) -> requests.Response:
        body = {"observed_at": self.now(), **answers}
        return self.put(f"/api/v1/check-ins/{uuid.uuid4()}/", body)

    def _write(self, method: str, path: str, body: Any) -> requests.Response:
        token = self.get("/api/v1/session/").json()["csrf_token"]
        return self.http.request(
            method, self.base_url + path, json=body, headers={"X-CSRFToken": token}, timeout=10
        )


@contextlib.contextmanager
def running(var: Path, *before: str, **settings: str) -> Iterator[Product]:
    """Start the product and wait until it is ready; afterwards stop it as Ctrl-C does.

    What stands `before` the command runs it, as `nice` would.
    """
    clean = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
    env = {**clean, "VAR_DIR": str(var), "PORT": str(_free_port()), **settings}
    launcher = subprocess.Popen(
        [*before, sys.executable, "-m", "config.launcher", "--with-parent"],
        cwd=ROOT,
        env=env,
        stdout=(var / "launcher.log").open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        until(lambda: _is_up(var, launcher), seconds=120)
        yield Product(var, launcher)
    finally:
        launcher.send_signal(signal.SIGINT)
        try:
            launcher.wait(timeout=20)
        except subprocess.TimeoutExpired:
            launcher.kill()
            raise


def until(condition: Callable[[], T], *, seconds: float) -> T:
    """Wait for a condition; the last value that was not yet true is in the error."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {value!r}")
        time.sleep(0.05)
    return value


def _is_up(var: Path, launcher: subprocess.Popen[bytes]) -> bool:
    if launcher.poll() is not None:
        raise AssertionError((var / "launcher.log").read_text())
    if not (var / "run.json").exists() or not (var / "demo.json").exists():
        return False
    base_url = json.loads((var / "demo.json").read_text())["base_url"]
    try:
        return requests.get(f"{base_url}/readyz", timeout=2).status_code == 200
    except (requests.RequestException, ValueError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
