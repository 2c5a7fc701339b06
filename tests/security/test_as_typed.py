"""What is typed is kept as it was typed: nothing in it is a code for something else."""

from __future__ import annotations

from html import escape

import pytest
from django.test import Client

from tests.admin.people import at
from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_staff, signed_in
from tracker.access import Staff
from tracker.models import Clinic, Note, Patient, StaffLink

pytestmark = pytest.mark.django_db
CODES = (
    "%41 %2541 %00 %0a", "&lt;b&gt; &amp;amp; &#65;", r"\u0041 \x41 \n", "+1 a+b", "=C3=A9", "eA==",
    "{0.__class__} %(name)s %s %n {name}", "{{ 7|add:1 }} {% now 'Y' %}", "${7*7} #{7*7} <%= 7 %>",
    "**bold** [a](javascript:b) <style>", "$(reboot) `id` ; ls | cat && true",
)  # fmt: skip


@pytest.fixture
def nurse() -> Staff:
    return a_staff(a_clinic())


@pytest.mark.parametrize("typed", CODES)
def test_it_is_stored_as_it_is_and_shown_as_words(nurse, typed):
    patient, desk = a_patient(nurse.clinic), signed_in(Client(), nurse)
    assert desk.post(at("note", patient.pk), {"text": typed}).status_code == 302
    assert Note.objects.get().text == typed
    page = desk.get(at("patient", patient.pk)).content.decode()
    assert escape(typed).replace("&#x27;", "&#39;") in page.replace("&#x27;", "&#39;")


@pytest.mark.parametrize(
    "address",
    ["a@b.test\r\nBcc: e@evil.test", "a@b.test\nBcc: e@evil.test", "a@b.test,e@evil.test",
     "a@b.test%0aBcc:e@evil.test", '"a\r\n"@b.test', "a@b.test\x00"],
    ids=ascii,
)  # fmt: skip
def test_an_address_of_e_mail_brings_no_other_along(nurse, mailoutbox, address):
    manager = signed_in(Client(), a_staff(nurse.clinic, role="MANAGER"))
    manager.post(at("staff-invite"), {"name": "Ben", "email": address, "role": "NURSE"})
    manager.post("/accounts/password/reset/", {"email": address})
    manager.post(at("enrol"), {"name": "Ana", "email": address})
    assert not StaffLink.objects.exists() and not Patient.objects.exists()
    assert mailoutbox == []


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://clinic.test/book?a=b", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("http://clinic.test/", False),
        ("//evil.test/", False),
        ("https://x.test/\" onclick=\"a", False),
    ],
)  # fmt: skip
def test_a_link_that_the_clinic_gives_is_https_and_nothing_else(nurse, link, kept):
    manager = signed_in(Client(), a_staff(nurse.clinic, role="MANAGER"))
    page = manager.get(at("clinic"))
    form = {name: page.context["form"].get_initial_for_field(field, name) or ""
            for name, field in page.context["form"].fields.items()}  # fmt: skip
    manager.post(at("clinic"), {**form, "booking_link": link})
    assert (Clinic.objects.get(pk=nurse.clinic.pk).booking_link == link) is kept, NOW
