"""`make run`: database, broker, web server, worker and beat as one tree of processes."""

import http.client
import os
import re
import signal
import sys
import time
from types import FrameType
from typing import NoReturn
from urllib.parse import urlsplit

from config.embedded import Server, Valkey
from config.embedded_postgres import Postgres, forget_other_servers
from config.folders import empty, locked, open_var, rotate_logs, socket_folder, write_json
from config.greeting import complain, greet, say
from config.options import Options, check_port, read_options, surroundings
from config.processes import LaunchError, Program, die_with, run, tail
from config.running import shared_settings
from config.supervisor import Supervisor

READY_WITHIN = 90.0
READY = "ready"
NEEDED = re.compile(r'"(database|sweeper)":|^[^{]')
"""What the answer of /readyz may not complain of at the start; a backlog is worked off later."""
HOPELESS = 4
"""Who ended this often before the product was ever ready is not waited for."""
PORT_FREED_WITHIN = 4.0
"""Seconds: after a kill, the port is free when the last of its processes is gone."""
SERVERS = ["postgres", "valkey"]

WEB = (
    "granian --interface wsgi --workers 1 --blocking-threads 8 --workers-kill-timeout 3 --no-ws "
    "config.wsgi:application"
)
WORKER = (
    "celery -A config worker --pool threads --concurrency 8 --without-gossip --without-mingle "
    "-Q alerts,default --loglevel info"
)
BEAT = "celery -A config beat --loglevel info"


class Stop(BaseException):
    """Somebody pressed Ctrl-C, closed the terminal, or asked us to end."""


class Launcher:
    def __init__(self, options: Options, lock: int) -> None:
        self.options, self.var, self.lock = options, options.var, lock
        self.env = surroundings(options, os.environ)
        self.sockets: dict[str, str] = {}
        self.supervisor = Supervisor(say, self._write_run_file)

    def run(self) -> NoReturn:
        try:
            self._start_servers()
            run(self._python("prepare", "-m", "config.prepare", env=self.env))
            self._start_product()
            self._wait_until_ready()
            greet(self.env["BASE_URL"], self.var)
            while True:
                self.supervisor.tick(60)
        finally:
            self._stop()

    def _start_servers(self) -> None:
        """Start what the environment does not name, and tell everybody where it is."""
        sockets, log = socket_folder(self.var), self.var / "log"
        if "REDIS_URL" not in self.env:
            valkey = Valkey(self.var / "valkey", sockets, log / "valkey.log", lock=self.lock)
            self.sockets["valkey"] = str(valkey.socket)
            self.env["REDIS_URL"] = self._serve(valkey)
        if "DATABASE_URL" not in self.env:
            postgres = Postgres(
                self.var / "postgres", sockets, log / "postgres.log", lock=self.lock
            )
            self.sockets["postgres"] = str(sockets)
            self.env["DATABASE_URL"] = self._serve(postgres)
            self.env["DATABASE_OWNER_URL"] = postgres.owner_url()
            postgres.create_database()

    def _serve(self, server: Server) -> str:
        server.prepare()
        server.wait(self.supervisor.start(server.program()))
        return server.url()

    def _start_product(self) -> None:
        address = ["--host", self.options.host, "--port", str(self.options.port)]
        schedule = ["-s", str(self.var / "beat")]
        self.supervisor.start(self._python("web", "-m", *WEB.split(), *address))
        for number in range(1, self.options.workers + 1):
            name = "worker" if number == 1 else f"worker-{number}"
            self.supervisor.start(self._python(name, "-m", *WORKER.split(), "-n", f"{name}@%h"))
        self.supervisor.start(self._python("beat", "-m", *BEAT.split(), *schedule))

    def _python(self, name: str, *arguments: str, env: dict[str, str] | None = None) -> Program:
        log = self.var / "log" / f"{name}.log"
        argv = [sys.executable, *arguments]
        # What serves and sends is not told how to become the owner of the tables.
        told = {key: value for key, value in self.env.items() if key != "DATABASE_OWNER_URL"}
        return Program(name, argv, log, env=env or told, keep_open=(self.lock,))

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        needed = [self.supervisor.children[name] for name in ("web", "worker")]
        while (said := self._readiness()) != READY:
            if time.monotonic() > until or any(each.failures >= HOPELESS for each in needed):
                raise LaunchError(self._why_not_ready(said))
            self.supervisor.tick(0.05)

    def _why_not_ready(self, said: str | None) -> str:
        """One sentence and a log: of the web server, or of the worker that has to sweep first."""
        name, sentence = "web", "The web server does not answer."
        if said is not None:
            name, sentence = "worker", f"No message would be sent: {said}"
        return f"{sentence}\n{tail(self.supervisor.children[name].program.log)}"

    def _readiness(self) -> str | None:
        """What our own web server says at /readyz; None when none, or a stranger, answers."""
        public = urlsplit(self.env["BASE_URL"])
        headers = {"Host": public.netloc, "X-Forwarded-Proto": public.scheme}
        here = urlsplit(self.options.own_address)
        connection = http.client.HTTPConnection(str(here.hostname), here.port, timeout=3)
        try:
            connection.request("GET", "/readyz", headers=headers)
            answer = connection.getresponse()
            instance = answer.getheader("X-Afterblock-Instance")
            said = answer.read(2000).decode(errors="replace")
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if instance != self.env["AFTERBLOCK_INSTANCE"]:
            return None
        return said if answer.status != 200 and NEEDED.search(said) else READY

    def _write_run_file(self, pids: dict[str, int]) -> None:
        told = {
            "base_url": self.env["BASE_URL"],
            "instance": self.env["AFTERBLOCK_INSTANCE"],
            "settings": shared_settings(self.env),
            "pids": {"launcher": os.getpid(), **pids},
            "sockets": self.sockets,
            "urls": {name: self.env.get(name) for name in ("DATABASE_URL", "REDIS_URL")},
            "logs": {name: str(c.program.log) for name, c in self.supervisor.children.items()},
        }
        write_json(self.var / "run.json", told)

    def _stop(self) -> None:
        """End the product before what it stands on, so that nobody is cut off in mid-sentence."""
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)
        product = [name for name in self.supervisor.children if name not in SERVERS]
        self.supervisor.stop(product, within=3)
        self.supervisor.stop(SERVERS, within=5)
        (self.var / "run.json").unlink(missing_ok=True)


STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop(number: int, frame: FrameType | None) -> NoReturn:
    raise Stop


def launch(options: Options) -> NoReturn:
    open_var(options.var)
    with locked(options.var) as lock:
        was_killed = (options.var / "run.json").exists()
        check_port(options, PORT_FREED_WITHIN if was_killed else 0)
        rotate_logs(options.var)
        if not os.environ.get("DATABASE_URL"):
            forget_other_servers()
        Launcher(options, lock).run()


def main(arguments: list[str]) -> int:
    for number in STOPPING:
        signal.signal(number, stop)
    if "--with-parent" in arguments:  # a killed `make` must not leave us behind either
        die_with(os.getppid(), signal.SIGTERM)
    try:
        options = read_options(os.environ)
        if "--reset" in arguments:
            empty(options.var)
            return 0
        launch(options)
    except LaunchError as error:
        complain(str(error))
        return 1
    except Stop:
        say("Stopped.")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
