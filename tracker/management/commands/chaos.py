"""Break a product of its own in every way for a while, and count what was lost: nothing may be."""

from __future__ import annotations

import json
import signal
import sys
from types import FrameType
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker.chaos.kinds import KINDS
from tracker.chaos.launcher import kill_the_launcher
from tracker.chaos.product import NotStarted
from tracker.chaos.table import as_json, as_text
from tracker.chaos.trial import Trial


class Command(BaseCommand):
    help = "Run a fictional clinic under faults, in processes of its own, and print what it lost."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seconds", type=float, default=60)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--faults", default=",".join(KINDS), help="Which kinds: %(default)s; or none"
        )
        parser.add_argument("--json", action="store_true", help="Print for programs")

        parser.add_argument(
            "--launcher", type=int, metavar="N", help="Kill the launcher N times instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = _kinds(options["faults"])
        signal.signal(signal.SIGTERM, _interrupted)
        if options["launcher"]:
            self._kill_the_launcher(options["launcher"])
            return
        trial = Trial(options["seconds"], options["seed"], kinds, self.stderr.write)
        try:
            outcome = trial.run()
        except NotStarted as error:
            raise CommandError(f"The product did not start.\n{error}") from None
        except KeyboardInterrupt:
            self.stderr.write("Stopped: everything that was started has ended.")
            sys.exit(130)
        shown = json.dumps(as_json(outcome), indent=2) if options["json"] else as_text(outcome)
        self.stdout.write(shown)
        if not outcome.is_good:
            sys.exit(1)

    def _kill_the_launcher(self, times: int) -> None:
        found = kill_the_launcher(times, self.stderr.write)
        self.stdout.write(json.dumps(found.as_json(), indent=2))
        if not found.is_good:
            sys.exit(1)


def _kinds(asked: str) -> list[str]:
    if asked == "none":
        return []
    kinds = [each.strip() for each in asked.split(",") if each.strip()]
    unknown = sorted(set(kinds) - KINDS.keys())
    if unknown:
        raise CommandError(f"Unknown: {', '.join(unknown)}. Kinds are {', '.join(KINDS)}.")
    return kinds


def _interrupted(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt
