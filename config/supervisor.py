"""Keeps children running: one that ends is started again, later each time until it stays up."""

import contextlib
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from config.processes import LaunchError, Program, end, how_it_ended, kill_group, spawn

FIRST_DELAY = 0.1
LONGEST_DELAY = 10.0
HEALTHY = 10.0
"""Seconds after which a child counts as well, so that its next end is its first."""


@dataclass
class Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0
    start_at: float = 0


class Supervisor:
    """A few children in the order in which they were started."""

    def __init__(self, say: Callable[[str], None], changed: Callable[[dict[str, int]], None]):
        self.children: dict[str, Child] = {}
        self._say, self._changed = say, changed
        self._woken, wake = os.pipe()
        for descriptor in (self._woken, wake):
            os.set_blocking(descriptor, False)
        # A child's end wakes the loop at once: the handler does nothing, the pipe does.
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def start(self, program: Program) -> subprocess.Popen[bytes]:
        child = self.children[program.name] = Child(program)
        return self._start(child)

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        child.process = spawn(child.program)
        child.started_at = time.monotonic()
        self._changed(self.pids())
        return child.process

    def pids(self) -> dict[str, int]:
        return {name: c.process.pid for name, c in self.children.items() if c.process}

    def tick(self, longest: float) -> None:
        """Wait until something happens, but not for ever, and see to every child."""
        self._sleep(longest)
        for child in self.children.values():
            if child.process and child.process.poll() is not None:
                self._bury(child, child.process)
            if child.process is None and time.monotonic() >= child.start_at:
                self._start_again(child)

    def _sleep(self, longest: float) -> None:
        due = [c.start_at for c in self.children.values() if c.process is None]
        until = min([time.monotonic() + longest, *due])
        select.select([self._woken], [], [], max(0, until - time.monotonic()))
        with contextlib.suppress(BlockingIOError):
            os.read(self._woken, 4096)

    def _start_again(self, child: Child) -> None:
        try:
            self._start(child)
        except LaunchError as error:
            self._say(str(error))
            self._postpone(child)

    def _bury(self, child: Child, process: subprocess.Popen[bytes]) -> None:
        kill_group(process)  # a server's own workers may be left
        if time.monotonic() - child.started_at > HEALTHY:
            child.failures = 0
        child.process = None
        self._postpone(child)
        name, how = child.program.name, how_it_ended(process.returncode)
        self._say(f"{name} ended ({how}); starting it again. Its log: {child.program.log}")

    def _postpone(self, child: Child) -> None:
        delay = min(FIRST_DELAY * 2**child.failures, LONGEST_DELAY)
        child.failures += 1
        child.start_at = time.monotonic() + delay

    def stop(self, names: list[str], within: float) -> None:
        """Ask some children to stop, all at once, and wait; who does not is killed."""
        children = [self.children.pop(name) for name in names if name in self.children]
        running = [(c.process, c.program.stop_signal) for c in children if c.process]
        for process, number in running:
            process.send_signal(number)
        end([process for process, _ in running], within)
