"""Random rounds of cut, lost answer, reload, restart and senders at once: none lost, none doubled.

ROUNDS=1000 tries harder (`make offline-rounds`); SEED repeats what went wrong.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, expect

from tests.e2e.cable import Cable
from tests.e2e.phone_store import eventually, fill_in, records, send, sync, waiting, wake
from tracker.models import CheckIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("ROUNDS", "25"))
SEED = int(os.environ.get("SEED", "1"))
RESTART_EVERY = 25  # rounds; it takes seconds


class Phone:
    """A person's phone on a bad day."""

    def __init__(self, page: Page, start, cable: Cable, dice: random.Random) -> None:
        self.page, self.start, self.cable, self.dice = page, start, cable, dice
        self.happened: Counter[str] = Counter()

    def go(self, path: str) -> None:
        try:
            self.page.goto(path)
        except Error as error:
            # The page was just on its way by itself: to the care card, or to what it stood in for.
            if not any(words in error.message for words in ("interrupted by", "ERR_ABORTED")):
                raise
            self.page.goto(path)

    def check_in(self, number: int) -> None:
        network = self.dice.choice(["up", "down", "down", "lose_answers"])
        self.happened[network] += 1
        getattr(self.cable, "up" if network == "lose_answers" else network)()
        self.go("/check-in/")
        fill_in(self.page, usual=number % 11, text=f"round {number}")
        if network == "lose_answers":
            self.cable.lose_answers()
        send(self.page)
        # Whoever sees one of these was promised something.
        promised = self.page.locator("#saved:not([hidden])").or_(self.page.locator("#sees"))
        expect(promised.first).to_be_visible(timeout=30_000)
        for _ in range(self.dice.randint(0, 3)):
            self.trouble()

    def trouble(self) -> None:
        what = self.dice.choice(
            ["reload", "cut", "mend", "wake", "wake_twice", "sync", "cut_while_sending", "new_tab"]
        )
        self.happened[what] += 1
        getattr(self, what)()

    def reload(self) -> None:
        self.go("/")

    def cut(self) -> None:
        self.cable.down()

    def mend(self) -> None:
        self.cable.up()

    def wake(self) -> None:
        with suppress(Error):  # it is on its way to the care card
            wake(self.page)

    def wake_twice(self) -> None:
        self.cable.up()
        self.wake()
        self.wake()

    def sync(self) -> None:
        self.cable.up()
        sync(self.page, self.cable.url)

    def cut_while_sending(self) -> None:
        self.cable.up()
        self.wake()
        self.page.wait_for_timeout(self.dice.randint(0, 150))
        self.cable.down()

    def new_tab(self) -> None:
        before, self.page = self.page, self.page.context.new_page()
        self.go("/")
        before.close()

    def restart(self) -> None:
        self.happened["restart"] += 1
        self.page = self.start().new_page()
        self.go("/")

    def until_all_is_sent(self) -> bool:
        self.cable.up()
        self.go("/")
        return eventually(self.page, self._is_sent)

    def _is_sent(self) -> bool:
        with suppress(Error):
            wake(self.page)
            return waiting(self.page) == 0
        return False


def test_rounds_of_cuts_lose_nothing_and_double_nothing(phone, start, cable):
    dice = random.Random(SEED)
    person = Phone(phone, start, cable, dice)
    for number in range(ROUNDS):
        person.check_in(number)
        if number % RESTART_EVERY == RESTART_EVERY - 1:
            person.restart()
    assert person.until_all_is_sent(), records(person.page).keys()

    arrived = Counter(
        row["other"]["text"] for row in CheckIn.objects.values_list("answers", flat=True)
    )
    lost = [number for number in range(ROUNDS) if not arrived[f"round {number}"]]
    doubled = {words: times for words, times in arrived.items() if times > 1}
    print(
        f"\n{ROUNDS} rounds, seed {SEED}: {dict(person.happened)}; lost {lost}, doubled {doubled}"
    )
    assert (lost, doubled) == ([], {})
