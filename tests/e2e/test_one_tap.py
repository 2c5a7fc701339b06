"""A score by one tap, with and without network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.phone_store import SAVED, eventually, waiting
from tests.e2e.test_phone import SMALL, pytestmark, violations
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
