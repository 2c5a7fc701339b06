"""The page "My phones": which are in, and a button that puts one out."""

from __future__ import annotations

from django.test import Client

from tests.factories import a_phone
from tests.pages.reading import read


def test_the_page_lists_the_phones_that_are_in(phone, patient):
    a_phone(patient)
    page = read(phone.get("/phones/"))
    assert page.words.count("Signed in November 21 at 10:00") == 2
    assert "this phone" in page.words
    assert page.words.count("Sign this one out") == 1


def test_another_phone_is_signed_out_and_leaves_the_list(phone, patient):
    lost = Client()
    session = a_phone(patient, lost).session
    assert phone.post(f"/phones/{session.pk}/end/").url == "/phones/"
    assert "Sign this one out" not in read(phone.get("/phones/")).words
    assert lost.get("/").url == "/join/?ended"


def test_ones_own_phone_is_cleared(phone, patient):
    session = patient.device_sessions.get()
    assert phone.post(f"/phones/{session.pk}/end/").url == "/join/?out"
    assert '"storage"' in phone.get("/join/?out")["Clear-Site-Data"]


def test_a_look_ends_nothing(phone, patient):
    session = patient.device_sessions.get()
    assert phone.get(f"/phones/{session.pk}/end/").status_code == 405
    assert phone.get("/").status_code == 200
