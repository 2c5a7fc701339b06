"""A score by one tap, with and without network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.phone_store import SAVED, eventually, plan, sync, waiting
from tests.e2e.test_phone import SMALL, pytestmark, violations
from tests.factories import a_check_in, fever
from tracker import clock
from tracker.models import CheckIn, Procedure
from tracker.services import courses

__all__ = ["pytestmark"]


@pytest.fixture(autouse=True)
def an_hour_after_a_test_block(patient):
    ended_at = clock.now() - timedelta(hours=1)
    Procedure.objects.update(kind="diagnostic", ended_at=ended_at)


def tap(page, score: int) -> None:
    page.locator("#one-tap").get_by_role("button", name=str(score), exact=True).click()


def test_one_tap_tells_how_strong_the_pain_is_and_shows_what_to_do(page):
    tap(page, 2)
    page.wait_for_url("**/check-in/*-*/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look after yourself")
    told = CheckIn.objects.get()
    assert told.answers["pain"] == {"usual": 2}
    assert abs((told.observed_at - clock.now()).total_seconds()) < 60


def test_one_tap_tells_how_strong_it_was_before(page):
    Procedure.objects.update(baseline_pain=None)
    page.reload()
    tap(page, 7)
    expect(page.get_by_role("heading", name="how strong is it now?")).to_be_visible()
    assert courses.baseline_pain_of(Procedure.objects.get()) == 7


def test_without_network_a_tap_is_answered_at_once_and_sent_once(phone, cable):
    cable.down()
    tap(phone, 10)
    expect(phone.locator("#stands h2")).to_have_text("Call the clinic today")
    expect(phone.locator("#outbox").get_by_text(SAVED)).to_be_visible()
    assert not CheckIn.objects.exists()

    cable.up()
    assert eventually(phone, lambda: waiting(phone) == 0)
    assert [
        each["pain"]["usual"] for each in CheckIn.objects.values_list("answers", flat=True)
    ] == [10]


def test_the_pain_from_before_leaves_the_advice_that_stands_and_what_is_due(phone, cable, patient):
    Procedure.objects.update(baseline_pain=None)
    a_check_in(patient, now=clock.now(), **fever("38.5"))
    phone.reload()
    assert eventually(phone, lambda: bool(plan(phone).get("advice")))
    taken = CheckIn.objects.count()
    cable.down()
    tap(phone, 2)
    expect(phone.locator("#stands h2")).to_have_text("Call the clinic today")
    phone.goto("about:blank")
    cable.up()
    idle = phone.context.new_page()
    idle.goto("/static/phone/icon.svg")
    sync(idle, cable.url)
    assert eventually(idle, lambda: waiting(idle) == 0)
    assert CheckIn.objects.count() == taken + 1

    cable.down()
    phone.goto("/")
    expect(phone.locator("#stands h2")).to_have_text("Call the clinic today")


def test_the_pain_from_before_that_waits_is_no_check_in_of_today(phone):
    Procedure.objects.update(baseline_pain=None)
    phone.reload()
    assert eventually(phone, lambda: plan(phone).get("due") is True)
    phone.context.route("**/api/v1/check-ins/**", lambda route: route.fulfill(status=503))
    tap(phone, 2)
    expect(phone.locator("#outbox").get_by_text(SAVED)).to_be_visible()
    at = phone.evaluate("Date.now()")
    phone.reload()
    assert eventually(phone, lambda: plan(phone)["kept_at"] > at)
    assert plan(phone)["due"] is True


def test_what_was_told_earlier_does_not_replace_the_advice_that_stands(phone):
    stands = """async ([advice, at]) => {
      const { noteAdvice } = await import("/static/phone/outbox.js");
      await noteAdvice(document.body.dataset.patient, advice, at);
    }"""
    for advice, at in [
        ("second", "2026-01-02T00:00:00+00:00"),
        ("first", "2026-01-01T23:59:59+00:00"),
    ]:
        phone.evaluate(stands, [advice, at])
    assert plan(phone)["advice"] == "second"
    phone.evaluate(stands, ["the same, by the server", "2026-01-02T00:00:00+00:00"])
    assert plan(phone)["advice"] == "the same, by the server"


def test_a_tap_is_seen_at_once_and_advised_on_before_it_is_sent(phone):
    held: list[Route] = []
    phone.context.route("**/api/v1/check-ins/**", lambda route: held.append(route))
    tap(phone, 10)
    ten = phone.locator("#one-tap").get_by_role("button", name="10", exact=True)
    expect(ten).to_have_attribute("aria-pressed", "true")
    expect(phone.locator("#one-tap-told")).to_have_text("Sending …")
    assert eventually(phone, lambda: plan(phone).get("advice"))
    assert plan(phone)["advice"]["headline"] == "Call the clinic today"

    assert eventually(phone, lambda: bool(held))
    held[0].continue_()
    phone.wait_for_url("**/check-in/*-*/")


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_tap_it(page, patient, language, scheme):
    patient.language = language
    patient.save(update_fields=["language"])
    page.emulate_media(color_scheme=scheme)
    assert violations(page, "/") == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.evaluate("document.documentElement.style.fontSize = '36px'")
    assert page.locator("#one-tap button").count() == 11
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
