"""Back shows nothing of a patient who signed out, although the browser remembers whole pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import chromium
from tests.e2e.conftest import join
from tests.e2e.phone_store import LEFT, asked, await_worker, eventually
from tracker import clock
from tracker.models import DeviceSession

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOT_REMEMBERED = """() => performance.getEntriesByType("navigation")[0]
  .notRestoredReasons.reasons.map(({ reason }) => reason)"""


@pytest.fixture
def phone(browser, live_server, invited, tmp_path) -> Iterator[Page]:
    """A phone whose browser remembers whole pages; Playwright asks it not to."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=chromium.find(),
        args=chromium.FLAGS,
        base_url=live_server.url,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = context.new_page()
    join(page, invited)
    await_worker(page)
    yield page
    context.close()


def look_around(phone: Page) -> None:
    phone.goto("/")
    phone.locator(".tabs").get_by_role("link", name="History").click()
    expect(phone.locator("h1")).to_have_text("What you told us")


def go_back(phone: Page) -> None:
    """As a person does: whoever drives the browser waits for a load, which may not happen."""
    phone.evaluate("() => { setTimeout(() => history.back()) }")


def test_the_browser_remembers_no_page_of_a_patient(phone):
    look_around(phone)
    go_back(phone)
    expect(phone.locator("h1")).to_contain_text("Day ")
    assert "response-cache-control-no-store" in phone.evaluate(NOT_REMEMBERED)


def test_back_shows_nothing_of_a_patient_who_signed_out(phone):
    look_around(phone)
    phone.get_by_role("link", name="Sign out").click()
    phone.get_by_role("button", name="Sign out", exact=True).click()
    phone.wait_for_url("**/join/?out")
    for _ in range(2):
        phone.evaluate("() => { window.before = true }")
        go_back(phone)
        assert eventually(phone, lambda: asked(phone, "() => window.before === undefined"))
        expect(phone.locator("h1")).to_have_text("Welcome")
        assert "Ada Quill" not in phone.content()


def test_back_on_a_phone_that_was_signed_out_elsewhere_says_so(phone):
    look_around(phone)
    DeviceSession.objects.update(revoked_at=clock.now())
    go_back(phone)
    expect(phone.get_by_role("heading", name="This phone was signed out")).to_be_visible()
    assert "Ada Quill" not in phone.content()
    assert phone.evaluate(LEFT)["databases"] == []
