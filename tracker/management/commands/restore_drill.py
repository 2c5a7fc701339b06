"""Prove that a backup can be restored: into a database of its own, which is dropped afterwards."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from argparse import FileType
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import sql

from tracker.backup import dump, sealing, server


class Command(BaseCommand):
    help = "Restore a backup beside the product, count its rows, verify the audit, drop it again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--key", type=FileType("r"), required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            key = sealing.private_key(options["key"].read())
            with scratch() as name, options["file"].open("rb") as source:
                told = dump.restore(source=source, key=key, dbname=name)
                verified = _verify(name)
        except (sealing.NotABackup, dump.CannotRestore) as error:
            raise CommandError(str(error)) from None
        rows, tables = sum(told["counts"].values()), len(told["counts"])
        self.stdout.write(f"{tables} tables, {rows} rows as of {told['made_at']}: all there.")
        self.stdout.write(verified)
        self.stdout.write(f"The drill took {time.monotonic() - started:.1f} s.")


@contextmanager
def scratch() -> Iterator[str]:
    """An empty database on the same server, for a while."""
    name = f"afterblock_drill_{secrets.token_hex(4)}"
    with server.connect() as there:
        there.autocommit = True
        there.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            yield name
        finally:
            there.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _verify(name: str) -> str:
    # Another process: this one's connection and settings belong to the database that runs.
    environ = {**os.environ, "DATABASE_URL": server.url(dbname=name)}
    environ.pop("DATABASE_OWNER_URL", None)
    code = "from django.core.management import execute_from_command_line as run; run()"
    done = subprocess.run(  # noqa: S603  (our own words)
        [sys.executable, "-c", code, "audit_verify"],
        env=environ, check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise dump.CannotRestore(f"The audit of the backup: {done.stderr.strip()[-500:]}")
    return done.stdout.strip()
