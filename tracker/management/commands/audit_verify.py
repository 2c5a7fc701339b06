"""Tell whether the audit is as it was written: exit code 1 and the first place that is not."""

from __future__ import annotations

import json
from argparse import FileType
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.services import audit_chain
from tracker.services.audit_chain import Head


class Command(BaseCommand):
    help = "Verify the chain of the audit; with --head, against what `audit_head` printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head", type=FileType("r"), metavar="FILE", help="lines of audit_head; - for stdin"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        heads = _heads(options["head"]) if options["head"] else []
        found = audit_chain.verify(heads=heads)
        if found.broken:
            raise CommandError("The audit does not hold.\n" + "\n".join(found.broken))
        self.stdout.write(
            f"{found.events} events of {found.clinics} clinics hold, and {len(heads)} kept heads."
        )
        if not heads:
            self.stdout.write("Without --head nobody can tell whether the end is gone.")


def _heads(lines: TextIO) -> list[Head]:
    try:
        return [Head(**json.loads(line)) for line in lines if line.strip()]
    except (ValueError, TypeError):
        raise CommandError("The file holds something else than lines of audit_head.") from None
