"""Let a clinic's first manager (or an operator) in: print a link that works once, for a day."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from tracker import clock
from tracker.models import Clinic, Membership
from tracker.models.clinic import Role
from tracker.services import staff_links
from tracker.services.staff_links import Invited


class Command(BaseCommand):
    help = "Print a one-time link for a clinic's first manager; with --recover, for a lost factor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--clinic", help="its name; made when there is none of this name")
        parser.add_argument("--phone", default="", help="of a new clinic, such as +15555550100")
        parser.add_argument("--operator", action="store_true", help="a role without patient data")
        parser.add_argument("--recover", metavar="REASON", help="set up an account's sign-in anew")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError("--email is no e-mail address.") from error
        invited = _recover(options) if options["recover"] else _invite(options)
        until = invited.link.expires_at.strftime("%Y-%m-%d %H:%M UTC")
        self.stdout.write(f"Works once, until {until}. Hand it over in person:\n{invited.url}")


def _invite(options: dict[str, Any]) -> Invited:
    return staff_links.to_join(
        clinic=_clinic(options["clinic"], options["phone"]),
        email=options["email"],
        role=Role.OPERATOR if options["operator"] else Role.MANAGER,
        now=clock.now(),
    )


def _recover(options: dict[str, Any]) -> Invited:
    working = Membership.objects.filter(ended_at__isnull=True, user__is_active=True)
    membership = working.filter(user__email__iexact=options["email"]).first()
    if membership is None:
        raise CommandError("Nobody with this address works at a clinic.")
    return staff_links.to_recover(membership=membership, reason=options["recover"], now=clock.now())


def _clinic(name: str | None, phone: str) -> Clinic:
    """Find the clinic; a first one is made on the way."""
    if name is None:
        only = list(Clinic.objects.all()[:2])
        if len(only) != 1:
            raise CommandError("Say which clinic: --clinic NAME.")
        return only[0]
    found = Clinic.objects.filter(name=name).first()
    if found is None and not phone:
        raise CommandError("There is no clinic of this name: give --phone to make it.")
    return found or Clinic.objects.create(name=name, phone=phone, created_at=clock.now())
