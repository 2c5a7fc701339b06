"""Staff sign in with a passkey, and come in by a link, under the strict policy of the product."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.accounts.people import code_now
from tests.e2e.conftest import PATIENCE
from tests.factories import PASSWORD, a_clinic, a_staff
from tracker import clock
from tracker.models.clinic import Role
from tracker.services import staff_links

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEW = "four words that nobody knows"


@pytest.fixture
def local(live_server, settings) -> str:
    """Passkeys need https, or a host of this name."""
    settings.SECOND_FACTOR_REQUIRED = True
    settings.BASE_URL = live_server.url.replace("127.0.0.1", "localhost")
    return settings.BASE_URL


@pytest.fixture
def wide(browser: Browser, local: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=local, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda line: _note(complaints, line))
    context.on("request", lambda each: _note_foreign(complaints, each.url, local))
    yield context
    context.close()
    assert complaints == []


def _note(complaints: list[str], line) -> None:
    # Refused forms belong to these tests; Chromium logs them.
    if line.type in ("error", "warning") and "status of 4" not in line.text:
        complaints.append(line.text)


def _note_foreign(complaints: list[str], url: str, local: str) -> None:
    if not url.startswith((local, "data:")):
        complaints.append(url)


def with_a_key(context: BrowserContext) -> Page:
    """A page of a browser into which a security key is plugged."""
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    return page


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def accessible(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # Colours fade into each other: what is half-way is nobody's choice.
        page.evaluate("() => Promise.all(document.getAnimations().map((each) => each.finished))")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert found.violations_count == 0, (page.url, scheme, found.generate_report())
    page.emulate_media(color_scheme="light")
    scrolled = "() => document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(scrolled) <= 0, page.url


def test_a_link_a_password_an_app_and_the_desk_opens(wide):
    invited = staff_links.to_join(
        clinic=a_clinic(), email="m@clinic.test", role=Role.MANAGER, now=clock.now()
    )
    page = wide.new_page()
    page.goto(invited.url)
    expect(page.get_by_label("Key of your link")).to_have_value(invited.url.partition("#")[2])
    assert "#" not in page.url, "the secret leaves the address bar"
    accessible(page)
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same again").fill(NEW)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Set up an app").wait_for()
    accessible(page)
    page.get_by_role("link", name="Set up an app").click()
    accessible(page)
    secret = page.locator("code").inner_text()
    page.get_by_label("Authenticator code").fill(code_now(secret))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    accessible(page)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("heading", name="Queue").wait_for()
    page.get_by_role("link", name="Staff").click()
    page.get_by_role("heading", name="Invite somebody").wait_for()
    accessible(page)


def test_a_passkey_signs_in_without_a_password(wide):
    staff = a_staff(name="Nora Park")
    page = with_a_key(wide)
    give_password(page, staff.user.email)
    page.get_by_role("link", name="Add a passkey").click()
    accessible(page)
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("heading", name="Sign in to the desk").wait_for()
    accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_role("heading", name="Queue").wait_for()


def test_a_passkey_is_the_second_step_after_the_password(wide):
    staff = a_staff()
    page = with_a_key(wide)
    give_password(page, staff.user.email)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for()
    page.get_by_role("button", name="Sign out", exact=True).click()
    give_password(page, staff.user.email)
    page.get_by_role("heading", name="One more step").wait_for()
    accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Queue").wait_for()


def test_without_a_key_the_refusal_is_said_in_words(wide):
    page = wide.new_page()
    devtools = wide.new_cdp_session(page)
    devtools.send("WebAuthn.enable")  # and nothing plugged in
    page.goto("/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error()) }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")
