"""Spanish says the same with longer words: nothing may be cut, covered or too small for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.e2e.test_phone import PAGES, SMALL, pytestmark, violations
from tests.factories import a_check_in
from tracker import clock

__all__ = ["pytestmark"]


@pytest.fixture
def pages(page: Page, patient) -> list[str]:
    patient.language = "es"
    patient.save(update_fields=["language"])
    told = a_check_in(patient, now=clock.now(), pain={"usual": 9, "controlled": False})
    card = f"/check-in/{told.check_in.client_id}/"
    return [*PAGES, card, f"{card}change/"]


def test_axe_finds_nothing_in_spanish(page, pages):
    for path in pages:
        assert violations(page, path) == [], path


def test_large_spanish_never_scrolls_sideways(page, pages):
    page.set_viewport_size({"width": 320, "height": 640})
    for path in pages:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '36px'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_targets_are_large_enough_in_spanish(page, pages):
    page.set_viewport_size({"width": 320, "height": 844})
    for path in pages:
        page.goto(path)
        assert page.evaluate(SMALL) == [], path


def test_the_tabs_stand_at_the_bottom_of_a_short_page(page, pages):
    page.set_viewport_size({"width": 390, "height": 1600})
    page.goto("/sign-out/")
    assert page.evaluate("document.querySelector('.tabs').getBoundingClientRect().bottom") == 1600
