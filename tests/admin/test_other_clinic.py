"""Whoever changes clinics in one tab does not write there with a form of another tab."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.admin.as_sent import as_sent
from tests.admin.people import at, text_of
from tests.factories import a_clinic, a_staff, signed_in
from tracker.models import AuditEvent, Clinic, Membership
from tracker.services import desk_settings

TOKEN, CLINIC = 'name="csrfmiddlewaretoken"', 'name="at_clinic"'


@pytest.fixture
def clinics() -> tuple[Clinic, Clinic]:
    return a_clinic(name="Lakeside"), a_clinic(name="Hilltop")


@pytest.fixture
def desk(clinics) -> Client:
    """A manager of both, at Lakeside."""
    here, there = clinics
    staff = a_staff(here, role="MANAGER", name="Mia Bly")
    Membership.objects.create(clinic=there, user=staff.user, role="MANAGER")
    client = signed_in(Client(), staff)
    change(client, here)
    return client


def change(desk: Client, clinic: Clinic) -> None:
    assert desk.post(reverse("choose_clinic"), {"clinic": clinic.pk}).status_code == 302


def test_a_form_that_was_opened_at_one_clinic_changes_nothing_at_another(desk, clinics):
    here, there = clinics
    before = Clinic.objects.filter(pk=there.pk).values().get()
    sent = {name: as_sent(desk.get(at(name))) for name in ("clinic", "cover")}
    change(desk, there)
    for name, fields in sent.items():
        answer = desk.post(at(name), fields)
        assert answer.status_code == 409, name
        assert "This page belongs to Lakeside, and you are at Hilltop now." in text_of(answer)
        assert "Nothing was saved." in text_of(answer)
    assert Clinic.objects.filter(pk=there.pk).values().get() == before
    assert not AuditEvent.objects.filter(clinic=there).exclude(action="staff.sign_in").exists()

    change(desk, here)
    assert desk.post(at("clinic"), {**sent["clinic"], "name": "Lakeside Spine"}).status_code == 302


def test_nor_does_it_enrol_a_patient_there_or_show_one(desk, clinics):
    fields = as_sent(desk.get(at("enrol")), name="Ada Quill")
    search = {"text": "Quill", "at_clinic": str(clinics[0].pk)}
    change(desk, clinics[1])
    assert desk.post(at("enrol"), fields).status_code == 409
    assert desk.post(at("patients"), search).status_code == 409


def test_whoever_works_at_several_clinics_must_say_at_which_a_page_was_opened(desk):
    keys = {"part": "keys", "sound": "on"}
    assert desk.post(at("queue-settings"), keys).status_code == 409
    user = Membership.objects.filter(user__name="Mia Bly").first().user
    assert not desk_settings.settings_of(user).sound


def test_the_name_of_a_clinic_is_told_to_nobody_who_does_not_work_there(desk):
    answer = desk.post(at("clinic"), {"at_clinic": str(a_clinic(name="Secret Hills").pk)})
    assert answer.status_code == 409
    assert "This page belongs to another clinic" in text_of(answer)
    assert "Secret Hills" not in text_of(answer)


def test_each_form_of_the_desk_says_at_which_clinic_it_was_opened(desks):
    doctor = signed_in(Client(), a_staff(desks.clinic, role="CLINICIAN"))
    manager = signed_in(Client(), a_staff(desks.clinic, role="MANAGER"))
    pages = {
        doctor: [
            at("index"), at("queue"), at("patients"), at("enrol"), at("protocol-new"),
            at("protocol", 1), at("cards"), at("alert", desks.alert.pk),
            at("patient", desks.patient.pk), at("patient-change", desks.patient.pk),
            at("procedure-change", desks.procedure.pk), at("check-in-enter", desks.patient.pk),
        ],
        manager: [at("clinic"), at("cover"), at("staff")],
    }  # fmt: skip
    value = f'{CLINIC} value="{desks.clinic.pk}"'
    for client, addresses in pages.items():
        for address in addresses:
            page = client.get(address).content.decode()
            assert page.count(value) == page.count(TOKEN) > 0, address
            assert len(re.findall(CLINIC, page)) == page.count(value), address
