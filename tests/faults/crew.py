"""Workers and web servers over the test's own database, to be killed, frozen and poisoned."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests
from django.conf import settings
from django.db import connection

from config.launcher import WEB, WORKER
from config.processes import Program, end, kill_group, spawn
from tests.journeys.product import OURS, until
from tests.project.launching import free_port
from tests.push_service import PushService
from tracker.management.commands.vapid_keys import make_vapid_keys

LEASE = 2  # seconds
STARTS_WITHIN = 30  # seconds; machines that test are busy


class Crew:
    """Starts processes of the product; whoever is left at the end is killed."""

    def __init__(self, folder: Path, service: PushService, broker_url: str) -> None:
        private, public = make_vapid_keys()
        self.folder, self._running = folder, list[subprocess.Popen[bytes]]()
        (folder / "mail").mkdir()
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(OURS)},
            "AFTERBLOCK_DEMO": "1",
            "DATABASE_URL": address_of_the_tests(),
            "REDIS_URL": broker_url,
            "SECRET_KEY": settings.SECRET_KEY,
            "EMAIL_URL": f"filemail:///{folder / 'mail'}",
            "PUSH_TEST_ORIGIN": service.origin,
            "VAPID_PRIVATE_KEY": private,
            "VAPID_PUBLIC_KEY": public,
            "VAPID_SUBJECT": "mailto:oncall@clinic.test",
            "VAR_DIR": str(folder),
            "PYTHONUNBUFFERED": "1",
            "LEASE": str(LEASE),
        }

    def worker(self, **env: str) -> Worker:
        return Worker(*self._spawn("worker", [*WORKER.split(), "-n", f"{uuid4().hex}@%h"], env))

    def web(self, port: int | None = None, **env: str) -> Web:
        port = port or free_port()
        address = ["--host", "127.0.0.1", "--port", str(port)]
        web = Web(*self._spawn("web", [*WEB.split(), *address], env))
        web.base_url = f"http://127.0.0.1:{port}"
        until(web.answers, seconds=STARTS_WITHIN)
        return web

    def _spawn(
        self, name: str, module: list[str], env: dict[str, str]
    ) -> tuple[subprocess.Popen[bytes], Path]:
        log = self.folder / f"{name}-{len(self._running)}.log"
        argv = [sys.executable, "-m", *module]
        process = spawn(Program(name, argv, log, env={**self.env, **env}))
        self._running.append(process)
        return process, log

    def log(self) -> str:
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def mails(self) -> list[str]:
        return [path.read_text() for path in sorted((self.folder / "mail").glob("*.log"))]

    def dismiss(self) -> None:
        for process in self._running:
            kill_group(process)
        end(self._running, within=5)
        self._running.clear()


class Worker:
    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process, self._log = process, log

    def is_ready(self) -> bool:
        """Whether it has reached the broker; its sweeper needs none, and began before."""
        return " ready." in self._log.read_text()

    def freeze(self) -> None:
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        kill_group(self.process)
        self.process.wait()

    def stop(self, within: float = 10) -> int:
        """Ask it to end, as a deploy does."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(within)

    def has_died(self) -> bool:
        return self.process.poll() == -signal.SIGKILL

    def is_frozen(self) -> bool:
        state = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "T"


class Web(Worker):
    base_url = ""

    def answers(self) -> bool:
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.base_url}/livez", timeout=2).status_code == 200
        return False


class Phone:
    """A signed-in patient's phone at one of the web servers."""

    def __init__(self, base_url: str, code: str) -> None:
        self.base_url, self._http = base_url, requests.Session()
        answer = self._http.post(f"{base_url}/api/v1/session/", json={"code": code}, timeout=20)
        assert answer.status_code == 201, answer.text
        self._token = answer.json()["csrf_token"]

    def read(self) -> float:
        """Ask for what any page needs, and say how long the answer took."""
        answer = self._http.get(f"{self.base_url}/api/v1/me/", timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.elapsed.total_seconds()

    def check_in(self, client_id: Any, answers: dict[str, Any]) -> requests.Response:
        return self._http.put(
            f"{self.base_url}/api/v1/check-ins/{client_id}/",
            json=answers,
            headers={"X-CSRFToken": self._token},
            timeout=20,
        )


def address_of_the_tests() -> str:
    """Where the database of these tests is, in the words of DATABASE_URL."""
    known = connection.settings_dict
    host = known["HOST"] or known["OPTIONS"].get("host", "")
    user = known["USER"] or "postgres"
    if str(host).startswith("/"):
        return f"postgres://{user}@/{known['NAME']}?host={host}"
    return f"postgres://{user}:{known['PASSWORD']}@{host}:{known['PORT'] or 5432}/{known['NAME']}"


def a_folder() -> tempfile.TemporaryDirectory[str]:
    """Short, because sockets are in it."""
    return tempfile.TemporaryDirectory(prefix="afterblock-faults-")
