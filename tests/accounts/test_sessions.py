"""How long a desk session lasts, and what ends it."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.people import LOGIN, a_member, at_the_desk, code_now
from tests.factories import PASSWORD, a_clinic, a_patient, a_phone
from tracker.models import AuditEvent, Membership

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


def sessions_shown(client: Client) -> str:
    return client.get("/accounts/2fa/").content.decode()


def test_one_sees_where_one_is_signed_in_and_ends_what_one_does_not_know(clock):
    user = a_member().user
    here = at_the_desk(user, headers={"user-agent": "Mozilla/5.0 (Windows NT) Firefox/133"})
    clock.shift(30)
    there = at_the_desk(user, headers={"user-agent": "Mozilla/5.0 (Macintosh) Firefox/133"})
    page = sessions_shown(here)
    assert "Mac, Firefox" in page
    assert page.count("(this one)") == 1
    name = re.search(r'name="session" value="([0-9a-f]+)"', page)[1]
    assert all(each.session_key not in page for each in Session.objects.all())
    assert here.post("/accounts/session/end/", {"session": name}).status_code == 302
    assert not is_in(there)
    assert is_in(here)
    assert AuditEvent.objects.filter(action="staff.session.end").count() == 1


def test_nobody_ends_or_sees_the_session_of_another(clock):
    user, other = a_member().user, a_member().user
    here = at_the_desk(user, headers={"user-agent": "Mozilla/5.0 (Macintosh) Firefox/133"})
    stranger = at_the_desk(other)
    clock.shift(30)
    also_here = at_the_desk(user)
    name = re.search(r'name="session" value="([0-9a-f]+)"', sessions_shown(here))[1]
    assert "Mac, Firefox" not in sessions_shown(stranger)
    stranger.post("/accounts/session/end/", {"session": name})
    stranger.post("/accounts/session/end/", {"session": ""})
    assert is_in(also_here)


def test_what_ended_by_itself_is_not_shown_as_signed_in(clock):
    user = a_member().user
    at_the_desk(user, headers={"user-agent": "Mozilla/5.0 (Macintosh) Firefox/133"})
    clock.shift(20 * MINUTE)
    assert "Mac, Firefox" not in sessions_shown(at_the_desk(user))


def test_the_sessions_are_told_on_the_clinics_clock(clock):
    client = at_the_desk(a_member(clinic=a_clinic(timezone="Asia/Tokyo")).user)
    assert '+09:00"' in sessions_shown(client)
