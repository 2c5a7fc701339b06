"""A real browser in front of the real pages; without Chromium these tests are skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e import chromium
from tests.e2e.cable import Cable
from tests.e2e.phone_store import await_worker, eventually, records
from tests.factories import a_clinic, a_patient, a_procedure
from tracker import clock
from tracker.services import invitations

# The browser's own event loop runs in this thread, and Django would refuse to query beside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

PATIENCE = 20_000  # ms: a phone tries by itself after 2, 4 and 8 s, and machines that test are busy
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if chromium.find() is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("Chromium is missing, and REQUIRE_BROWSER=1 asks for it.")
        pytest.skip("Chromium is missing: the browser tests are skipped")
    with sync_playwright() as playwright:
        yield chromium.launch(playwright)


@pytest.fixture
def patient(transactional_db):
    now = clock.now()
    patient = a_patient(a_clinic(name="Lake Clinic"), name="Ada Quill", diabetes=True)
    a_procedure(patient, now=now)
    return patient


@pytest.fixture
def invited(patient):
    return invitations.invite(patient=patient, invited_by=None, now=clock.now())


@pytest.fixture
def handset(browser, live_server) -> Iterator[BrowserContext]:
    """A small phone. Whatever its pages complain about fails the test."""
    context = browser.new_context(
        base_url=live_server.url,
        viewport={"width": 390, "height": 844},
        has_touch=True,
        permissions=["notifications"],
    )
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda line: _note(complaints, line))
    yield context
    context.close()
    assert complaints == []


def _note(complaints: list[str], line) -> None:
    # Refused forms, absent pages and a cut network belong to these tests; Chromium logs them.
    expected = ("status of 4", "net::ERR")
    if line.type in ("error", "warning") and not any(each in line.text for each in expected):
        complaints.append(line.text)


@pytest.fixture
def page(handset, invited) -> Page:
    """A phone that has joined through its link, on today's page."""
    page = handset.new_page()
    join(page, invited)
    return page


def token_of(invited) -> str:
    return invited.join_url.partition("#")[2]


def join(page: Page, invited) -> None:
    page.goto(f"/join/#{token_of(invited)}")
    page.locator("h1", has_text="Day ").wait_for()


# --- days without network ---------------------------------------------------------------------


@pytest.fixture
def cable(live_server) -> Iterator[Cable]:
    with Cable(live_server.url) as cable:
        yield cable


@pytest.fixture
def start(browser: Browser, cable: Cable, tmp_path) -> Iterator[Callable[[], BrowserContext]]:
    """Start the phone's browser, with all that it kept when it was closed."""
    started: list[BrowserContext] = []

    def again() -> BrowserContext:
        for context in started:
            context.close()
        started[:] = [
            browser.browser_type.launch_persistent_context(
                tmp_path / "profile",
                executable_path=chromium.find(),
                args=chromium.FLAGS,
                base_url=cable.url,
                viewport={"width": 390, "height": 844},
            )
        ]
        return started[0]

    yield again
    started[0].close()


@pytest.fixture
def phone(start, invited) -> Page:
    """A phone that has joined, knows today's plan, and whose worker is awake."""
    page = start().new_page()
    join(page, invited)
    await_worker(page)
    assert eventually(page, lambda: "plan" in records(page))
    return page
