"""Receivers that misbehave below HTTP: real sockets, one thread each."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

Behave = Callable[[socket.socket], None]


class Receiver:
    def __init__(self, behave: Behave) -> None:
        self.connections = 0
        self._behave = behave
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            self._behave(connection)


@contextlib.contextmanager
def a_receiver(behave: Behave) -> Iterator[Receiver]:
    receiver = Receiver(behave)
    try:
        yield receiver
    finally:
        receiver.close()


def drip(data: bytes) -> Behave:
    """A byte each 50 ms, for ever again: no time-out of a single wait ever ends that."""

    def behave(connection: socket.socket) -> None:
        while True:
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)

    return behave


def say_nothing(connection: socket.socket) -> None:
    time.sleep(30)


def hang_up(connection: socket.socket) -> None:
    connection.recv(1)


def answer(head: bytes, *, then: Behave | None = None, again: bool = True) -> Behave:
    """Read a request, answer it, and take the next one on the same connection."""

    def behave(connection: socket.socket) -> None:
        while True:
            if not _read_request(connection):
                return
            connection.sendall(head)
            if then:
                then(connection)
            if not again:
                return

    return behave


def _read_request(connection: socket.socket) -> bool:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return False
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    length = next(int(each[16:]) for each in lines if each.startswith("content-length: "))
    while len(body) < length:
        body += connection.recv(65536)
    return True
