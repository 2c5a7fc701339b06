"""Bring a backup into the empty database of DATABASE_URL."""

from __future__ import annotations

import time
from argparse import FileType
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.backup import dump, sealing


class Command(BaseCommand):
    help = "Restore a backup into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--key", type=FileType("r"), required=True, help="a file with the private key; -: stdin"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            key = sealing.private_key(options["key"].read())
            with options["file"].open("rb") as source:
                told = dump.restore(source=source, key=key)
        except (sealing.NotABackup, dump.CannotRestore) as error:
            raise CommandError(str(error)) from None
        # An older backup is brought up to date, and the application's role gets its rights.
        call_command("migrate", interactive=False, verbosity=0)
        rows, took = sum(told["counts"].values()), time.monotonic() - started
        self.stdout.write(f"{rows} rows as of {told['made_at']}, {took:.1f} s")
