"""A push service on loopback: checks VAPID, decrypts, counts, and can misbehave."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Received:
    """One message as the browser would see it, decrypted."""

    endpoint: str
    payload: dict[str, Any]
    headers: dict[str, str]
    vapid: dict[str, Any]
    at: float
    wall: float = field(default_factory=time.time)

    @property
    def tag(self) -> str:
        return str(self.payload["notification"]["tag"])


@dataclass
class Browser:
    """A browser that subscribed: its keys, and where the service takes its messages."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))
    answers: list[int | str] = field(default_factory=list)
    """What its messages are answered next: a status code, or how the service misbehaves."""

    @property
    def subscription(self) -> dict[str, Any]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": encode(point), "auth": encode(self.secret)}
        return {"endpoint": self.endpoint, "keys": keys}

    def decrypt(self, body: bytes) -> dict[str, Any]:
        raw = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        found: dict[str, Any] = json.loads(raw)
        return found


def _reset(request: BaseHTTPRequestHandler) -> None:
    """Break the connection off instead of closing it."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.close_connection = True


def _silence(request: BaseHTTPRequestHandler) -> None:
    """Take the message and say nothing, for longer than anybody waits."""
    time.sleep(10)
    request.close_connection = True


def _drip(request: BaseHTTPRequestHandler) -> None:
    """Answer a letter a second, for as long as somebody listens."""
    with contextlib.suppress(OSError):
        for letter in b"HTTP/1.1 201 " + b"x" * 40:
            request.wfile.write(bytes([letter]))
            time.sleep(1)
    request.close_connection = True


MISBEHAVIOUR = {"reset": _reset, "silence": _silence, "drip": _drip}


class _Server(ThreadingHTTPServer):
    request_queue_size = 256  # a burst must not be refused
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_request: Any) -> None:
        """A sender that is killed while it talks to us is what we are here for."""


class PushService:
    """Start with `with PushService() as service:`; `service.browser()` subscribes."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.refusals: list[str] = []
        self.answers: list[int | str] = []
        """What to answer next to whomever, before it works again."""
        self.holds: threading.Event | None = None
        """Messages are taken, but no answer leaves until this is set."""
        self.shown: Callable[[Received], None] = lambda message: None
        """Called with each message, as a browser calls the page's service worker."""
        self._browsers: dict[str, Browser] = {}
        self._changed = threading.Condition()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                answer = service._take(self)
                if isinstance(answer, str):
                    MISBEHAVIOUR[answer](self)
                    return
                self.send_response(answer)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> PushService:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def browser(self) -> Browser:
        path = f"/push/{len(self._browsers)}-{os.urandom(6).hex()}"
        browser = self._browsers[path] = Browser(endpoint=self.origin + path)
        return browser

    def wait_for(self, count: int, *, seconds: float = 10) -> list[Received]:
        """Wait until that many messages arrived; fail by returning what there is."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while len(self.received) < count and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
        return list(self.received)

    def _take(self, request: BaseHTTPRequestHandler) -> int | str:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        browser = self._browsers.get(urlsplit(request.path).path)
        if self.answers:
            return self.answers.pop(0)
        if browser is None:
            return 410
        if browser.answers:
            return browser.answers.pop(0)
        try:
            vapid = self._check_vapid(request.headers)
            payload = browser.decrypt(body)
        except (ValueError, InvalidSignature, KeyError) as error:
            self.refusals.append(f"{type(error).__name__}: {error}")
            return 403
        with self._changed:
            headers = {name.lower(): value for name, value in request.headers.items()}
            message = Received(browser.endpoint, payload, headers, vapid, time.monotonic())
            self.received.append(message)
            self._changed.notify_all()
        self.shown(message)
        if self.holds is not None:
            self.holds.wait(30)
        return 201

    def _check_vapid(self, headers: Any) -> dict[str, Any]:
        """RFC 8292: a signed audience, an expiry within a day, and a subject to write to."""
        scheme, _, rest = headers["Authorization"].partition(" ")
        if scheme.lower() != "vapid":
            raise ValueError("no VAPID")
        parts = dict(part.strip().split("=", 1) for part in rest.split(","))
        head, claims, signature = parts["t"].split(".")
        raw = decode(signature)
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decode(parts["k"]))
        key.verify(
            encode_dss_signature(r, s), f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256())
        )
        told: dict[str, Any] = json.loads(decode(claims))
        if told["aud"] != self.origin:
            raise ValueError(f"audience {told['aud']}")
        if not time.time() < told["exp"] <= time.time() + 24 * 60 * 60:
            raise ValueError("expiry")
        if not str(told["sub"]).startswith(("mailto:", "https:")):
            raise ValueError("subject")
        return {**told, "key": parts["k"]}
