"""Every page of the desk, as whoever may open it: readable, large enough, nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.desk_pages import PAGES, STATES, Lived, a_lived_clinic
from tests.e2e.test_desk import WCAG, _note
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 1024)
NARROW = 390
ROLES = ["NURSE", "CLINICIAN", "MANAGER", "OPERATOR", "nobody"]
LEAST = 28  # px
PATIENCE = 30_000  # ms; pages of the desk are many, and nothing here is about time
AXE = """(only) => axe.run({ runOnly: only, resultTypes: ["violations"] }).then((found) =>
    found.violations.flatMap((each) =>
        each.nodes.map((node) => `${each.id}: ${node.html.slice(0, 160)}`)))"""
"""What axe finds, one line a place."""
EVERYTHING = {"type": "tag", "values": WCAG}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""What light and dark differ in; the rest is looked at once for each width."""
SETTLED = "() => { for (const each of document.getAnimations()) each.finish(); }"
"""Colours fade into each other: what is half-way is nobody's choice."""
UNFOLD = """() => {
    const folded = "details:not(.resolve, [open])";
    for (const each of document.querySelectorAll(folded)) each.open = true;
}"""
SMALL = """(least) => {
    const pressed = "button, summary, select, textarea, a.button, nav a, header a, "
        + "input:not([type=hidden]), th a, td a, li > a:first-child";
    // A box to tick is pressed on its words, too.
    const area = (each) =>
        (each.matches("[type=checkbox], [type=radio]") && each.closest("label")) || each;
    const isSmall = (each) => {
        const box = area(each).getBoundingClientRect();
        return each.checkVisibility() && box.width > 1 && Math.min(box.height, box.width) < least;
    };
    const isAlone = (link) => link.textContent.trim() === link.parentElement.textContent.trim();
    const alone = [...document.querySelectorAll("p > a")].filter(isAlone);
    return [...document.querySelectorAll(pressed), ...alone].filter(isSmall)
        .map((each) => `small: ${each.outerHTML.slice(0, 160)}`);
}"""
SPILLS = """() => [...document.querySelectorAll(".card")]
    .filter((card) => card.checkVisibility() && getComputedStyle(card).overflowX === "visible")
    .filter((card) => card.scrollWidth > card.clientWidth + 1)
    .map((card) => `spills: ${card.textContent.trim().slice(0, 60)}`)"""
"""Cards whose words or buttons stand beyond their edge, under the next one."""
SIDEWAYS = "() => document.documentElement.scrollWidth - window.innerWidth"


@pytest.fixture
def lived(transactional_db) -> Lived:
    return a_lived_clinic()


@pytest.fixture
def wide(browser: Browser, live_server) -> Iterator[BrowserContext]:
    """A desk's screen. Whatever its pages complain about fails the test."""
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda line: _note(complaints, line))
    yield context
    context.close()
    assert complaints == []


def as_(role: str, wide: BrowserContext, lived: Lived) -> Page:
    page = wide.new_page()
    if role == "nobody":
        return page
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(lived.staff[role].user.email)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()
    return page


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{name}: {each}" for name, all_ in found.items() for each in all_)


def found_on(page: Page) -> list[str]:
    """What keeps somebody out, by light and dark and at each width; the page is loaded once."""
    page.evaluate(UNFOLD)
    page.evaluate(AXE_SCRIPT)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in (("light", EVERYTHING), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            found += [f"{width} {scheme} {each}" for each in page.evaluate(AXE, rules)]
        found += [f"{width} {each}" for each in page.evaluate(SMALL, LEAST)]
    for width in (*WIDTHS, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(SIDEWAYS) > 0:
            found.append(f"{width} scrolls sideways")
        found += [f"{width} {each}" for each in page.evaluate(SPILLS)]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_no_page_keeps_anybody_out(wide, lived, role):
    page, found = as_(role, wide, lived), {}
    for who, address in PAGES.values():
        if who == role:
            path = address.format(**lived.ids)
            page.goto(path)
            assert page.evaluate("location.pathname + location.search") == path
            found[path] = found_on(page)
    assert not told(found), told(found)


@pytest.mark.parametrize("role", ROLES)
def test_no_state_of_a_page_keeps_anybody_out(wide, lived, role):
    page, found = as_(role, wide, lived), {}
    for name, (who, address, does) in STATES.items():
        if who == role:
            page.goto(address.format(**lived.ids))
            does(page)
            found[name] = found_on(page)
    assert not told(found), told(found)
