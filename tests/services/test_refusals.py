"""A service asks the table itself: whoever comes past the door by another way is refused too."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import NOW
from tests.factories import a_patient, a_phone, a_staff, some_answers
from tracker.access import NotAllowed, Phone, Staff, phone_for
from tracker.models import Patient
from tracker.models.clinic import Role
from tracker.services import (
    break_glass,
    calls,
    caregivers,
    clinic_settings,
    cover,
    education,
    erasure,
    exports,
    invitations,
    patients,
    protocols,
    staff,
)  # fmt: skip

pytestmark = pytest.mark.django_db
SERVICES: dict[str, tuple[str, Callable[[Staff, Patient], Any]]] = {
    "enter a call": ("r", lambda s, p: calls.record_on_the_phone(
        staff=s, patient_id=p.pk, client_id=uuid.uuid4(), answers=some_answers(), now=NOW)),
    "write a note": ("r", lambda s, p: patients.write_note(
        staff=s, patient_id=p.pk, text="x", now=NOW)),
    "propose numbers": ("r", lambda s, p: protocols.submit(
        staff=s, numbers={"severe": 6}, reason="x", now=NOW)),
    "export": ("rn", lambda s, p: exports.export_by_staff(staff=s, patient_id=p.pk, now=NOW)),
    "erase": ("rnc", lambda s, p: erasure.erase_by_staff(staff=s, patient_id=p.pk, now=NOW)),
    "approve a card": ("rnm", lambda s, p: education.approve(
        staff=s, key="ice", digest="x", now=NOW)),
    "withdraw a card": ("rnm", lambda s, p: education.withdraw(staff=s, key="ice", now=NOW)),
    "set the clinic": ("rnc", lambda s, p: clinic_settings.change_clinic(
        staff=s, values={}, shown={}, now=NOW)),
    "set the cover": ("rnc", lambda s, p: cover.change_cover(
        staff=s, fields={}, shown={}, now=NOW)),
    "invite staff": ("rnc", lambda s, p: staff.invite(
        staff=s, email="x@clinic.test", name="x", role=Role.NURSE, now=NOW)),
    "break glass": ("rncm", lambda s, p: break_glass.break_glass(
        staff=s, phone=p.phone, reason="x", now=NOW)),
}  # fmt: skip
"""To whom each says no: reader, nurse, clinician, manager."""
ROLES = {role.value[0].lower(): role for role in Role}
CASES = [(name, letter) for name, (refused, _) in SERVICES.items() for letter in refused]
ASK_SOMEBODY = (protocols.AskToAct, protocols.AskAClinician)


@pytest.mark.parametrize(("name", "letter"), CASES)
def test_a_service_refuses_the_role(name, letter):
    patient = a_patient()
    who = a_staff(patient.clinic, role=ROLES[letter])
    with pytest.raises((NotAllowed, *ASK_SOMEBODY)):
        SERVICES[name][1](who, patient)


def helper_of(patient: Patient) -> Phone:
    added = caregivers.add(phone=a_phone(patient), name="Ana", may_log=True, now=NOW)
    token = added.invited.join_url.partition("#")[2]
    signed_in = invitations.sign_in_with_token(token=token, label="Ana's", now=NOW)
    phone = phone_for(signed_in.token)
    assert phone is not None
    return phone


def test_a_caregiver_lets_nobody_in_and_puts_nobody_out():
    phone = helper_of(a_patient())
    with pytest.raises(NotAllowed):
        caregivers.add(phone=phone, name="Ben", may_log=True, now=NOW)
    with pytest.raises(NotAllowed):
        caregivers.revoke(phone=phone, caregiver_id=phone.caregiver.pk, now=NOW)
