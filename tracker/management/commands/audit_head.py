"""Print where the audit of each clinic ends: keep it on another machine, for `audit_verify`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from tracker import across
from tracker.services import audit_chain


class Command(BaseCommand):
    help = "Seal the audit and print its last place, event and hash, one clinic a line (JSON)."

    def handle(self, *args: Any, **options: Any) -> None:
        while audit_chain.seal_all():
            pass  # until nothing is left; the sweeper may be at it as well
        for clinic_id in across.clinics():
            head = audit_chain.head(clinic_id=clinic_id)
            if head is not None:
                self.stdout.write(json.dumps(asdict(head)))
