"""The server fails, or takes a right away: a phone keeps what was typed, and says what is true."""

from __future__ import annotations

import json

import pytest
from django.db import connection, transaction
from playwright.sync_api import expect

from tests.e2e.phone_store import (
    cut_and_save,
    eventually,
    expect_saved,
    fill_in,
    score,
    send,
    usual_pains,
    waiting,
    wake,
)
from tests.e2e.test_phone import path_of
from tests.factories import a_check_in
from tracker import clock
from tracker.models import Caregiver, CheckIn, DeviceSession

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SESSION = "**/api/v1/session/"
BY_ITSELF = "It goes out by itself when there is a connection."
REFUSED = "This was not taken: you may only read here now."


# --- who is signed in -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body"),
    [(503, {"status": 503, "errors": []}), (500, {"status": 500}), (200, {})],
    ids=["away", "broken", "somebody else's answer"],
)
def test_a_server_that_cannot_say_who_is_signed_in_is_asked_again(phone, status, body):
    phone.goto("/check-in/")
    fill_in(phone)
    told = json.dumps(body)
    phone.context.route(SESSION, lambda route: route.fulfill(status=status, body=told))
    phone.evaluate("() => { document.body.dataset.csrf = 'stale' }")
    send(phone)
    expect_saved(phone)
    expect(phone.locator("#signed-out")).to_be_hidden()

    phone.context.unroute(SESSION)
    wake(phone)
    phone.wait_for_url("**/check-in/*-*/")
    assert usual_pains() == [5]


def test_staff_who_signed_in_here_are_somebody_else(phone):
    phone.goto("/check-in/")
    fill_in(phone)
    told = json.dumps({"kind": "staff", "name": "Nora", "csrf_token": "theirs"})
    phone.context.route(SESSION, lambda route: route.fulfill(status=200, body=told))
    phone.evaluate("() => { document.body.dataset.csrf = 'stale' }")
    send(phone)
    expect(phone.get_by_text("Somebody else is signed in now")).to_be_visible()
    assert not CheckIn.objects.exists()


# --- only the database is away ----------------------------------------------------------------


def test_while_only_the_database_is_away_the_phone_shows_what_it_knows(phone, cable):
    with transaction.atomic(), connection.cursor() as held:
        held.execute("LOCK TABLE tracker_devicesession IN ACCESS EXCLUSIVE MODE")
        phone.goto("/")
        expect(phone.locator("#as-of")).to_be_visible()
        phone.evaluate("() => { window.stays = true }")
        cable.asked.clear()

        def asked_twice() -> bool:
            held.execute("SELECT 1")  # whoever holds a lock and says nothing is put out
            return sum(line.startswith("HEAD /") for line in cable.asked) > 1

        assert eventually(phone, asked_twice)
        assert phone.evaluate("() => window.stays") is True

    expect(phone.get_by_role("link", name="Check in").first).to_be_visible()
    expect(phone.locator("#as-of")).to_have_count(0)
    assert path_of(phone) == "/"


# --- a right that was taken away --------------------------------------------------------------


@pytest.mark.parametrize("what", ["a check-in", "a correction"])
def test_what_somebody_may_send_no_more_is_not_promised_for_ever(phone, cable, patient, what):
    ana = Caregiver.objects.create(
        clinic=patient.clinic, patient=patient, name="Ana", may_log=True, created_at=clock.now()
    )
    DeviceSession.objects.filter(patient=patient).update(caregiver=ana)
    phone.reload()
    if what == "a check-in":
        cut_and_save(phone, cable)
    else:
        a_check_in(patient, now=clock.now(), pain={"usual": 4})
        phone.goto(f"/check-in/{CheckIn.objects.get().client_id}/change/")
        cable.down()
        score(phone, "usual", 6)
        send(phone)
        expect_saved(phone)
    before = CheckIn.objects.count()
    Caregiver.objects.update(may_log=False)
    phone.goto("about:blank")
    cable.up()
    phone.goto("/")

    box = phone.locator("#outbox")
    expect(box).to_contain_text(REFUSED)
    expect(box.get_by_text(BY_ITSELF)).to_be_hidden()
    expect(box.get_by_text("has now reached the clinic")).to_be_hidden()
    box.get_by_role("button", name="Remove it").click()
    expect(box).to_be_hidden()
    assert waiting(phone) == 0
    assert CheckIn.objects.count() == before


# --- a store that says nothing ----------------------------------------------------------------


@pytest.mark.parametrize(
    "store",
    [
        "indexedDB.databases = () => new Promise(() => {})",
        "IDBFactory.prototype.open = () => { throw new DOMException('gone', 'UnknownError') }",
    ],
    ids=["no answer", "an error"],
)
def test_signing_out_asks_when_the_phone_cannot_tell_what_waits(phone, cable, store):
    cut_and_save(phone, cable)
    phone.context.route("**/api/v1/check-ins/**", lambda route: route.abort())
    phone.context.add_init_script(store)
    phone.goto("about:blank")
    cable.up()
    phone.goto("/sign-out/")
    # Pressed before the phone has given up on its store, or after.
    phone.evaluate("() => document.getElementById('sign-out').requestSubmit()")

    expect(phone.get_by_role("heading", name="Perhaps not all is sent")).to_be_visible()
    expect(phone.get_by_role("heading", name="Not sent yet:")).to_be_hidden()
    expect(phone.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()
    assert DeviceSession.objects.filter(revoked_at=None).exists()

    phone.get_by_role("button", name="Sign out and lose it").click()
    phone.wait_for_url("**/join/?out")
