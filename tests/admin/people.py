"""Three people at two desks, and the patients they may or may not see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import (
    a_check_in,
    a_clinic,
    a_patient,
    a_procedure,
    a_staff,
    fever,
    signed_in,
)  # fmt: skip
from tracker.access import Staff
from tracker.models import Alert, Clinic, Patient, Procedure


@dataclass(slots=True)
class Desks:
    clinic: Clinic
    patient: Patient
    procedure: Procedure
    alert: Alert
    nora: Staff
    nurse: Client
    colleague: Client
    reader: Client
    stranger: Client


def two_desks() -> Desks:
    clinic, other = a_clinic(), a_clinic()
    patient = a_patient(clinic, name="Harold Finch", email="harold@home.test")
    procedure = a_procedure(patient)
    nora = a_staff(clinic, name="Nora Park")
    return Desks(
        clinic=clinic,
        patient=patient,
        procedure=procedure,
        alert=a_check_in(patient, **fever()).events[0].alert,
        nora=nora,
        nurse=signed_in(Client(), nora),
        colleague=signed_in(Client(), a_staff(clinic, name="Ben Ito")),
        reader=signed_in(Client(), a_staff(clinic, role="READER", name="Rae Lind")),
        stranger=signed_in(Client(), a_staff(other, name="Sam Stone")),
    )


def at(name: str, *args: object) -> str:
    return reverse(f"admin:{name}", args=args)


def text_of(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def without_tokens(response: HttpResponse) -> bytes:
    """What an answer says, but for the CSRF tokens, which differ every time."""
    lines = response.content.splitlines()
    return b"\n".join(line for line in lines if b"csrfmiddlewaretoken" not in line)


def nobody() -> uuid.UUID:
    """An id that no row has."""
    return uuid.UUID("00000000-0000-4000-8000-000000000000")
