"""Fill the fictional clinic with a made-up cohort: check-ins, alerts, and staff who answer them."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from tracker import clock
from tracker.fiction.cohort import Cohort
from tracker.services import demo


class Command(BaseCommand):
    help = "Load a plausible cohort into the fictional clinic: flares, infections, silent patients."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--patients", type=int, default=40, help="1 to 2000")
        parser.add_argument("--days", type=int, default=30, help="back from now, 1 to 200")
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same story")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Made-up patients belong into a demo only: set AFTERBLOCK_DEMO=1.")
        _refuse_outside("patients", options["patients"], 1, 2000)
        _refuse_outside("days", options["days"], 1, 200)
        with transaction.atomic():
            cohort = Cohort(
                staff=demo.staff(), days=options["days"], seed=options["seed"], now=clock.now()
            )
            lived = cohort.live(options["patients"], self._tell)
        self.stdout.write(
            f"\nThe clinic has {lived.patients} patients now, {lived.check_ins} check-ins and "
            f"{lived.alerts} alerts, {lived.still_open} of them open."
        )

    def _tell(self, done: int, of: int) -> None:
        if done % 25 == 0 or done == of:
            self.stdout.write(f"\r{done} of {of} steps", ending="")
            self.stdout.flush()


def _refuse_outside(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise CommandError(f"--{name} must be from {least} to {most}, not {value}.")
