"""Write the whole database into a file that only the holder of the key can read."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker import clock
from tracker.backup import dump, sealing


class Command(BaseCommand):
    help = "Write a sealed backup of the whole database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BACKUP_PUBLIC_KEY:
            raise CommandError("Set BACKUP_PUBLIC_KEY (`manage.py backup_key`).")
        path, started = options["file"], time.monotonic()
        to = sealing.public_key(settings.BACKUP_PUBLIC_KEY)
        told = dump.write(path=path, to=to, now=clock.now())
        rows, size = sum(told["counts"].values()), path.stat().st_size
        took = time.monotonic() - started
        self.stdout.write(f"{path}: {rows} rows, {size} bytes, {took:.1f} s")
