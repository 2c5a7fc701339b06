"""One deadline for everything that a send does: look up, connect, shake hands, say, listen.

A socket's own time-out begins anew with each byte, so a receiver that drips one a second would
hold a sender for ever. The sockets made here ask how much time is left before each wait.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import certifi

_ends_at: ContextVar[float] = ContextVar("deadline_ends_at")
USUAL = 5.0  # seconds, for whoever set no deadline (a staff member's sign-in mail)
ONE_ADDRESS = 2.0  # seconds; a name has several addresses, and the first may be a black hole


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give all sockets of this thread so many seconds from now, together."""
    token = _ends_at.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _ends_at.reset(token)


def left() -> float:
    """Tell how many seconds are left; `TimeoutError` when none are."""
    seconds = _ends_at.get(time.monotonic() + USUAL) - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the deadline is over")
    return seconds


class _Socket(socket.socket):
    def recv_into(self, *arguments: Any) -> int:
        self.settimeout(left())
        return super().recv_into(*arguments)

    def sendall(self, *arguments: Any) -> None:
        self.settimeout(left())
        super().sendall(*arguments)


class _TlsSocket(ssl.SSLSocket):
    def recv_into(self, *arguments: Any) -> int:
        self.settimeout(left())
        return super().recv_into(*arguments)

    def sendall(self, *arguments: Any) -> None:
        self.settimeout(left())
        super().sendall(*arguments)


def tls_context(certificate: Any = None, key: Any = None) -> ssl.SSLContext:
    """Trust the authorities of the system and of certifi: small images have only the latter."""
    context = ssl.create_default_context()
    if certificate:
        context.load_cert_chain(certificate, key)
    context.load_verify_locations(certifi.where())
    context.sslsocket_class = _TlsSocket
    return context


def connect(address: tuple[str, int], *_ignored: Any) -> socket.socket:
    """Connect to the first address that answers, in the place of `socket.create_connection`."""
    found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
    error: OSError = OSError("the name has no address")
    for index, (family, kind, protocol, _, target) in enumerate(found):
        is_last = index == len(found) - 1
        opened = _Socket(family, kind, protocol)
        try:
            opened.settimeout(left() if is_last else min(left(), ONE_ADDRESS))
            opened.connect(target)
        except OSError as failed:
            opened.close()
            error = failed
        else:
            opened.settimeout(left())
            return opened
    raise error
