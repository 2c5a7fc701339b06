"""How often somebody may guess, and that nobody can use up the tries of another."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connections
from django.test import Client

from tests.accounts.people import CODE, LOGIN, a_member, at_the_desk, give_password
from tests.conftest import NOW
from tests.factories import PASSWORD, a_staff
from tracker.accounts.devices import (
    AT_AN_ADDRESS,
    AT_AN_ADDRESS_FOR_AN_ACCOUNT,
    FOR_AN_ACCOUNT,
    FROM_A_KNOWN_BROWSER,
)
from tracker.models import AuditEvent, TryCount
from tracker.services import tries
from tracker.services.tries import Budget

pytestmark = pytest.mark.django_db
ROOM = Budget("room", 3, timedelta(minutes=15))


def refused(answer) -> bool:
    return answer.status_code == 200 and "Too many tries" in answer.content.decode()


def in_parallel(work, count: int) -> None:
    start = threading.Barrier(count)

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(each,)) for each in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


@pytest.mark.django_db(transaction=True)
def test_of_fifty_wrong_passwords_at_once_exactly_five_are_evaluated(monkeypatch):
    staff = a_staff()
    evaluated: list[str] = []
    verify = MD5PasswordHasher.verify

    def counted(self, password: str, encoded: str) -> bool:
        evaluated.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(MD5PasswordHasher, "verify", counted)
    in_parallel(lambda each: give_password(Client(), staff.user, f"wrong {each}"), 50)
    assert len(evaluated) == AT_AN_ADDRESS_FOR_AN_ACCOUNT.limit == 5


@pytest.mark.django_db(transaction=True)
def test_fifty_processes_agree_on_who_was_first():
    taken: list[int] = []
    in_parallel(lambda each: taken.append(each) if cache.add("lock", each, 10) else None, 50)
    assert len(taken) == 1
    assert cache.get("lock") == taken[0]


def test_what_is_kept_for_a_while_is_forgotten_after_it(clock):
    assert cache.add("lock", [1.5], 10)
    assert not cache.add("lock", [2.5], 10)
    clock.shift(10)
    assert cache.get("lock") is None
    assert cache.add("lock", [2.5], 10)


def test_a_budget_starts_over_when_its_time_has_passed():
    purse = ROOM.of("somebody")
    assert [tries.take(purse, now=NOW) for _ in range(4)] == [True, True, True, False]
    assert tries.take(ROOM.of("somebody else"), now=NOW)
    assert not tries.take(purse, now=NOW + ROOM.lasts - timedelta(seconds=1))
    assert tries.take(purse, now=NOW + ROOM.lasts)


def test_a_try_that_another_budget_refuses_takes_nothing():
    first, second = ROOM.of("first"), Budget("small", 1, ROOM.lasts).of("second")
    assert [tries.take_from_all([first, second], now=NOW) for _ in range(9)].count(True) == 1
    assert TryCount.objects.get(key=first.key).tries == 1


def test_what_no_longer_counts_is_deleted():
    tries.take(ROOM.of("somebody"), now=NOW)
    assert tries.forget_old(now=NOW) == 0
    assert tries.forget_old(now=NOW + ROOM.lasts) == 1


def test_after_five_wrong_ones_the_right_password_is_not_evaluated_either(clock):
    staff = a_member()
    client = Client()
    for each in range(5):
        give_password(client, staff.user, f"wrong {each}")
    assert refused(give_password(client, staff.user))
    clock.shift(15 * 60)
    assert give_password(client, staff.user).url == CODE


def test_an_unknown_account_runs_out_like_a_known_one(clock):
    class Nobody:
        email = "nobody@clinic.test"

    answers = [give_password(Client(), Nobody(), "wrong") for _ in range(6)]
    assert [refused(each) for each in answers] == [False] * 5 + [True]


def test_a_proxy_that_nobody_set_up_is_not_believed(clock):
    staff = a_staff()
    for each in range(5):
        give_password(Client(), staff.user, "wrong", HTTP_X_FORWARDED_FOR=f"192.0.2.{each}")
    assert refused(give_password(Client(), staff.user, HTTP_X_FORWARDED_FOR="192.0.2.77"))


def test_a_stranger_cannot_keep_a_nurse_out_of_her_own_browser(clock):
    """From her address, and from everywhere: all budgets of strangers are used up."""
    staff = a_member()
    hers = at_the_desk(staff.user)
    hers.post("/accounts/logout/")
    clock.shift(30)
    for each in range(FOR_AN_ACCOUNT.limit + 1):
        give_password(Client(REMOTE_ADDR=f"198.51.100.{each}"), staff.user, "wrong")
    for each in range(AT_AN_ADDRESS.limit + 1):
        give_password(Client(), a_staff().user, f"wrong {each}")
    assert refused(give_password(Client(REMOTE_ADDR="203.0.113.9"), staff.user))
    assert refused(give_password(Client(), staff.user))
    assert give_password(hers, staff.user).url == CODE


def test_a_known_browser_has_a_limit_of_its_own(clock):
    staff = a_member()
    hers = at_the_desk(staff.user)
    hers.post("/accounts/logout/")
    answers = [give_password(hers, staff.user, "wrong") for _ in range(11)]
    assert [refused(each) for each in answers].index(True) == FROM_A_KNOWN_BROWSER.limit


def test_a_browser_is_known_for_those_who_signed_in_there_only(clock):
    """A colleague's browser is a stranger's to everybody else, and a made-up cookie to all."""
    hers = at_the_desk(a_member().user)
    hers.post("/accounts/logout/")
    other = a_staff()
    forged = Client()
    forged.cookies[project.KNOWN_BROWSER_COOKIE] = "WyJhIixbImIiXV0:1:forged"
    for client in (hers, forged):
        for _ in range(3):
            give_password(client, other.user, "wrong")
    assert refused(give_password(hers, other.user))
    assert refused(give_password(forged, other.user))


def test_a_wrong_password_is_written_down_where_they_work(clock):
    staff = a_member()
    give_password(Client(), staff.user, "wrong")
    at_the_desk(staff.user)
    written = AuditEvent.objects.filter(clinic=staff.clinic).order_by("pk")
    assert [each.action for each in written] == ["staff.sign_in.wrong", "staff.sign_in"]


def test_guessing_the_old_password_at_an_open_desk_is_limited(clock):
    client = at_the_desk(a_member().user)
    new = "another long phrase"
    form = {"oldpassword": "wrong", "password1": new, "password2": new}
    answers = [client.post("/accounts/password/", form).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    right = client.post("/accounts/password/", {**form, "oldpassword": PASSWORD})
    assert right.status_code == 429


def test_a_try_with_an_unknown_address_leaves_a_mark_and_not_the_address(db, caplog):
    for email in ("nobody@home.test", "Nobody@home.test ", "other@home.test"):
        Client().post(LOGIN, {"login": email, "password": "a guess of sorts"})
    said = [each.getMessage() for each in caplog.records if "unknown account" in each.getMessage()]
    assert len(said) == 3
    assert len(set(said)) == 2
    assert "home.test" not in "".join(said)
    assert AuditEvent.objects.count() == 0
