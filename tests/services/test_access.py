"""Who somebody is, and whose rows they are given, with the wall in the database off."""

from __future__ import annotations

import pytest

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, a_staff
from tracker import access
from tracker.models import CheckIn, Membership, Patient
from tracker.services import invitations

pytestmark = pytest.mark.django_db


def token_of(patient: Patient) -> str:
    invited = invitations.invite(patient=patient, invited_by=None, now=NOW)
    return invitations.sign_in_with_code(code=invited.code, label="a phone", now=NOW).token


def test_phone_for_finds_the_phone_of_this_token_alone():
    ada, ben = a_patient(), a_patient()
    tokens = {ada: token_of(ada), ben: token_of(ben)}
    found = {patient: access.phone_for(token) for patient, token in tokens.items()}
    assert {patient: phone.patient for patient, phone in found.items()} == {ada: ada, ben: ben}
    assert access.phone_for("not a token") is None


def test_phone_for_knows_no_phone_that_was_signed_out():
    patient = a_patient()
    token = token_of(patient)
    invitations.sign_out(phone=access.phone_for(token), now=NOW)
    assert access.phone_for(token) is None


def test_memberships_of_are_ones_own_and_have_not_ended():
    staff, colleague, left = a_staff(), a_staff(), a_clinic()
    second = Membership.objects.create(clinic=a_clinic(), user=staff.user, role="NURSE")
    Membership.objects.create(clinic=left, user=staff.user, role="NURSE", ended_at=NOW)
    Membership.objects.create(clinic=second.clinic, user=colleague.user, role="MANAGER")
    found = access.memberships_of(staff.user)
    assert sorted(each.pk for each in found) == sorted([staff.membership.pk, second.pk])


def test_of_clinic_and_of_patient_leave_out_every_other():
    here = a_clinic()
    patients = [a_patient(here), a_patient(here), a_patient()]
    for each in patients:
        a_procedure(each)
        a_check_in(each)
    own = access.of_patient(a_phone(patients[0]), CheckIn.objects.all())
    assert {each.patient for each in own} == {patients[0]}
    ours = access.of_clinic(a_staff(here), CheckIn.objects.all())
    assert {each.patient for each in ours} == set(patients[:2])
