"""A phone whose browser runs no scripts: everything is a form, and each answers with a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_phone import path_of, pytestmark, score, send, tick
from tests.factories import a_check_in
from tracker import clock
from tracker.models import (
    AnswerToAdvice,
    CallbackRequest,
    CheckIn,
    DeviceSession,
    Procedure,
    Therapy,
)

__all__ = ["pytestmark"]


@pytest.fixture
def plain(browser, live_server, invited) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/join/")
    page.get_by_label("Type the code from your card").fill(invited.code)
    page.get_by_role("button", name="Join").click()
    yield page
    context.close()


def test_the_advice_is_answered_and_the_clinic_is_asked_to_call(plain):
    plain.goto("/check-in/")
    tick(plain, "None of these")
    plain.get_by_label("Temperature").fill("101.3")
    send(plain)
    expect(plain.get_by_role("heading", level=1)).to_have_text("Call the clinic today")
    plain.get_by_role("button", name="I called").click()
    expect(plain.get_by_text("that you called.")).to_be_visible()
    assert AnswerToAdvice.objects.get().did == "called"

    plain.get_by_role("link", name="Ask for a call back").click()
    plain.get_by_text("Any time").click()
    plain.get_by_role("button", name="Ask for a call back").click()
    expect(plain.get_by_role("heading", name="The clinic will call you")).to_be_visible()
    assert CallbackRequest.objects.count() == 1


def test_a_wrong_answer_is_told_beside_its_question_and_a_doubtful_one_is_asked_back(plain):
    plain.goto("/check-in/")
    plain.get_by_label("Temperature").fill("60")
    send(plain)
    expect(plain.get_by_role("heading", name="Nothing was sent yet.")).to_be_visible()
    plain.get_by_label("Temperature").fill("101.3")
    tick(plain, "°C")
    send(plain)
    plain.get_by_role("button", name="Yes, I meant 101.3 °F").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Call the clinic today")


def test_what_was_told_last_time_is_told_again_and_changed(plain, patient):
    at = clock.now() - timedelta(hours=20)
    a_check_in(patient, now=at, observed_at=at, pain={"usual": 2, "site": 1})
    plain.goto("/check-in/")
    plain.get_by_role("link", name="Same as last time").click()
    tick(plain, "None of these")
    send(plain)
    assert CheckIn.objects.latest("pk").answers["pain"] == {"usual": 2, "site": 1}

    plain.get_by_role("link", name="Change this").click()
    score(plain, "usual", 3)
    send(plain)
    expect(plain.get_by_text("Usual pain: 3 of")).to_be_visible()
    assert CheckIn.objects.latest("pk").corrects is not None


def test_one_tap_is_a_form(plain):
    Procedure.objects.update(kind="diagnostic", ended_at=clock.now() - timedelta(hours=1))
    plain.goto("/")
    plain.locator("#one-tap").get_by_role("button", name="2", exact=True).click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Look after yourself")
    assert CheckIn.objects.get().answers["pain"] == {"usual": 2}


def test_the_rest_of_it_is_forms_as_well(plain):
    plain.goto("/therapies/")
    plain.get_by_role("button", name="Walk").click()
    assert Therapy.objects.get().kind == "walk"
    plain.goto("/people/")
    plain.get_by_label("Name").fill("Bo")
    plain.get_by_role("button", name="Make a code").click()
    expect(plain.get_by_role("heading", name="A code for Bo")).to_be_visible()
    plain.goto("/sign-out/")
    plain.locator("form#sign-out button").click()
    assert path_of(plain) == "/join/"
    assert DeviceSession.objects.get().revoked_at is not None
