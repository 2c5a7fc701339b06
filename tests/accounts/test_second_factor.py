"""A password alone opens nothing; what a second factor is, and that each code counts once."""

from __future__ import annotations

import threading

import pytest
from allauth.mfa.models import Authenticator
from django.db import connections
from django.test import Client
from django.urls import URLPattern

from tests.accounts.people import (
    CODE,
    LOGIN,
    SECRET,
    a_member,
    at_the_desk,
    code_now,
    give_password,
)
from tests.factories import PASSWORD, a_staff
from tracker.accounts.second_factor import SecondFactors
from tracker.admin.site import desk

pytestmark = pytest.mark.django_db
INDEX = "/accounts/2fa/"


def addresses_without_ids() -> list[str]:
    patterns = [each for each in desk.get_urls() if isinstance(each, URLPattern)]
    return [f"/admin/{each.pattern}" for each in patterns if "<" not in str(each.pattern)]


def test_whoever_has_none_sets_one_up_and_sees_nothing_else(clock):
    client = Client()
    assert give_password(client, a_staff().user).url == "/admin/"
    seen = [each for each in addresses_without_ids() if "(?P" not in each]
    assert len(seen) >= 8
    for address in seen:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.url in (INDEX, "/admin/"), address
    assert client.get("/api/v1/alerts/").status_code in (401, 403)
    assert client.get("/api/v1/session/").status_code == 401


def set_up(client: Client) -> str:
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret)})
    assert answer.url == "/accounts/2fa/recovery-codes/"
    return secret


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_desk():
    client = Client()
    staff = a_staff()
    give_password(client, staff.user)
    secret = set_up(client)
    shown, again = (client.get("/accounts/2fa/recovery-codes/") for _ in range(2))
    assert len(set(shown.context["unused_codes"])) == 10
    assert not set(shown.context["unused_codes"]) & set(again.context["unused_codes"])
    assert client.get("/admin/").status_code == 200
    stored = Authenticator.objects.get(user=staff.user, type="totp")
    assert secret not in str(stored.data), "sealed in the database"


def test_the_password_of_whoever_has_an_app_opens_nothing(clock):
    client = Client()
    assert give_password(client, a_member().user).url == CODE
    assert client.get("/admin/").url.startswith(LOGIN)
    assert client.get(INDEX).url.startswith(LOGIN)
    assert client.get("/api/v1/alerts/").status_code == 401


def test_password_and_code_open_the_desk(clock):
    assert at_the_desk(a_member().user).get("/admin/").status_code == 200


def test_in_a_demo_a_password_is_enough(clock, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client = Client()
    give_password(client, a_staff().user)
    assert client.get("/admin/").status_code == 200


def test_a_code_counts_once(clock):
    staff = a_member()
    at_the_desk(staff.user)
    client = Client()
    give_password(client, staff.user)
    assert client.post(CODE, {"code": code_now()}).status_code == 200
    clock.shift(30)
    assert client.post(CODE, {"code": code_now()}).status_code == 302


def test_codes_run_out_before_they_are_guessed(clock):
    """Whoever knows the password has five guesses at a code in five minutes."""
    client = Client()
    staff = a_member()
    give_password(client, staff.user)
    wrong = "000000" if code_now() != "000000" else "111111"
    for _ in range(5):
        client.post(CODE, {"code": wrong})
    answer = client.post(CODE, {"code": code_now()})
    assert answer.status_code == 200
    assert "Too many tries" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_session_from_before_the_second_factor_must_sign_in_again():
    """Else whoever holds a password could add a factor of their own beside the owner's."""
    staff = a_staff()
    thief, owner = Client(), Client()
    give_password(thief, staff.user)
    give_password(owner, staff.user)
    set_up(owner)
    assert thief.get("/accounts/2fa/webauthn/add/").url.startswith(LOGIN)
    assert thief.get("/admin/").url.startswith(LOGIN)
    assert owner.get("/admin/").status_code == 200


def test_removing_the_last_one_closes_the_desk_again(clock):
    staff = a_member()
    here, elsewhere = at_the_desk(staff.user), None
    clock.shift(30)
    elsewhere = at_the_desk(staff.user)
    assert here.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert here.get("/admin/").url == INDEX
    assert elsewhere.get("/admin/").url.startswith(LOGIN)


@pytest.mark.parametrize(
    "credential",
    ["", "null", "[]", "{}", '"x"', "7", '{"id": 1}', '{"response": []}', "[" * 2000, '{"id": "a",'
     ' "rawId": "a", "type": "public-key", "response": {"userHandle": "zz"}}'],
)  # fmt: skip
@pytest.mark.parametrize("path", ["webauthn/login/", "authenticate/", "webauthn/add/"])
def test_what_no_passkey_would_send_is_a_wrong_answer(clock, path, credential):
    client = Client(raise_request_exception=False)
    give_password(client, (a_staff() if "add" in path else a_member()).user)
    client.get(f"{INDEX}{path}", headers={"Accept": "application/json"})
    answer = client.post(f"{INDEX}{path}", {"credential": credential})
    assert answer.status_code in (200, 302)
    assert client.get("/admin/").status_code == 302


def test_old_keys_still_read_what_they_sealed(settings):
    sealed = SecondFactors().encrypt(SECRET)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, which is long enough to be taken for one"
    assert SecondFactors().decrypt(sealed) == SECRET


@pytest.mark.django_db(transaction=True)
def test_a_recovery_code_works_once_however_often_it_is_sent_at_once():
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    staff = a_member()
    code = RecoveryCodes.activate(staff.user).get_unused_codes()[0]
    clients = [Client() for _ in range(4)]
    for each in clients:
        give_password(each, staff.user)
    start, opened = threading.Barrier(4), []

    def use(client: Client) -> None:
        start.wait()
        opened.append(client.post(CODE, {"code": code}).status_code == 302)
        connections.close_all()

    threads = [threading.Thread(target=use, args=(each,)) for each in clients]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(opened) == [False, False, False, True]


def test_the_password_is_asked_again_before_something_that_matters(clock):
    staff = a_member(role="MANAGER")
    client = at_the_desk(staff.user)
    clock.shift(11 * 60)
    form = {"name": "Ben", "email": "ben@clinic.test", "role": "NURSE"}
    asked = client.post("/admin/staff/invite/", form)
    assert asked.url.startswith("/accounts/reauthenticate/")
    answer = client.post(asked.url, {"password": PASSWORD, "next": "/admin/staff/invite/"})
    assert "One-time link" in answer.content.decode(), "and then it goes on"


@pytest.mark.parametrize(("required", "said"), [(True, True), (False, False)])
def test_only_where_it_is_required_is_it_called_missing(clock, settings, required, said):
    settings.SECOND_FACTOR_REQUIRED = required
    client = Client()
    give_password(client, a_staff().user)
    assert ("before the desk opens" in client.get(INDEX).content.decode()) is said
