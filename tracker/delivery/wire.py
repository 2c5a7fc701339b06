"""One HTTP request to a push service or a gateway: bounded in time and size, never redirected."""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ssl import SSLContext
from urllib.parse import SplitResult, urlsplit

from tracker.delivery import deadline
from tracker.delivery.failures import TemporaryFailure

LARGEST = 16 * 1024  # bytes of an answer that anybody reads
REUSED_WITHIN = 10.0  # seconds; a connection idle for longer may be forgotten on the way
MOST_KEPT = 4  # connections a thread


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float:
        """How many seconds the receiver asks us to wait; 0 when it does not say, or says a date."""
        told = self.headers.get("retry-after", "")
        return float(told) if told.isdecimal() and told.isascii() else 0.0


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post once; `TemporaryFailure` when no answer came before the deadline."""
    parts = urlsplit(url)
    connection = _kept.take(parts)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        answer, is_whole = _read(connection.getresponse())
    except (OSError, HTTPException) as error:
        connection.close()
        raise TemporaryFailure(f"{parts.hostname}: {type(error).__name__}") from error
    if is_whole:
        _kept.put_back(parts, connection)
    else:
        connection.close()
    return answer


def _read(response: HTTPResponse) -> tuple[Answer, bool]:
    """Read the answer, and say whether nothing of it is still to come."""
    try:
        body = response.read(LARGEST)
        is_whole = response.isclosed() and not response.will_close
    except (OSError, HTTPException):
        # The status has been told; a body that drips or breaks off changes nothing about it.
        body, is_whole = b"", False
    return Answer(
        response.status, {name.lower(): value for name, value in response.headers.items()}, body
    ), is_whole


class _Kept(threading.local):
    """Connections that this thread may use again, by origin, the last used last."""

    def __init__(self) -> None:
        self._idle: dict[tuple[str, str], tuple[HTTPConnection, float]] = {}

    def take(self, parts: SplitResult) -> HTTPConnection:
        connection, used_at = self._idle.pop((parts.scheme, parts.netloc), (None, 0.0))
        if connection is not None:
            if time.monotonic() - used_at < REUSED_WITHIN and not _has_ended(connection):
                return connection
            connection.close()
        return _connection(parts)

    def put_back(self, parts: SplitResult, connection: HTTPConnection) -> None:
        self._idle[parts.scheme, parts.netloc] = connection, time.monotonic()
        while len(self._idle) > MOST_KEPT:
            oldest, _ = self._idle.pop(next(iter(self._idle)))
            oldest.close()


_kept = _Kept()


def _connection(parts: SplitResult) -> HTTPConnection:
    if parts.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(
            parts.hostname or "", parts.port, context=_tls_context()
        )
    else:
        connection = HTTPConnection(parts.hostname or "", parts.port)
    connection._create_connection = deadline.connect  # type: ignore[attr-defined]
    return connection


@cache
def _tls_context() -> SSLContext:
    return deadline.tls_context()


def _has_ended(connection: HTTPConnection) -> bool:
    """Whether the receiver closed it meanwhile: then it is readable, though nothing was asked."""
    if connection.sock is None:
        return True
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))
