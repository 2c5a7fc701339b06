"""Start a program whose PostgreSQL lives on a small disk of its own: run under `unshare -rm`.

The disk is a file system in memory that only this program and its children see; others reach it by
`/proc/<pid>/root`. It goes when the last of them ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config.embedded import Server
from config.embedded_postgres import Postgres
from config.folders import open_var, private_folder

SIZE = "128m"
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount"]


def is_possible() -> bool:
    """Whether this system lets us mount anything."""
    tried = [*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(tried, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def command(var: Path) -> list[str]:
    """What to write before the command of the program."""
    return [*UNSHARE, sys.executable, "-m", __name__, str(var)]


def _mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *arguments], check=True)


def main(var: Path, program: list[str]) -> None:
    open_var(var)
    disk, place = var / "disk", var / "postgres"
    for folder in (disk, place):
        folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "none", disk)
    server: Server = Postgres(disk / "postgres", private_folder(var / "initdb"), var / "initdb.log")
    server.prepare()
    _mount("--bind", disk / "postgres", place)
    os.execv(program[0], program)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
