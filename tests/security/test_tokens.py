"""What must not be guessed, and what a signed cookie is good for."""

from __future__ import annotations

import base64
from datetime import timedelta
from math import log2

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from django.conf import settings as project
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.test import Client, RequestFactory

from tests.accounts.people import give_password
from tests.conftest import NOW
from tests.factories import a_patient, a_staff
from tracker import clock
from tracker.accounts import devices
from tracker.accounts.addresses import address_of
from tracker.accounts.devices import (
    AT_AN_ADDRESS_FOR_AN_ACCOUNT,
    FROM_A_KNOWN_BROWSER,
    KNOWN_FOR,
    SALT,
    account_mark,
)
from tracker.services import invitations

pytestmark = pytest.mark.django_db
ROUNDS = 50


def test_a_phones_token_has_256_bits_and_is_never_the_same():
    tokens = set()
    for _ in range(ROUNDS):
        invited = invitations.invite(patient=a_patient(), invited_by=None, now=clock.now())
        link = invited.join_url.partition("#")[2]
        signed_in = invitations.sign_in_with_token(token=link, label="", now=clock.now())
        tokens |= {link, signed_in.token}
    assert len(tokens) == 2 * ROUNDS
    assert {len(base64.urlsafe_b64decode(each + "=")) for each in tokens} == {32}


def test_a_desk_sessions_key_has_more_than_128_bits():
    keys = {SessionStore()._get_new_session_key() for _ in range(ROUNDS)}
    assert len(keys) == ROUNDS
    assert min(map(len, keys)) * log2(36) > 128


def test_what_people_type_has_at_least_20_bits():
    assert invitations.SECRET_LENGTH * log2(len(invitations.ALPHABET)) > 29
    assert project.MFA_RECOVERY_CODE_DIGITS * log2(10) > 33
    by_e_mail = get_adapter().generate_password_reset_code().replace("-", "")
    assert len(by_e_mail) >= 6 and len(by_e_mail) * log2(20) > 20


# --- the cookie of a known browser: signed, and good for one thing ----------------------------


def known_browser(user, salt: str = SALT) -> Client:
    client = Client()
    told = ["browser", [account_mark(user.email)]]
    client.cookies[project.KNOWN_BROWSER_COOKIE] = signing.dumps(told, salt=salt)
    return client


def tries_left(client: Client, user) -> int:
    for count in range(FROM_A_KNOWN_BROWSER.limit + 1):
        answer = give_password(client, user, "wrong")
        if "Too many tries" in answer.content.decode():
            return count
    raise AssertionError("nobody counts")


STRANGERS = AT_AN_ADDRESS_FOR_AN_ACCOUNT.limit


@pytest.mark.parametrize(
    ("salt", "age", "tries"),
    [
        (SALT, timedelta(0), FROM_A_KNOWN_BROWSER.limit),
        (SALT, KNOWN_FOR - timedelta(minutes=1), FROM_A_KNOWN_BROWSER.limit),
        (SALT, KNOWN_FOR + timedelta(minutes=1), STRANGERS),
        ("made for something else", timedelta(0), STRANGERS),
    ],
    ids=["fresh", "old", "too old", "of another kind"],
)
def test_a_browser_is_known_for_ninety_days_by_what_was_made_for_that(salt, age, tries):
    user = a_staff().user
    with time_machine.travel(NOW, tick=False):
        client = known_browser(user, salt)
    with time_machine.travel(NOW + age, tick=False):
        assert tries_left(client, user) == tries


@pytest.mark.parametrize(
    ("forged", "what"),
    [
        (lambda cookie: cookie[:-1] + ("a" if cookie[-1] != "a" else "b"), "its seal"),
        (lambda cookie: "x" + cookie, "what it says"),
        (lambda cookie: cookie.rpartition(":")[0], "no seal"),
        (lambda cookie: cookie.rpartition(":")[0] + ":none", "a seal of no kind"),
    ],
)
def test_a_changed_cookie_is_nobodys(forged, what):
    user = a_staff().user
    client = known_browser(user)
    cookie = client.cookies[project.KNOWN_BROWSER_COOKIE].value
    client.cookies[project.KNOWN_BROWSER_COOKIE] = forged(cookie)
    assert devices._read(_request(client)) == ("", [])


def _request(client: Client):
    request = RequestFactory().get("/")
    request.COOKIES = {name: each.value for name, each in client.cookies.items()}
    return request


# --- where somebody comes from ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "told", "believed"),
    [
        (0, "203.0.113.7", "192.0.2.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.9, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.9, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
    ],
)
def test_an_address_is_what_the_last_trusted_proxy_saw(settings, proxies, told, believed):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=told)
    assert address_of(request) == believed
