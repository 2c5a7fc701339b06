"""Peers that take a connection, or not even that, and never say a word; a wire that can be cut."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def a_black_hole() -> Iterator[int]:
    """A port whose backlog is full: whoever connects gets no answer at all, not even a refusal."""
    with contextlib.ExitStack() as held:
        hole = held.enter_context(socket.socket())
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        for _ in range(4):
            one = held.enter_context(socket.socket())
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                one.connect(hole.getsockname())
        yield hole.getsockname()[1]


class Wire:
    """A TCP port that leads to a server's socket, until it swallows whatever passes."""

    def __init__(self, path: str) -> None:
        self._path, self._is_over = path, threading.Event()
        self._whole = threading.Event()
        self._whole.set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Nothing passes any more, in either direction, and nobody is told."""
        self._whole.clear()

    def mend(self) -> None:
        """New connections pass; what was cut stays dead."""
        self._whole = threading.Event()
        self._whole.set()

    def close(self) -> None:
        self._listener.close()
        self._is_over.set()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(self._path)
            whole = self._whole
            for source, sink in ((near, far), (far, near)):
                ends = (source, sink, whole, self._is_over)
                threading.Thread(target=_pass, args=ends, daemon=True).start()


def _pass(
    source: socket.socket, sink: socket.socket, whole: threading.Event, is_over: threading.Event
) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            if not whole.is_set():
                is_over.wait()  # keeps both ends open
                break
            sink.sendall(data)
    for each in (source, sink):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
