"""What a password may be, how it is asked for, and that nothing else opens a desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.accounts.people import CODE, LOGIN, a_member, at_the_desk, code_now, give_password
from tests.accounts.test_reset import CHOOSE, CONFIRM, RESET, code_in
from tests.factories import PASSWORD, a_staff
from tracker.models import User

pytestmark = pytest.mark.django_db
NEW = "a much longer phrase"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "password",
    [
        "only small letters",
        "x y z x y z x y",
        "123912391283912",
        "ñandú über straße",
        "-_-_-_-_-_-_-_-",
        "x y" * 40,
    ],
)
def test_any_signs_make_a_password_from_15_to_128(password):
    validate_password(password)


@pytest.mark.parametrize("password", ["z" * 14, "x" * 129, "qwertyuiop", ""])
def test_what_is_too_short_or_too_long_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


def test_what_everybody_tries_first_is_refused_however_long():
    with pytest.raises(ValidationError) as refused:
        validate_password("1q2w3e4r5t6y7u8i9o0p")
    assert "too common" in str(refused.value)


@pytest.mark.parametrize("password", [" " + PASSWORD, PASSWORD + " ", PASSWORD.upper()])
def test_a_password_is_taken_exactly_as_it_was_typed(clock, password):
    client = Client()
    user = a_member().user
    assert give_password(client, user, password).status_code == 200
    assert give_password(client, user).url == CODE


def test_a_change_asks_for_the_old_one(clock):
    user = a_member().user
    client = at_the_desk(user)
    form = {"password1": NEW, "password2": NEW}
    for old in ({}, {"oldpassword": "wrong"}):
        assert client.post("/accounts/password/", {**form, **old}).status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_password_does_not_grow_old(clock):
    user = a_member().user
    clock.shift(1000 * DAY)
    assert at_the_desk(user).get("/admin/").status_code == 200


def test_there_is_no_account_to_begin_with():
    assert not User.objects.exists()


# --- how it is asked for ----------------------------------------------------------------------


def pages() -> dict[str, str]:
    """Every page that asks for a password or a code."""
    reset = Client()
    member = a_member()
    reset.post(RESET, {"email": member.user.email})
    half, whole = Client(), at_the_desk(a_member().user)
    give_password(half, member.user)
    open_to_all = (LOGIN, RESET, "/accounts/welcome/")
    return {
        **{path: Client().get(path).content.decode() for path in open_to_all},
        CONFIRM: reset.get(CONFIRM).content.decode(),
        CODE: half.get(CODE).content.decode(),
        "/accounts/password/": whole.get("/accounts/password/").content.decode(),
        "/accounts/reauthenticate/": whole.get("/accounts/reauthenticate/").content.decode(),
    }  # fmt: skip


ASKED = {
    "csrfmiddlewaretoken", "login", "password", "email", "code", "token", "again", "next",
    "oldpassword", "password1", "password2", "credential", "action",
}  # fmt: skip


def test_nothing_else_is_asked_no_hint_and_no_secret_question(clock):
    for path, page in pages().items():
        assert set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page)) <= ASKED, path


def test_passwords_are_masked_and_left_to_password_managers(clock):
    seen = 0
    for path, page in pages().items():
        for field in re.findall(r"<input[^>]*>", page):
            if not re.search(r'name="(old)?password|name="again"', field):
                continue
            seen += 1
            assert 'type="password"' in field, path
            assert re.search(r'autocomplete="(current|new)-password"', field), (path, field)
        assert "onpaste" not in page
    assert seen >= 6
    for script in (project.ROOT / "static").rglob("*.js"):
        assert "paste" not in script.read_text(), script.name


# --- what comes with it -----------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "opens"), [(0, True), (30, False), (60, False), (-30, False)])
def test_an_apps_code_is_good_for_its_thirty_seconds(clock, seconds, opens):
    client = Client()
    give_password(client, a_member().user)
    code = code_now()
    clock.shift(seconds)
    assert (client.post(CODE, {"code": code}).status_code == 302) is opens


def test_a_code_by_e_mail_is_good_in_the_browser_that_asked_for_it(clock, mailoutbox):
    user = a_staff().user
    asked, other, third = Client(), Client(), Client()
    for client in (asked, third):
        client.post(RESET, {"email": user.email})
    first, second = (code_in(each) for each in mailoutbox)
    assert first != second
    for client, code in ((other, first), (third, first)):
        client.post(CONFIRM, {"code": code})
        client.post(CHOOSE, {"password1": NEW, "password2": NEW})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


@pytest.mark.parametrize("path", ["totp/deactivate/", "webauthn/add/", "recovery-codes/generate/"])
def test_the_second_factor_is_changed_only_by_who_has_just_shown_who_they_are(clock, path):
    client = at_the_desk(a_member().user)
    clock.shift(11 * 60)
    for method in (client.get, client.post):
        assert method(f"/accounts/2fa/{path}").url.startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("path", ["session/end/", "sign-out-everywhere/"])
def test_sessions_are_ended_only_by_who_has_just_shown_who_they_are(clock, path):
    user = a_member().user
    here = at_the_desk(user)
    clock.shift(11 * 60)
    there = at_the_desk(user)
    answer = here.post(f"/accounts/{path}")
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert there.get("/admin/").status_code == 200
