"""Lighthouse, as on a middling phone, on the pages that a patient sees most (`make lighthouse`).

It runs where LIGHTHOUSE says how it is started, behind a front server that compresses.
"""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import os
import shlex
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.cluster import NOBODY_LISTENS
from tests.e2e import chromium
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure
from tests.faults.crew import Crew, a_folder
from tests.push_service import PushService
from tracker import clock

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "LIGHTHOUSE" not in os.environ, reason="LIGHTHOUSE does not say how Lighthouse is started"
    ),
]

FLOOR = 98  # of 100, the best of some tries: other work on the machine only takes away
TRIES = 3
CATEGORIES = ["performance", "accessibility", "best-practices"]
PAGES = ["Today", "check-in", "result"]
STARTS_WITH = ["--headless=new", *chromium.FLAGS]
HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "cookie"}
AS_SLOW_AS_A_PHONE = 800  # Lighthouse's own index of what this machine can do just now
DEFAULT_SLOWDOWN = 4


class Front(BaseHTTPRequestHandler):
    """A front server as a clinic has one: it compresses what it passes on.

    It says whose phone asks as well, because Lighthouse cannot be given a cookie that lasts.
    """

    protocol_version = "HTTP/1.1"
    behind = cookie = ""

    def do_GET(self) -> None:
        server = http.client.HTTPConnection(self.behind, timeout=30)
        told = {name: value for name, value in self.headers.items() if name.lower() not in HOP}
        told["Cookie"] = "; ".join([self.cookie, *self.headers.get_all("Cookie", [])])
        server.request("GET", self.path, headers=told)
        answer = server.getresponse()
        body = gzip.compress(answer.read())
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        with contextlib.suppress(ConnectionError):  # whoever asked has seen enough
            self.end_headers()
            self.wfile.write(body)
        server.close()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def site(transactional_db) -> Iterator[Callable[[str], str]]:
    """The product as it is served, behind a front server: an address for each phone's cookie."""
    fronts: list[ThreadingHTTPServer] = []
    with PushService() as service, a_folder() as folder:
        crew = Crew(Path(folder), service, NOBODY_LISTENS)
        behind = urlsplit(crew.web().base_url).netloc

        def address(cookie: str) -> str:
            known = type("Front", (Front,), {"behind": behind, "cookie": cookie})
            fronts.append(ThreadingHTTPServer(("127.0.0.1", 0), known))
            threading.Thread(target=fronts[0].serve_forever, daemon=True).start()
            return f"http://127.0.0.1:{fronts[0].server_address[1]}"

        try:
            yield address
        finally:
            for front in fronts:
                front.shutdown()
            crew.dismiss()


def asked(address: str, slowdown: int, report: Path) -> dict[str, Any]:
    """What Lighthouse says of a page."""
    argv = [
        *shlex.split(os.environ["LIGHTHOUSE"]),
        address,
        "--quiet",
        f"--only-categories={','.join(CATEGORIES)}",
        "--output=json",
        f"--output-path={report}",
        f"--chrome-flags={' '.join(STARTS_WITH)}",
        f"--throttling.cpuSlowdownMultiplier={slowdown}",
    ]
    env = {**os.environ, "CHROME_PATH": chromium.find() or ""}
    subprocess.run(argv, env=env, timeout=300, check=False)
    told = json.loads(report.read_text())
    if "runtimeError" not in told:
        assert urlsplit(told["finalDisplayedUrl"]).path == urlsplit(address).path
    return told


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_quick_and_fit_for_everybody(site, page, tmp_path):
    patient = a_patient(a_clinic(), diabetes=True)
    a_procedure(patient, now=clock.now())
    client = Client()
    a_phone(patient, client, now=clock.now())
    card = a_check_in(patient, now=clock.now()).check_in.client_id
    path = {"Today": "/", "check-in": "/check-in/", "result": f"/check-in/{card}/"}[page]
    cookie = f"{settings.PHONE_COOKIE}={client.cookies[settings.PHONE_COOKIE].value}"

    address, slowdown = site(cookie) + path, DEFAULT_SLOWDOWN
    best = dict.fromkeys(CATEGORIES, 0)
    for number in range(TRIES):
        told = asked(address, slowdown, tmp_path / f"{number}.json")
        found = {name: round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES}
        index = told["environment"]["benchmarkIndex"]
        print(f"\n{page}: {found}; machine {index}, made {slowdown} times slower")
        best = {name: max(best[name], found[name]) for name in CATEGORIES}
        if min(best.values()) == 100:
            break
        slowdown = 1 if index < AS_SLOW_AS_A_PHONE else DEFAULT_SLOWDOWN
    assert min(best.values()) >= FLOOR, best
