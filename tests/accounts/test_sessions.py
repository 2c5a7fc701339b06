"""How long a desk session lasts, and what ends it."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.people import LOGIN, a_member, at_the_desk, code_now
from tests.factories import PASSWORD, a_clinic, a_patient, a_phone
from tracker.models import Membership

MINUTE, HOUR = 60, 3600


def is_in(client: Client) -> bool:
    return client.get("/admin/patients/").status_code == 200


@pytest.mark.parametrize(("minutes", "still_in"), [(15, True), (16, False)])
def test_whoever_walks_away_is_signed_out(clock, minutes, still_in):
    client = at_the_desk(a_member().user)
    assert is_in(client)
    clock.shift(minutes * MINUTE)
    assert is_in(client) is still_in


def test_working_keeps_the_session_alive_until_the_shift_ends(clock):
    client = at_the_desk(a_member().user)
    for _ in range(12 * 6):
        assert is_in(client)
        clock.shift(10 * MINUTE)
    assert is_in(client), "twelve hours, and not more"
    clock.shift(MINUTE)
    assert not is_in(client)


def test_a_page_that_asks_by_itself_keeps_nothing_alive(clock):
    client = at_the_desk(a_member().user)
    client.get("/admin/")
    for _ in range(15):
        clock.shift(MINUTE)
        client.get("/admin/queue/")
    assert client.get("/admin/queue/").status_code == 200
    clock.shift(MINUTE)
    assert client.get("/admin/queue/").status_code == 302
    assert client.get("/api/v1/alerts/").status_code == 401


def test_a_new_password_ends_every_other_session(clock):
    user = a_member().user
    here = at_the_desk(user)
    clock.shift(30)
    there = at_the_desk(user)
    new = "a much longer phrase"
    here.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(here)
    assert not is_in(there)


def test_signing_out_everywhere_ends_all(clock):
    user = a_member().user
    here = at_the_desk(user)
    clock.shift(30)
    there = at_the_desk(user)
    here.post("/accounts/sign-out-everywhere/")
    assert not is_in(here)
    assert not is_in(there)


def test_a_closed_account_is_out_at_the_next_request(clock):
    user = a_member().user
    client = at_the_desk(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert not is_in(client)


def test_signing_in_gives_a_new_session(clock):
    client = Client()
    client.get(LOGIN)
    user = a_member().user
    client.post(LOGIN, {"login": user.email, "password": PASSWORD})
    before = client.cookies["afterblock_desk"].value
    client.post("/accounts/2fa/authenticate/", {"code": code_now()})
    assert client.cookies["afterblock_desk"].value != before


def test_whoever_works_at_two_clinics_chooses_and_sees_one(clock):
    first, second, foreign = a_clinic(name="Lake"), a_clinic(name="Hill"), a_clinic(name="Dale")
    a_patient(first, name="Ada Quill")
    a_patient(second, name="Bert Moss")
    user = a_member(clinic=first).user
    Membership.objects.create(clinic=second, user=user, role="READER")
    client = at_the_desk(user)
    assert client.get("/admin/").url == "/accounts/clinic/"
    assert client.get("/api/v1/alerts/").status_code == 401
    assert client.post("/accounts/clinic/", {"clinic": foreign.pk}).status_code == 200
    assert client.get("/admin/").url == "/accounts/clinic/", "a foreign clinic is no choice"
    client.post("/accounts/clinic/", {"clinic": second.pk})
    page = client.get("/admin/patients/").content.decode()
    assert "Bert Moss" in page
    assert "Ada Quill" not in page
    assert client.get("/admin/enrol/").status_code == 403, "a reader here, a nurse there"
    client.post("/accounts/clinic/", {"clinic": first.pk})
    assert "Ada Quill" in client.get("/admin/patients/").content.decode()


def test_a_phone_is_asked_for_no_desk_session(clock):
    phone = Client()
    a_phone(a_patient(), phone)
    response = phone.get("/api/v1/session/")
    assert response.status_code == 200
    assert "afterblock_desk" not in response.cookies


def test_what_has_ended_is_deleted_when_somebody_signs_in(clock):
    at_the_desk(a_member().user)
    clock.shift(13 * HOUR)
    at_the_desk(a_member().user)
    assert Session.objects.count() == 1
