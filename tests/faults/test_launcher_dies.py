"""Row 23: kill -9 of the launcher leaves nobody behind, loses nothing, and it starts again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.faults.crew import a_folder
from tests.journeys.product import ROOT, until

pytestmark = pytest.mark.faults
TIMES = int(os.environ.get("LAUNCHER_KILLS", "2"))


def test_the_launcher_is_killed_again_and_again():
    """`LAUNCHER_KILLS=20 make faults ARGS=tests/faults/test_launcher_dies.py` does it in full."""
    done = subprocess.run(
        [sys.executable, "manage.py", "chaos", "--launcher", str(TIMES), "--json"],
        cwd=ROOT,
        capture_output=True,
        timeout=180 + 60 * TIMES,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert (told["kills"], told["left_behind"], told["lost"]) == (TIMES, 0, 0)
    assert told["slowest_end"] < 2


def test_chaos_for_twenty_seconds():
    done = subprocess.run(
        [sys.executable, "manage.py", "chaos", "--seconds", "20", "--seed", "7", "--json"],
        cwd=ROOT,
        capture_output=True,
        timeout=240,
        check=False,
    )
    told = json.loads(done.stdout or b"{}")
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert told["committed"] > 60 and len(told["faults"]) >= 2
    assert told["lost"] == told["doubled_visibly"] == told["early"] == told["too_late"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_chaos_that_is_stopped_leaves_nothing(number, monkeypatch):
    with a_folder() as folder:
        chaos = subprocess.Popen(
            [sys.executable, "manage.py", "chaos", "--seconds", "300"],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            stderr=subprocess.PIPE,
        )
        assert chaos.stderr
        until(lambda: b"patients" in chaos.stderr.readline(), seconds=60)
        time.sleep(3)

        chaos.send_signal(number)

        assert chaos.wait(timeout=40) == 130
        assert os.listdir(folder) == []
    assert _ours(folder) == []


def _ours(folder: str) -> list[str]:
    """Processes that still know of the folder."""
    found = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, check=True)
    return [line for line in found.stdout.decode().splitlines() if folder in line]
