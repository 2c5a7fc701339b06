"""Load the fictional clinic and write var/demo.json: where to click, and with which sign-ins."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tracker import clock
from tracker.fiction.cohort import Cohort
from tracker.services import demo

OTHERS = 12
"""Patients beside those whose phones one may try: a month of work for the queue and the reports."""


def write_demo_file() -> Path:
    """Renew the links and keep an earlier staff password; only the owner may read the file."""
    path = settings.VAR_DIR / "demo.json"
    now = clock.now()
    password = _password_in(path) or demo.new_password()
    is_new = not demo.exists()
    demo.ensure_demo_clinic(password=password, now=now)
    if is_new:
        Cohort(staff=demo.staff(), days=30, seed=1, now=now).live(OTHERS)
    told = {
        "base_url": settings.BASE_URL,
        "staff": {"email": demo.STAFF[0][0], "password": password},
        "patients": demo.demo_links(now=now),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(told, file, indent=2, ensure_ascii=False)
    return path


def _password_in(path: Path) -> str | None:
    try:
        return str(json.loads(path.read_text())["staff"]["password"])
    except (OSError, ValueError, KeyError):
        return None


class Command(BaseCommand):
    help = "Load the fictional clinic and write var/demo.json."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demo accounts exist only in a demo: set AFTERBLOCK_DEMO=1.")
        self.stdout.write(f"Wrote {write_demo_file()}")
