"""The standard check-ins in taps, keys and seconds: a table that is printed, and held to limits.

Seconds are those of the keystroke-level model (tests/e2e/test_uneventful_day.py).
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.test_phone import pytestmark, tick
from tests.e2e.test_uneventful_day import Thumb, an_uneventful_day
from tests.factories import a_check_in
from tracker import clock
from tracker.models import CheckIn, Procedure

__all__ = ["pytestmark"]

CALM_SITE = {"redness": 0, "swelling": 0, "warmth": False, "drainage": "none", "streaks": False}


class Hand(Thumb):
    """A thumb that knows the form."""

    def label(self, words: str) -> None:
        self.tap(self.page.locator("label", has_text=words).first)

    def score(self, name: str, value: int) -> None:
        self.tap(self.page.locator(f"label:has([name={name}][value='{value}'])"))

    def send(self) -> None:
        self.tap(self.page.get_by_role("button", name="Send and see what to do"))


def same_as_last_time(hand: Hand) -> None:
    hand.label("None of these")
    hand.tap(hand.page.get_by_role("link", name="Same as last time"))
    hand.send()


def a_fever(hand: Hand) -> None:
    hand.label("None of these")
    hand.score("usual", 3)
    hand.score("site", 2)
    hand.label("Normal: no redness")
    hand.type(hand.page.get_by_label("Temperature"), "101.2")
    hand.label("I feel hot or feverish")
    hand.send()


def a_sugar(hand: Hand) -> None:
    hand.label("None of these")
    hand.score("usual", 2)
    hand.score("site", 1)
    hand.label("Normal: no redness")
    hand.type(hand.page.get_by_label("Blood sugar", exact=True), "162")
    hand.send()


def a_sugar_alone(hand: Hand) -> None:
    hand.type(hand.page.get_by_label("Blood sugar", exact=True), "162")
    hand.send()


def one_tap(hand: Hand) -> None:
    hand.tap(hand.page.locator("#one-tap").get_by_role("button", name="3", exact=True))


def told_yesterday(patient, **more) -> None:
    at = clock.now() - timedelta(hours=20)
    told = {"pain": {"usual": 2, "site": 1}, "site": CALM_SITE, **more}
    a_check_in(patient, now=at, observed_at=at, **told)


def a_test_block(patient) -> None:
    ended_at = clock.now() - timedelta(hours=1)
    Procedure.objects.update(kind="diagnostic", ended_at=ended_at)


def nobody_knows_the_baseline(patient) -> None:
    ended_at = clock.now() - timedelta(hours=2)
    Procedure.objects.update(baseline_pain=None, ended_at=ended_at)


def nothing(patient) -> None:
    """The day as the fixture has it."""


def the_advice(page: Page) -> None:
    page.wait_for_url("**/check-in/*-*/")


def today(page: Page) -> None:
    expect(page.locator("#one-tap")).to_have_count(0)


ROWS: list[tuple] = [
    # name, page, before, what is done, where it lands, most taps, most seconds
    ("an uneventful day", "/check-in/", nothing, an_uneventful_day, the_advice, 5, 20),
    ("the same as last time", "/check-in/", told_yesterday, same_as_last_time, the_advice, 3, 14),
    ("a fever", "/check-in/", nothing, a_fever, the_advice, 7, 30),
    ("an uneventful day with a sugar", "/check-in/", nothing, a_sugar, the_advice, 6, 27),
    ("a sugar alone", "/check-in/", nothing, a_sugar_alone, the_advice, 2, 12),
    ("the diary of a test block", "/", a_test_block, one_tap, the_advice, 1, 5),
    ("the pain from before", "/", nobody_knows_the_baseline, one_tap, today, 1, 5),
]


@pytest.mark.parametrize(
    ("name", "path", "before", "act", "lands", "taps", "seconds"),
    ROWS,
    ids=[row[0] for row in ROWS],
)
def test_a_standard_check_in(page: Page, patient, name, path, before, act, lands, taps, seconds):
    before(patient)
    earlier = CheckIn.objects.count()
    page.goto(path)
    hand = Hand(page)
    act(hand)
    hand.tell(name)
    assert hand.taps <= taps
    assert hand.seconds <= seconds
    lands(page)
    page.wait_for_load_state("networkidle")  # nothing is asked of the server any more
    assert CheckIn.objects.count() == earlier + 1


def test_the_same_as_last_time_leaves_what_was_told_now(page, patient):
    told_yesterday(patient, symptoms={"feverish": False, "chills": False, "clammy": False})
    page.goto("/check-in/")
    hand = Hand(page)
    hand.score("usual", 6)
    tick(page, "Chills")
    hand.tap(page.get_by_role("link", name="Same as last time"))
    expect(page.locator("[name=site][value='1']")).to_be_checked()
    expect(page.locator("[name=usual][value='6']")).to_be_checked()
    expect(page.locator("[name=fever]:checked")).to_have_count(1)
    expect(page.locator("[name=fever][value=chills]")).to_be_checked()


def test_an_emergency_takes_one_tap_to_the_call_button(page):
    page.goto("/check-in/")
    hand = Hand(page)
    hand.label("Trouble breathing")
    hand.tell("an emergency, to the call button")
    expect(page.locator("#call-now").get_by_role("link", name="Call 911")).to_be_in_viewport()
    assert hand.taps == 1
