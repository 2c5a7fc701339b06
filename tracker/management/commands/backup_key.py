"""Make the keys of backups."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from tracker.backup import sealing


class Command(BaseCommand):
    help = "Print a key to seal backups with, and the one that opens them."

    def handle(self, *args: Any, **options: Any) -> None:
        private, public = sealing.new_keys()
        self.stdout.write(f"BACKUP_PUBLIC_KEY={public}")
        self.stdout.write(f"private key: {private}")
        self.stderr.write(
            "Give the first to the server. Keep the second away from it, in two places: whoever "
            "has it reads every backup, and without it nobody does."
        )
