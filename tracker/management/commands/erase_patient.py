"""Erase one patient for good, from the server: for when no manager can."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tracker import clock
from tracker.models import Patient
from tracker.services import audit, erasure
from tracker.services.erasure import StillFollowed


class Command(BaseCommand):
    help = "Delete everything that tells of a patient; the audit keeps ids."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "patient", type=UUID, help="the id in the address of the patient's page"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        patient = Patient.objects.filter(pk=options["patient"]).first()
        if patient is None:
            raise CommandError("There is no such patient.")
        if not options["yes"] and input("Type ERASE to go on: ") != "ERASE":
            raise CommandError("Nothing was erased.")
        try:
            erasure.erase(patient=patient, actor=audit.SYSTEM, now=clock.now())
        except StillFollowed as error:
            raise CommandError(str(error)) from None
        self.stdout.write("The patient is erased. Backups made before still hold the record.")
