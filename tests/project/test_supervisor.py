"""A child that ends is started again; one that is told to stop is gone."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator

import pytest

from config import supervisor
from config.processes import Program, how_it_ended
from config.supervisor import Supervisor
from tests.journeys.product import until
from tests.project.launching import living


@pytest.fixture
def supervised(monkeypatch) -> Iterator[tuple[Supervisor, list[str]]]:
    monkeypatch.setattr(supervisor, "FIRST_DELAY", 0.05)
    said: list[str] = []
    watched = Supervisor(said.append, lambda pids: None)
    yield watched, said
    watched.stop(list(watched.children), within=2)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def test_delays_grow_until_a_child_stays_up(supervised, tmp_path, monkeypatch):
    watched, said = supervised
    watched.start(Program("poor", [sys.executable, "-c", "raise SystemExit(3)"], tmp_path / "log"))
    child = watched.children["poor"]

    started = time.monotonic()
    while child.failures < 4:
        watched.tick(5)
    assert time.monotonic() - started > 0.05 + 0.1 + 0.2
    assert said[0].startswith("poor ended (exit code 3); starting it again.")

    monkeypatch.setattr(supervisor, "HEALTHY", 0.0)
    while len(said) < 5:
        watched.tick(5)
    assert child.failures == 1


def test_a_child_that_will_not_stop_is_killed_with_its_own_children(supervised, tmp_path):
    watched, _ = supervised
    stubborn = "trap '' TERM; sleep 60 & echo $!; wait; wait"
    process = watched.start(Program("stubborn", ["sh", "-c", stubborn], tmp_path / "log"))
    until(lambda: (tmp_path / "log").read_text(), seconds=5)
    grandchild = int((tmp_path / "log").read_text())

    watched.stop(["stubborn"], within=0.2)

    assert how_it_ended(process.returncode) == "signal SIGKILL"
    until(lambda: not living({grandchild}), seconds=2)
