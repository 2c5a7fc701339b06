"""WebKitGTK, the nearest thing to an iPhone that runs here: as much of WebDriver as is needed."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.processes import Program, end, spawn
from tests.journeys.product import until
from tests.project.launching import free_port

NEEDED = ["WebKitWebDriver", "Xvfb"]
STARTS_WITHIN = 30  # seconds; machines that test are busy
PATIENCE = 20  # seconds
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
WINDOW = {"x": 0, "y": 0, "width": 390, "height": 844}
HARDLY_A_MACHINE = {"WEBKIT_DISABLE_COMPOSITING_MODE": "1", "NO_AT_BRIDGE": "1"}
"""No graphics card, no desktop."""
AWAITED = """const give = arguments[arguments.length - 1];
Promise.resolve((%s)()).then((value) => give([value]), (error) => give(String(error)));"""


def missing() -> list[str]:
    return [name for name in NEEDED if shutil.which(name) is None]


class Refused(Exception):
    """The driver could not do what was asked: it says why."""


class Driver:
    """A browser over HTTP: https://www.w3.org/TR/webdriver2/."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._session = ""

    def is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(self._ask("GET", "/status")["ready"])
        return False

    def begin(self) -> None:
        self._session = ""
        self._session = (
            "/session/" + self._ask("POST", "/session", {"capabilities": {}})["sessionId"]
        )
        self._ask("POST", "/window/rect", WINDOW)

    def end(self) -> None:
        self._ask("DELETE", "")

    # --- where it is ------------------------------------------------------------------------

    def open(self, address: str) -> None:
        self._ask("POST", "/url", {"url": address})

    def reload(self) -> None:
        self._ask("POST", "/refresh", {})

    def back(self) -> None:
        self._ask("POST", "/back", {})

    def address(self) -> str:
        return str(self._ask("GET", "/url"))

    # --- what it shows ----------------------------------------------------------------------

    def run(self, script: str) -> Any:
        """What a function answers in the page, at once or later."""
        told = self._ask("POST", "/execute/async", {"script": AWAITED % script, "args": []})
        if isinstance(told, list):
            return told[0]
        raise Refused(told)

    def shows(self, css: str, words: str = "") -> bool:
        """Whether it is seen, with these words."""
        with contextlib.suppress(Refused):
            element = self._element(css)
            return bool(self._ask("GET", f"{element}/displayed")) and words in self.text(css)
        return False

    def text(self, css: str = "body") -> str:
        return str(self._ask("GET", f"{self._element(css)}/text"))

    def source(self) -> str:
        return str(self._ask("GET", "/source"))

    def wait_for(self, css: str, words: str = "") -> None:
        try:
            until(lambda: self.shows(css, words), seconds=PATIENCE)
        except AssertionError:
            raise AssertionError(
                f"no {css} with {words!r} at {self.address()}:\n{self.text()}"
            ) from None

    # --- what a person does -----------------------------------------------------------------

    def click(self, css: str) -> None:
        self.wait_for(css)
        self._ask("POST", f"{self._element(css)}/click", {})

    def type(self, css: str, words: str) -> None:
        self.wait_for(css)
        self._ask("POST", f"{self._element(css)}/value", {"text": words})

    def _element(self, css: str) -> str:
        found = self._ask("POST", "/element", {"using": "css selector", "value": css})
        return f"/element/{found[ELEMENT]}"

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            data = None if body is None else json.dumps(body)
            path = path if path == "/status" else self._session + path
            connection.request(method, path, data, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            connection.close()
        if answer.status != 200:
            raise Refused(f"{method} {path}: {value['error']}: {value['message']}")
        return value


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Driver]:
    """Start the driver on a screen that nobody sees."""
    log, port = folder / "webkit.log", free_port()
    told, tell = os.pipe()
    screen = ["Xvfb", "-displayfd", str(tell), "-screen", "0", "800x1000x24", "-nolisten", "tcp"]
    programs = [spawn(Program("screen", screen, log, keep_open=(tell,)))]
    os.close(tell)
    try:
        with open(told) as line:
            env = {**os.environ, "DISPLAY": f":{line.readline().strip()}", **HARDLY_A_MACHINE}
        programs.append(
            spawn(Program("driver", ["WebKitWebDriver", f"--port={port}"], log, env=env))
        )
        driver = Driver(port)
        until(driver.is_ready, seconds=STARTS_WITHIN)
        yield driver
    finally:
        for each in reversed(programs):
            each.terminate()
        end(programs, within=5)
