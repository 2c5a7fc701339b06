"""The network between a phone and the server: it can be cut, and it can lose answers."""

from __future__ import annotations

import contextlib
import socket
import threading
from urllib.parse import urlsplit


class Cable:
    """A port of this machine that leads to the server while it is not cut.

    Without it a cut is only the browser's pretence, which a worker that has just started escapes.
    """

    def __init__(self, server_url: str) -> None:
        parts = urlsplit(server_url)
        self.server = (parts.hostname, parts.port)
        self.cut = False
        self.answers_lost = False
        self.asked: list[str] = []
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://localhost:{self._door.getsockname()[1]}"
        threading.Thread(target=self._let_in, daemon=True).start()

    def __enter__(self) -> Cable:
        return self

    def __exit__(self, *_: object) -> None:
        self.down()
        self._door.close()

    def down(self) -> None:
        self.cut = True
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def up(self) -> None:
        self.cut = self.answers_lost = False

    def lose_answers(self) -> None:
        """The server hears and does everything; the phone hears nothing of it."""
        self.answers_lost = True

    def _let_in(self) -> None:
        while True:
            try:
                phone, _ = self._door.accept()
            except OSError:
                return
            if self.cut:
                phone.close()
                continue
            try:
                server = socket.create_connection(self.server)
            except OSError:
                phone.close()
                continue
            self._open |= {phone, server}
            for pair in ((phone, server), (server, phone)):
                threading.Thread(target=self._carry, args=(*pair, server), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source is server and self.answers_lost:
                    break
                if source is not server:
                    self.asked += _requests(data)
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
            self._open.discard(each)


def _requests(data: bytes) -> list[str]:
    first = data.split(b"\r\n", 1)[0].decode("latin-1")
    return [first.rpartition(" ")[0]] if first.endswith(" HTTP/1.1") else []
