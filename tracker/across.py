"""The few questions that no single clinic can answer, each a function of the database.

They run with the owner's eyes, so they tell the least that will do: which clinic to go on in. Who
asks must hold a secret, or already know whom they ask about (migration 0012 has the functions).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection


def clinic_of_phone(token_digest: str) -> UUID | None:
    """Whose phone holds this token, also one that was signed out."""
    return _one("tracker_clinic_of_phone", token_digest)


def clinic_of_invitation(token_digest: str) -> UUID | None:
    return _one("tracker_clinic_of_invitation", token_digest)


def clinic_of_locator(locator: str) -> UUID | None:
    return _one("tracker_clinic_of_locator", locator)


def clinic_of_staff_link(token_digest: str) -> UUID | None:
    return _one("tracker_clinic_of_staff_link", token_digest)


def clinics_of_user(user_id: int) -> list[UUID]:
    """Where somebody works now."""
    return _all("tracker_clinics_of_user", user_id)


def clinics() -> list[UUID]:
    """Every clinic of this installation, for what is done at all of them in turn."""
    return _all("tracker_clinics")


def newest_check_in() -> int:
    """The highest number that any check-in has."""
    return next(iter(_all("tracker_newest_check_in")), 0)


def release_endpoint(*, endpoint: str, clinic_id: UUID, now: datetime) -> None:
    """End what a patient of another clinic had asked this browser to receive."""
    _all("tracker_release_endpoint", endpoint, clinic_id, now)


def use_up_staff_links(*, email: str, now: datetime) -> None:
    """No link that was made for this address before lets anybody in, whichever clinic made it."""
    _all("tracker_use_up_staff_links", email, now)


def _one(function: str, *arguments: Any) -> UUID | None:
    return next(iter(_all(function, *arguments)), None)


def _all(function: str, *arguments: Any) -> list[Any]:
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        # The names are those above; what anybody sends is an argument.
        cursor.execute(f"SELECT * FROM {function}({places})", arguments)  # noqa: S608
        return [row[0] for row in cursor.fetchall() if row[0] is not None]
