"""Issue new links for the fictional patients, for phones that used theirs up."""

from __future__ import annotations

import json
from typing import Any

import segno
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker.management.commands.load_demo import write_demo_file


class Command(BaseCommand):
    help = "Print new join links and codes of the fictional patients."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo links exist only in a demo: set AFTERBLOCK_DEMO=1.")
        told = json.loads(write_demo_file().read_text())
        for patient in told["patients"]:
            self.stdout.write(f"{patient['name']}: {patient['story']}")
            self.stdout.write(f"  {patient['join_url']}\n  code {patient['code']}")
        segno.make(told["patients"][-1]["join_url"]).terminal(out=self.stdout, compact=True)
