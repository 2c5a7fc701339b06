"""A forgotten password: a code by e-mail, and nothing that tells who has an account."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from tests.accounts.people import CODE, LOGIN, a_member, give_password
from tests.admin.people import without_tokens
from tests.factories import PASSWORD, a_staff
from tracker.accounts.devices import AT_AN_ADDRESS_FOR_AN_ACCOUNT
from tracker.models import User

RESET, CONFIRM, CHOOSE = (f"/accounts/password/reset/{each}" for each in ("", "code/", "new/"))
NEW = "a much longer phrase"


def code_in(message) -> str:
    return next(line for line in message.body.splitlines() if line and " " not in line)


def choose_new(client: Client, user: User):
    client.post(RESET, {"email": user.email})
    client.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    return client.post(CHOOSE, {"password1": NEW, "password2": NEW})


def test_known_and_unknown_addresses_are_answered_alike(clock):
    known, unknown = Client(), Client()
    answers = [
        client.post(RESET, {"email": email}, follow=True)
        for client, email in ((known, a_staff().user.email), (unknown, "no@clinic.test"))
    ]
    assert without_tokens(answers[0]) == without_tokens(answers[1])
    assert [each.redirect_chain for each in answers] == [[(CONFIRM, 302)]] * 2
    assert len(mail.outbox) == 2, "sending takes its time for both"
    wrong = [client.post(CONFIRM, {"code": "0000-0000"}) for client in (known, unknown)]
    assert without_tokens(wrong[0]) == without_tokens(wrong[1])


def test_no_e_mail_names_the_clinic_or_the_person(clock):
    staff = a_staff(name="Nora Park")
    choose_new(Client(), staff.user)
    Client().post(RESET, {"email": "no@clinic.test"})
    assert len(mail.outbox) == 3
    for each in mail.outbox:
        for word in (staff.clinic.name, "Nora", "Park", "Afterblock", "pain", "patient"):
            assert word not in f"{each.subject} {each.body}"
        assert "http" not in each.body


def test_a_new_password_still_needs_the_second_factor(clock):
    staff = a_member()
    client = Client()
    assert choose_new(client, staff.user).url == "/accounts/password/reset/done/"
    assert client.get("/admin/").url.startswith(LOGIN)
    assert give_password(client, staff.user, NEW).url == CODE


def test_a_code_from_the_mailbox_is_the_way_around_a_lockout(clock):
    staff = a_member()
    client = Client()
    for _ in range(AT_AN_ADDRESS_FOR_AN_ACCOUNT.limit + 1):
        give_password(client, staff.user, "wrong")
    assert give_password(client, staff.user).status_code == 200
    choose_new(client, staff.user)
    assert give_password(client, staff.user, NEW).url == CODE


def test_three_wrong_codes_burn_the_right_one(clock):
    staff = a_staff()
    client = Client()
    client.post(RESET, {"email": staff.user.email})
    for _ in range(3):
        client.post(CONFIRM, {"code": "0000-0000"})
    client.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    assert client.post(CHOOSE, {"password1": NEW, "password2": NEW}).url == RESET
    staff.user.refresh_from_db()
    assert staff.user.check_password(PASSWORD)


def test_a_code_is_too_old_after_ten_minutes(clock):
    staff = a_staff()
    client = Client()
    client.post(RESET, {"email": staff.user.email})
    clock.shift(10 * 60 + 1)
    assert client.post(CONFIRM, {"code": code_in(mail.outbox[-1])}).url == LOGIN


def test_whoever_is_being_set_up_anew_gets_no_code(clock):
    staff = a_staff()
    staff.user.set_unusable_password()
    staff.user.save(update_fields=["password"])
    Client().post(RESET, {"email": staff.user.email})
    assert "no account" in mail.outbox[-1].body


def test_a_mail_server_that_is_away_tells_nothing(clock, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for email in (a_staff().user.email, "no@clinic.test"):
        assert Client().post(RESET, {"email": email}).status_code == 302


def test_asking_again_and_again_is_refused(clock):
    answers = [
        Client(REMOTE_ADDR=f"192.0.2.{each}").post(RESET, {"email": "no@clinic.test"}).status_code
        for each in range(11)
    ]
    assert answers == [302] * 10 + [429]


@pytest.mark.parametrize("path", ["password/reset/key/abc-def/", "login/code/confirm/"])
def test_no_secret_stands_in_an_address(clock, path):
    assert Client().get(f"/accounts/{path}").status_code == 404
