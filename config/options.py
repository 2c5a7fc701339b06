"""What `make run` reads from the environment, and what it gives to its children."""

import ipaddress
import os
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from config.folders import read_json, write_json, write_private
from config.processes import ROOT, LaunchError, wait_until

ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - compared, not listened to
ELSEWHERE = ("192.0.2.1", 9)
"""An address that exists nowhere: asking the way to it tells which address of ours leads out."""


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    var: Path
    workers: int = 1

    @property
    def own_address(self) -> str:
        """Where this machine itself reaches the product."""
        nearby = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
        return _origin(nearby.get(self.host, self.host), self.port)

    @property
    def base_url(self) -> str:
        """Where phones reach it: with HOST=0.0.0.0 the address in the local network."""
        host = _address_in_the_network() if self.host in ANY_ADDRESS else self.host
        return _origin(host, self.port)


def read_options(environ: Mapping[str, str]) -> Options:
    return Options(
        host=environ.get("HOST") or "127.0.0.1",
        port=_port(environ.get("PORT") or "8000"),
        var=ROOT / Path(environ.get("VAR_DIR") or "var").expanduser(),
        workers=_workers(environ.get("WORKERS") or "1"),
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise LaunchError(f"PORT is {text!r}: give a number from 1 to 65535.")
    return int(text)


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 16:
        raise LaunchError(f"WORKERS is {text!r}: give a number from 1 to 16.")
    return int(text)


def _origin(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _address_in_the_network() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)  # a datagram socket: nothing is sent
        except OSError:
            return "127.0.0.1"
        return str(ipaddress.ip_address(probe.getsockname()[0]))


def check_port(options: Options, patience: float) -> None:
    """Find out now whether the port is free: two web servers of one user would share it."""
    if not wait_until(lambda: not _in_the_way(options), patience):
        raise LaunchError(
            f"Port {options.port} on {options.host} cannot be used ({_in_the_way(options)}): "
            f"set PORT to another one, as in `PORT={_next(options.port)} make run`."
        )


def _in_the_way(options: Options) -> str:
    try:
        found = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_STREAM)
    except OSError:
        raise LaunchError(f"HOST is {options.host!r}: give an address of this machine.") from None
    family, kind, protocol, _, address = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return str(error.strerror or error)
    return ""


def _next(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8000


def surroundings(options: Options, environ: Mapping[str, str]) -> dict[str, str]:
    """The children's environment: whatever is already set wins over what we would choose."""
    given = {key: value for key, value in environ.items() if value}
    base_url = given.get("BASE_URL", options.base_url)
    chosen = {
        "BASE_URL": base_url,
        "SECRET_KEY": given.get("SECRET_KEY") or _secret_key(options.var),
        "AFTERBLOCK_DEMO": "1",
        "AFTERBLOCK_INSTANCE": secrets.token_hex(8),
        "EMAIL_URL": f"filemail:///{quote(str(options.var / 'mail'))}",
        "PYTHONUNBUFFERED": "1",
        **_vapid_keys(options.var, given),
        **_clock(given),
    }
    if base_url.startswith("https://"):
        chosen["BEHIND_TLS_PROXY"] = "1"  # our server speaks plain http
    ours = {"VAR_DIR": str(options.var), "LAUNCHER_PID": str(os.getpid())}
    return {**chosen, **given, **ours}


def _secret_key(var: Path) -> str:
    path = var / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text()


def _vapid_keys(var: Path, given: Mapping[str, str]) -> dict[str, str]:
    if "VAPID_PRIVATE_KEY" in given or "VAPID_PUBLIC_KEY" in given:
        return {}  # half of another pair would never be understood
    path = var / "vapid.json"
    keys = read_json(path)
    if "private_key" not in keys or "public_key" not in keys:
        from tracker.management.commands.vapid_keys import make_vapid_keys

        private, public = make_vapid_keys()
        keys = {"private_key": private, "public_key": public}
        write_json(path, keys)
    return {
        "VAPID_PRIVATE_KEY": keys["private_key"],
        "VAPID_PUBLIC_KEY": keys["public_key"],
        "VAPID_SUBJECT": "mailto:demo@afterblock.example",
    }


def _clock(given: Mapping[str, str]) -> dict[str, str]:
    # All processes must agree on when the fast clock began.
    return {"CLOCK_STARTED_AT": datetime.now(UTC).isoformat()} if "CLOCK_SPEED" in given else {}
