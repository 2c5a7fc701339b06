"""PostgreSQL refuses to run as root: two ways for root to start it all the same.

Both work without a new user, and where folders above the data are closed to everybody but root.
"""

import ctypes
import os
import pwd
import subprocess
from collections.abc import Callable
from pathlib import Path

from config.processes import LaunchError, libc

CLONE_NEWUSER = 0x10000000
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION = 0x20080522

Confinement = Callable[[], None]


def confinement(postgres: Path, data: Path) -> Confinement | None:
    """How to start PostgreSQL here: None unless we are root."""
    if os.geteuid() != 0:
        return None
    nobody = _nobody()
    for enter, owner in ((_in_a_namespace(nobody), 0), (_with_one_capability(nobody), nobody)):
        if _works(enter, postgres):
            _own(data, owner)
            return enter
    raise LaunchError(
        "PostgreSQL does not run as root, and this system refuses user namespaces and other "
        "users: run as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
    )


def _nobody() -> int:
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        raise LaunchError(
            "PostgreSQL does not run as root, and there is no user `nobody` to take its place: "
            "run as an ordinary user, or set DATABASE_URL to a PostgreSQL server."
        ) from None


def _works(enter: Confinement, postgres: Path) -> bool:
    try:
        subprocess.run([postgres, "--version"], check=True, capture_output=True, preexec_fn=enter)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _in_a_namespace(nobody: int) -> Confinement:
    """A user namespace in which root is called nobody: files still belong to root outside."""

    def enter() -> None:
        uid, gid = os.geteuid(), os.getegid()
        _call(libc().unshare(CLONE_NEWUSER))
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{nobody} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{nobody} {gid} 1")

    return enter


def _with_one_capability(nobody: int) -> Confinement:
    """The user nobody, still let into closed folders: for containers without namespaces."""

    def enter() -> None:
        c = libc()
        _call(c.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
        os.setgroups([])
        os.setgid(nobody)
        os.setuid(nobody)
        mask = 1 << CAP_DAC_OVERRIDE
        header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
        # Effective, permitted and inheritable, for capabilities 0 to 31 and 32 to 63.
        _call(c.capset(header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)))
        _call(c.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0))

    return enter


def _call(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _own(data: Path, owner: int) -> None:
    """Hand over files that an earlier start made in the other way: PostgreSQL wants to own them."""
    if data.exists() and data.stat().st_uid != owner:
        for path in (data, *data.rglob("*")):
            os.chown(path, owner, owner, follow_symlinks=False)
