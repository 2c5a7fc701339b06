"""Child processes that never outlive their parent."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1
POLL = 0.02
"""Seconds between two looks at something that cannot wake us."""


class LaunchError(Exception):
    """Nothing can be started: the sentence says why, and what to do."""


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: int = signal.SIGKILL) -> None:
    """Make the kernel end this process when the one that forked it is gone.

    For the workers of a server that uses multiprocessing; elsewhere it does nothing.
    """
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        die_with(parent.pid, number)


def die_with(parent: int, number: int) -> None:
    """Make the kernel send us a signal at the end of the process that forked us."""
    if sys.platform != "linux":
        return
    libc().prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was told
        os._exit(1)


@dataclass
class Program:
    """What to run, and how it likes to be ended."""

    name: str
    argv: Sequence[str | os.PathLike[str]]
    log: Path
    env: dict[str, str] | None = None
    stop_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGKILL
    confine: Callable[[], None] | None = None
    keep_open: tuple[int, ...] = field(default=())


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in a process group of its own; call this from the main thread only.

    The kernel watches the thread that forks, and a terminal's Ctrl-C goes to our group alone, so
    that the launcher decides who stops first.
    """
    parent = os.getpid()

    def prepare() -> None:
        if program.confine:
            program.confine()
        # Last, because a change of credentials would clear it.
        die_with(parent, program.orphan_signal)

    with program.log.open("ab") as log:
        try:
            return subprocess.Popen(
                [os.fspath(argument) for argument in program.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=program.env,
                cwd=ROOT,
                process_group=0,
                pass_fds=program.keep_open,
                preexec_fn=prepare,
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise LaunchError(f"{program.name} cannot be started: {error}.") from error


def run(program: Program) -> None:
    """Run a program to its end; a failure shows the end of its log."""
    process = spawn(program)
    try:
        code = process.wait()
    finally:
        end([process], within=0)
    if code:
        raise LaunchError(f"{program.name} failed ({how_it_ended(code)}).\n{tail(program.log)}")


def end(processes: Sequence[subprocess.Popen[bytes]], within: float) -> None:
    """Wait for processes that were told to stop, then kill what is left of their groups."""
    until = time.monotonic() + within
    for process in processes:
        try:
            process.wait(max(0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill_group(process)
            process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def how_it_ended(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def tail(log: Path, lines: int = 15) -> str:
    """The end of a log, for whoever has to find out what went wrong."""
    try:
        text = log.read_text(errors="replace")
    except OSError:
        text = ""
    shown = "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
    return f"The end of {log}:\n{shown or '    (empty)'}"


def wait_until(
    ready: Callable[[], bool], seconds: float, process: subprocess.Popen[bytes] | None = None
) -> bool:
    """Wait for a condition; give up early when the process that should bring it about has ended."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until or (process and process.poll() is not None):
            return False
        time.sleep(POLL)
    return True
