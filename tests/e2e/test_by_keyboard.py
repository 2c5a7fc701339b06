"""A whole check-in by keyboard: only Tab, arrows, Space, Enter and what is typed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.test_phone import path_of, pytestmark
from tracker.models import CheckIn

__all__ = ["pytestmark"]

FARTHEST = 80  # presses of Tab from one end of a page to the other
HERE = """() => {
  const at = document.activeElement;
  const said = at.labels?.[0] ?? at;
  const { bottom, top } = said.getBoundingClientRect();
  const seen = top >= 0 && bottom <= innerHeight;
  return { name: at.name, value: at.value, words: said.innerText?.trim(), seen };
}"""


def tab_to(page: Page, **wanted: str) -> None:
    """Go on until that has the focus; what has it must be seen."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if all(here[each] == value for each, value in wanted.items()):
            page.wait_for_function(f"({HERE})().seen")
            return
    raise AssertionError(f"never reached {wanted}")


def test_a_whole_check_in_from_the_first_tab_to_the_advice(page):
    page.goto("/")
    tab_to(page, words="Check in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check-in/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # to the page, past what stands on top
    tab_to(page, name="emergency", value="none")
    page.keyboard.press("Space")
    tab_to(page, name="usual")
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    tab_to(page, name="site")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    tab_to(page, name="site_look")
    page.keyboard.press("Space")
    tab_to(page, name="temperature")
    page.keyboard.type("98.4")
    tab_to(page, name="fever", value="none")
    page.keyboard.press("Space")
    tab_to(page, words="More signs: headache, rash, numbness, stomach …")
    page.keyboard.press("Enter")
    tab_to(page, name="other", value="none")
    page.keyboard.press("Space")
    tab_to(page, name="text")
    page.keyboard.type("all is well")
    tab_to(page, name="urgency", value="today")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, words="Send and see what to do")
    page.keyboard.press("Enter")

    page.wait_for_url("**/check-in/*-*/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    told = CheckIn.objects.get().answers
    assert told["pain"] == {"usual": 2, "site": 1}
    assert told["site"]["redness"] == 0
    assert told["temperature"]["value"] == "98.4"
    assert told["symptoms"]["dyspnea"] is told["symptoms"]["chills"] is False
    assert told["other"] == {"text": "all is well", "urgency": "can_wait"}
    tab_to(page, words="Back to today")
    page.keyboard.press("Enter")
    page.wait_for_function("location.pathname === '/'")
    assert path_of(page) == "/"
