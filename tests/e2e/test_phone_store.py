"""What a phone keeps: there again after a crash, sealed, and gone after signing out."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.e2e.conftest import join
from tests.e2e.phone_store import (
    CANARY,
    KEY_OUT,
    LEFT,
    await_worker,
    cut_and_save,
    eventually,
    expect_draft_kept,
    fill_in,
    records,
    send,
    usual_pains,
)
from tests.e2e.test_nothing_is_lost import another, invited_too
from tests.e2e.test_phone import path_of, tick
from tracker.models import CheckIn, Patient

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


# --- the open check-in ------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["a reload", "a crash", "leaving", "closing"])
def test_the_open_check_in_is_there_again(phone, start, ends):
    phone.goto("/check-in/")
    tick(phone, "None of these")
    fill_in(phone)
    expect_draft_kept(phone)
    if ends == "a reload":
        phone.reload()
    elif ends == "leaving":
        phone.goto("/history/")
    elif ends == "closing":
        phone = start().new_page()
    else:
        with pytest.raises(Exception, match="crash"):
            phone.goto("chrome://crash")
        crashed, phone = phone, phone.context.new_page()
        crashed.close()
    phone.goto("/check-in/")

    expect(phone.locator("#draft")).to_contain_text("Not sent yet: you filled this in at")
    expect(phone.locator("[name=usual][value='5']")).to_be_checked()
    expect(phone.locator("[name=emergency][value=none]")).to_be_checked()
    expect(phone.get_by_label("Anything else?")).to_have_value(CANARY)
    send(phone)
    phone.wait_for_url("**/check-in/*-*/")
    assert "draft" not in records(phone)
    assert usual_pains() == [5]


def test_the_open_check_in_can_be_begun_anew(phone):
    phone.goto("/check-in/")
    fill_in(phone)
    expect_draft_kept(phone)
    phone.reload()
    phone.get_by_role("button", name="Start again").click()
    expect(phone.locator("#draft")).to_be_hidden()
    expect(phone.get_by_label("Anything else?")).to_have_value("")


# --- whose it is ------------------------------------------------------------------------------


def test_what_is_stored_cannot_be_read_and_its_key_cannot_leave(phone, cable, start, tmp_path):
    cut_and_save(phone, cable)
    tick(phone, "Chest pain")
    assert eventually(phone, lambda: {"plan", "draft"} <= records(phone).keys())
    stored = repr(records(phone))
    for words in (CANARY, "Ada Quill", "Lake Clinic", "chest_pain", "555"):
        assert words not in stored
    assert phone.evaluate(KEY_OUT) == "InvalidAccessError"

    start()  # the browser was closed: all is on the disk
    files = [each for each in (tmp_path / "profile").rglob("*") if "IndexedDB" in str(each)]
    disk = b"".join(each.read_bytes() for each in files if each.is_file())
    assert b"afterblock" in disk.replace(b"\0", b"")
    assert CANARY.encode() not in disk and CANARY.encode("utf-16-le") not in disk


def test_signing_out_asks_first_when_something_waits_and_leaves_nothing(phone, cable):
    cut_and_save(phone, cable)
    phone.context.route("**/api/v1/check-ins/**", lambda route: route.abort())
    cable.up()
    phone.goto("/sign-out/")
    expect(phone.get_by_role("heading", name="Not sent yet: 1")).to_be_visible()
    expect(phone.get_by_role("button", name="Sign out", exact=True)).to_be_hidden()
    phone.get_by_role("button", name="Sign out and lose it").click()

    phone.wait_for_url("**/join/?out")
    left = phone.evaluate(LEFT)
    assert left["databases"] == []
    assert CANARY not in repr(left) and "Ada Quill" not in repr(left)
    assert [each for each in left["storage"] if each and not each.startswith("csrftoken=")] == []
    phone.go_back()
    expect(phone.locator("h1")).to_have_text("Welcome")
    assert "Ada Quill" not in phone.content()
    await_worker(phone)
    cable.down()
    phone.goto("/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("No connection")
    assert not CheckIn.objects.exists()


def test_signing_out_can_send_first(phone, cable):
    cut_and_save(phone, cable)
    held = "**/api/v1/check-ins/**"
    phone.context.route(held, lambda route: route.abort())
    cable.up()
    phone.goto("/sign-out/")
    phone.get_by_role("heading", name="Not sent yet: 1").wait_for()
    phone.context.unroute(held)
    phone.get_by_role("button", name="Send it first").click()
    phone.get_by_role("button", name="Sign out", exact=True).click()
    phone.wait_for_url("**/join/?out")
    assert usual_pains() == [5]


def test_somebody_else_on_this_phone_sees_nothing_and_sends_nothing(phone, cable, patient: Patient):
    cut_and_save(phone, cable)
    tick(phone, "None of these")
    phone.context.clear_cookies(name=settings.PHONE_COOKIE)
    phone.goto("about:blank")
    cable.up()
    bo = another(patient)
    join(phone, invited_too(bo))
    assert eventually(phone, lambda: list(records(phone)).count("plan") == 1)
    for path in ("/", "/check-in/", "/history/"):
        phone.goto(path)
        phone.wait_for_timeout(300)
        expect(phone.locator("#outbox")).to_be_hidden()
        expect(phone.locator("#draft")).to_have_count(0) if path != "/check-in/" else None
        assert CANARY not in phone.content() and "Ada" not in phone.locator("body").inner_text()
    assert not CheckIn.objects.exists()

    phone.context.clear_cookies(name=settings.PHONE_COOKIE)
    join(phone, invited_too(patient))
    assert eventually(phone, lambda: CheckIn.objects.filter(patient=patient).count() == 1)
    assert not CheckIn.objects.filter(patient=bo).exists()
    assert path_of(phone) == "/"
