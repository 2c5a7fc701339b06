"""People who help, and what else helps: pages without a script."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_phone
from tests.pages.reading import read
from tracker.models import Caregiver, Therapy


def let_in(phone, may="read"):
    """Give the caregiver's phone, signed in with the code that the page shows once."""
    page = read(phone.post("/people/", {"name": "Ana", "may": may}, follow=True))
    code = page.words.split("You see it only now. ")[1].split()[0]
    ana = Client()
    assert ana.post("/join/", {"code": code}).status_code == 302
    return ana


def words(phone, path):
    return read(phone.get(path)).words


def test_somebody_is_let_in_with_a_code_that_is_shown_once(phone):
    ana = let_in(phone)
    assert "You are helping Ada Quill." in words(ana, "/")
    assert "The nerve block was 2 days ago." in words(ana, "/")
    assert "Your nerve block was" not in words(ana, "/")
    shown = words(phone, "/people/")
    assert "Ana may see everything" in shown
    assert "You see it only now" not in shown


def test_a_form_that_is_sent_twice_lets_in_one_person_with_one_code(phone):
    form = {
        "name": "Ana",
        "may": "read",
        "client_id": read(phone.get("/people/")).value_of("client_id"),
    }
    first, second = (read(phone.post("/people/", form, follow=True)) for _ in range(2))
    codes = [page.words.split("You see it only now. ")[1].split()[0] for page in (first, second)]
    assert Caregiver.objects.count() == 1
    assert Client().post("/join/", {"code": codes[0]}).status_code == 422
    assert Client().post("/join/", {"code": codes[1]}).status_code == 302


def test_a_refresh_sends_nothing_and_an_old_form_lets_nobody_back_in(phone):
    form = {"name": "Ana", "client_id": str(uuid.uuid4())}
    response = phone.post("/people/", form)
    assert (response.status_code, response.url) == (302, "/people/")
    phone.post(f"/people/{Caregiver.objects.get().pk}/end/")
    assert phone.post("/people/", form).status_code == 302
    assert Caregiver.objects.filter(revoked_at=None).count() == 0


def test_a_code_is_shown_on_the_phone_that_made_it_alone(phone, patient):
    phone.post("/people/", {"name": "Ana"})
    other = Client()
    a_phone(patient, other)
    other.cookies["afterblock_code"] = phone.cookies["afterblock_code"].value
    assert "You see it only now" not in words(other, "/people/")


def test_what_they_answered_carries_their_name(phone):
    ana = let_in(phone, "log")
    page = read(ana.get("/check-in/"))
    sent = {"check_in_id": page.value_of("check_in_id"), "usual": "3", "site": "1"}
    assert ana.post("/check-in/", sent).status_code == 302
    assert "answered by Ana" in words(phone, "/history/")


def test_who_is_put_out_is_out_at_the_next_request(phone):
    ana = let_in(phone)
    phone.post(f"/people/{Caregiver.objects.get().pk}/end/")
    refused = ana.get("/history/")
    assert (refused.status_code, refused.url) == (302, "/join/?ended")
    assert '"storage"' in ana.get(refused.url).headers["Clear-Site-Data"]
    assert "Ana" not in words(phone, "/people/")


def test_a_person_needs_a_name(phone):
    response = phone.post("/people/", {"name": " "})
    assert response.status_code == 422
    assert "Give the name of this person." in read(response).words


def test_nobody_ends_the_access_of_somebody_elses_helper(phone):
    assert phone.post(f"/people/{uuid.uuid4()}/end/").status_code == 404
    assert phone.post(f"/people/{uuid.uuid4()}/invite/").status_code == 404


def test_one_tap_logs_what_helped(phone):
    page = read(phone.get("/therapies/"))
    for _ in range(2):
        sent = {"therapy_id": page.value_of("therapy_id"), "kind": "walk"}
        assert phone.post("/therapies/", sent).status_code == 302
    assert Therapy.objects.get().kind == "walk"
    assert "November 21, 10:00 AM: Walk" in words(phone, "/therapies/")


@pytest.mark.parametrize(("hours", "status"), [(0, 409), (22, 302)])
def test_heat_waits_and_the_page_says_kindly_until_when(phone, hours, status):
    with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
        response = phone.post("/therapies/", {"therapy_id": str(uuid.uuid4()), "kind": "heat"})
    assert response.status_code == status
    if status == 409:
        told = read(response).words.replace("\N{NO-BREAK SPACE}", " ")
        assert "Heat is fine from Sunday, November 22 at 8:00 AM." in told
