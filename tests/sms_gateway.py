"""A gateway for text messages on loopback: as Twilio's or for JSON; it can refuse."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs


@dataclass
class Text:
    to: str
    words: str
    path: str
    headers: dict[str, str]


class SmsGateway:
    """Start with `with SmsGateway() as gateway:`; `gateway.twilio` and `.json` are settings."""

    def __init__(self) -> None:
        self.received: list[Text] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        """What to answer next, before it works again."""
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status, body = gateway._take(self)
                raw = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def twilio(self) -> dict[str, str]:
        known = {"kind": "twilio", "account": "AC1", "token": "secret", "sender": "+15555550199"}
        return {**known, "api": self.origin}

    @property
    def json(self) -> dict[str, str]:
        return {"kind": "gateway", "token": "secret", "url": f"{self.origin}/texts?a=1"}

    def __enter__(self) -> SmsGateway:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, request: BaseHTTPRequestHandler) -> tuple[int, dict[str, Any]]:
        raw = request.rfile.read(int(request.headers["Content-Length"])).decode()
        if self.answers:
            return self.answers.pop(0)
        headers = {name.lower(): value for name, value in request.headers.items()}
        if headers["content-type"] == "application/json":
            said = json.loads(raw)
        else:
            form = {name: values[0] for name, values in parse_qs(raw).items()}
            said = {"to": form["To"], "text": form["Body"]}
        self.received.append(Text(said["to"], said["text"], request.path, headers))
        return 201, {}
