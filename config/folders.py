"""The folder var/: who may use it, and where its secrets and sockets are."""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config.processes import LaunchError, wait_until

LONGEST_SOCKET = 100
"""Bytes: what the kernel allows is 104 to 108, the same everywhere is easier to remember."""
STRAGGLERS = 8
"""Seconds that the processes of a killed launcher may need to end."""


def open_var(var: Path) -> None:
    """Make var/ and find out whether it can be used, before anything else does."""
    try:
        for folder in ("", "log", "mail", "static"):
            (var / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var) as probe:
            probe.write(b"x")
    except OSError as error:
        reason = error.strerror or error
        raise LaunchError(
            f"The folder {var} cannot be used ({reason}): "
            "make it writable, or set VAR_DIR to another folder."
        ) from None


@contextlib.contextmanager
def locked(var: Path, patience: float = STRAGGLERS) -> Iterator[int]:
    """Hold var/ alone; children inherit the lock, so whoever comes next waits for them too."""
    lock = os.open(var / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        # A launcher that lives is refused at once; what a killed one left behind ends by itself.
        if not _take(lock) and (_is_alive(_holder(lock)) or not _wait_for(lock, patience)):
            raise LaunchError(_already_running(var, _holder(lock)))
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
        yield lock
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _wait_for(lock: int, patience: float) -> bool:
    return wait_until(lambda: _take(lock), patience)


def _holder(lock: int) -> int:
    written = os.pread(lock, 20, 0).decode(errors="replace").strip()
    return int(written) if written.isdigit() else 0


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _already_running(var: Path, pid: int) -> str:
    where = read_json(var / "run.json").get("base_url")
    return (
        f"Afterblock already runs in {var} (process {pid}{f', {where}' if where else ''}): "
        "stop it first, or set VAR_DIR and PORT for a second one."
    )


def rotate_logs(var: Path) -> None:
    """Keep the logs of the run before: what happened in it may be why there is a new one."""
    for log in (var / "log").glob("*.log"):
        log.replace(log.with_suffix(".log.1"))


def socket_folder(var: Path) -> Path:
    """Where sockets go: var/run, or a folder with a short and plain path when var/ has neither."""
    folder = var / "run"
    if _suits_sockets(folder):
        return private_folder(folder)
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir())
    if not base.is_dir():
        base = Path(tempfile.gettempdir())
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return private_folder(base / f"afterblock-{os.geteuid()}-{name}")


def _suits_sockets(folder: Path) -> bool:
    # A plain path means the same in a URL, in a list of folders and on a command line.
    longest = os.fsencode(folder / ".s.PGSQL.5432.lock")
    plain = re.fullmatch(r"[\w./-]+", os.fspath(folder), re.ASCII)
    return len(longest) <= LONGEST_SOCKET and plain is not None


def private_folder(folder: Path) -> Path:
    """Make a folder that is ours and closed to others; anybody may write to a temporary one."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise LaunchError(f"{folder} is not a folder of this user: remove it and start again.")
    folder.chmod(0o700)
    return folder


def write_private(path: Path, text: str) -> None:
    """Write a file that only we may read, whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def write_json(path: Path, content: dict[str, Any]) -> None:
    write_private(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read what an earlier process wrote; what cannot be read counts as not written."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def empty(var: Path) -> None:
    """Forget everything, but never below a running product."""
    if not var.is_dir():
        return
    with locked(var):
        for path in var.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != "lock":
                path.unlink()
