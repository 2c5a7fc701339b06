"""Write the whole database into a sealed file, and bring one back."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from tracker.backup import sealing, server
from tracker.backup.sealing import NotABackup

LENGTH = 4  # bytes before what the backup says of itself
BLOCK = 256 * 1024


class CannotRestore(Exception):
    """The database is not as a restore needs it, or the restored one is not as it should be."""


def write(*, path: Path, to: X25519PublicKey, now: datetime) -> dict[str, Any]:
    """Dump into a file that appears when it is whole; give what the backup says of itself."""
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with open(descriptor, "wb") as out:
            told = _dump(sealing.Sealer(out, to), now)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return told


def _dump(sealer: sealing.Sealer, now: datetime) -> dict[str, Any]:
    with server.connect() as counting:
        # What is counted and what is dumped are the same moment of the database.
        counting.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        (snapshot,) = counting.execute("SELECT pg_export_snapshot()").fetchall()[0]
        told = {"made_at": now.isoformat(), "counts": server.counts(counting)}
        said = json.dumps(told).encode()
        sealer.write(len(said).to_bytes(LENGTH) + said)
        address, environ = server.for_program()
        argv = [server.program("pg_dump"), "--format=custom", f"--snapshot={snapshot}"]
        with subprocess.Popen(  # noqa: S603  (our own words)
            [*argv, "--no-owner", "--no-acl", "--dbname", address],
            env=environ,
            stdout=subprocess.PIPE,
        ) as dumping:
            for data in iter(lambda: _stdout(dumping).read(BLOCK), b""):
                sealer.write(data)
        if dumping.returncode:
            raise CannotRestore(f"pg_dump ended with {dumping.returncode}.")
    sealer.close()
    return told


def _stdout(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdout is None:
        raise RuntimeError("it writes nowhere")
    return process.stdout


def look(*, source: IO[bytes], key: X25519PrivateKey) -> tuple[dict[str, Any], Iterator[bytes]]:
    """Open a backup: what it says of itself, and the pieces of the dump."""
    pieces = sealing.opened(source, key)
    head = b""
    while len(head) < LENGTH or len(head) < LENGTH + int.from_bytes(head[:LENGTH]):
        try:
            head += next(pieces)
        except StopIteration:
            raise NotABackup("The backup is cut off.") from None
    end = LENGTH + int.from_bytes(head[:LENGTH])
    return json.loads(head[LENGTH:end]), chain([head[end:]], pieces)


def restore(*, source: IO[bytes], key: X25519PrivateKey, **database: str) -> dict[str, Any]:
    """Bring a backup into an empty database, wholly or not at all, and compare the counts."""
    with server.connect(**database) as there:
        if server.counts(there):
            raise CannotRestore("The database is not empty: a backup goes into an empty one.")
    told, pieces = look(source=source, key=key)
    _feed(pieces, **database)
    with server.connect(**database) as there:
        # What the dump said about rights is left out, so this is said again; `migrate` gives more.
        there.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
        found = server.counts(there)
    if found != told["counts"]:
        names = {*found, *told["counts"]}
        wrong = [each for each in sorted(names) if found.get(each) != told["counts"].get(each)]
        raise CannotRestore(f"These tables do not have as many rows as before: {', '.join(wrong)}.")
    return told


def _feed(pieces: Iterator[bytes], **database: str) -> None:
    address, environ = server.for_program(**database)
    argv = [server.program("pg_restore"), "--no-owner", "--no-acl", "--single-transaction"]
    with subprocess.Popen(  # noqa: S603  (our own words)
        [*argv, "--exit-on-error", "--dbname", address], env=environ, stdin=subprocess.PIPE
    ) as restoring:
        try:
            for piece in pieces:
                if restoring.stdin is not None:
                    restoring.stdin.write(piece)
        except BaseException:
            # Before it sees an end that it could take for the end of the dump.
            restoring.kill()
            raise
    if restoring.returncode:
        raise CannotRestore(f"pg_restore ended with {restoring.returncode}.")
