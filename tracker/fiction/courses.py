"""Made-up courses after a block: what a patient would answer, hour by hour. Values only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

Answers = dict[str, Any]

FIRST_WEEKS = 14
"""Days with a daily check-in; after them one a week."""
MISSED = 0.12
"""How many of the days even a reliable patient lets pass."""
FEVER_DAYS = 4
RARE_SIGNS = [
    {"headache": "moderate"},
    {"facial_flush": True},
    {"leg_numbness": True},
    {"leg_weakness": "mild"},
    {"nausea": True, "vomiting": True},
]
REMARKS = [
    ("My foot tingles when I sit.", "unsure"),
    ("May I go back to the pool?", "can_wait"),
    ("I slept badly because of the needle site.", "can_wait"),
    ("My hip clicks since yesterday.", "today"),
]
NOTHING_NOW: Answers = {
    "dyspnea": False,
    "chest_pain": False,
    "face_swelling": False,
    "saddle_numbness": False,
    "bladder_loss": False,
    "faint": False,
}


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers. Hours count from the end of the procedure."""

    baseline: int
    diabetes: bool
    celsius: bool
    first_evening: float
    """Hours from the end of the procedure to the first check-in, in the evening of that day."""


@dataclass(frozen=True, slots=True)
class Day:
    """One check-in: how the treated pain and the needle site are, and what else there is."""

    usual: int
    site: int
    redness: int = 0
    swelling: int = 0
    celsius: float | None = None
    symptoms: Answers | None = None


Story = Callable[[Person, int, Random], Day | None]
"""What a patient of this story answers on a day; None when they do not answer."""


def healing(person: Person, day: int, random: Random) -> Day:
    """Better from the first evening, a little more each day."""
    usual = max(1, round(person.baseline * (0.5 if day < 3 else 0.3)) + random.randint(-1, 1))
    return Day(usual, max(0, 3 - day))


def flare(person: Person, day: int, random: Random) -> Day:
    """A day or two worse than before, then better: what a steroid may do."""
    if day in (1, 2):
        return Day(min(9, person.baseline + random.randint(0, 1)), 4)
    return healing(person, day, random)


def no_relief(person: Person, day: int, random: Random) -> Day:
    """The pain is back when the numbing wears off, and stays."""
    usual = max(1, person.baseline - 3) if day == 0 else person.baseline + random.choice((-1, 0))
    return Day(min(10, usual), max(0, 3 - day))


def lasting_soreness(person: Person, day: int, random: Random) -> Day:
    """The site hurts beyond a few days."""
    return Day(max(1, person.baseline - 2), 5 if day < 7 else 2)


def infection(person: Person, day: int, random: Random) -> Day:
    """Calm at first, then red, swollen and warm, with a fever."""
    if not 3 <= day < 3 + FEVER_DAYS:
        return healing(person, day, random)
    fever = round(random.uniform(38.0, 38.9), 1) if day < 5 else 37.4
    return Day(max(2, person.baseline - 3), 5, redness=2, swelling=1, celsius=fever)


def bruised(person: Person, day: int, random: Random) -> Day:
    """Some swelling at the site, gone within the week."""
    return Day(max(1, person.baseline - 4), max(1, 4 - day), swelling=1 if day < 4 else 0)


def silent(person: Person, day: int, random: Random) -> Day | None:
    """Answers for a day or two, and then no more."""
    return healing(person, day, random) if day < 2 else None


def another_sign(person: Person, day: int, random: Random) -> Day:
    """Heals, but for one day on which something else is there."""
    calm = healing(person, day, random)
    return Day(calm.usual, calm.site, symptoms=random.choice(RARE_SIGNS)) if day == 2 else calm


def emergency(person: Person, day: int, random: Random) -> Day:
    """Trouble breathing on the first evening; well again afterwards."""
    calm = healing(person, day, random)
    return Day(calm.usual, calm.site, symptoms={"dyspnea": True}) if day == 0 else calm


STORIES: list[tuple[Story, int]] = [
    (healing, 48),
    (flare, 12),
    (no_relief, 9),
    (lasting_soreness, 6),
    (infection, 5),
    (bruised, 7),
    (silent, 7),
    (another_sign, 4),
    (emergency, 2),
]
"""Each with how many of a hundred patients it is about: a guess, made so that each is seen."""


def check_ins(
    person: Person, story: Story, days: int, random: Random
) -> Iterator[tuple[float, Answers]]:
    """Give hours since the procedure and answers, for so many days from its evening on."""
    for day in _days_asked(days):
        told = story(person, day, random)
        if told is None or (day > 0 and random.random() < MISSED):
            continue
        hours = person.first_evening + day * 24 + random.uniform(-0.5, 1.5)
        yield hours, _answers(person, day, told, random)


def _days_asked(days: int) -> Iterator[int]:
    yield from range(min(days, FIRST_WEEKS) + 1)
    yield from range(FIRST_WEEKS + 7, days + 1, 7)


def _answers(person: Person, day: int, told: Day, random: Random) -> Answers:
    answers: Answers = {
        "pain": {"usual": told.usual, "site": told.site, "controlled": told.usual < 8},
        "symptoms": {**NOTHING_NOW, **(told.symptoms or {})},
    }
    if day < FIRST_WEEKS:
        answers["site"] = _site(day, told)
    if told.celsius is not None:
        answers["temperature"] = _temperature(told.celsius, person)
    if person.diabetes and day < 7:
        answers["glucose"] = {"value": str(_glucose(day, random)), "unit": "mg/dL"}
    if random.random() < 0.02:
        text, urgency = random.choice(REMARKS)
        answers["other"] = {"text": text, "urgency": urgency}
    return answers


def _site(day: int, told: Day) -> Answers:
    return {
        "redness": told.redness,
        "swelling": told.swelling,
        "warmth": told.redness > 1,
        "drainage": "none",
        "streaks": False,
        "trend": "first" if day == 0 else "worse" if told.redness > 1 else "better",
    }


def _temperature(celsius: float, person: Person) -> Answers:
    if person.celsius:
        return {"value": str(celsius), "unit": "Cel"}
    return {"value": str(round(celsius * 9 / 5 + 32, 1)), "unit": "[degF]"}


def _glucose(day: int, random: Random) -> int:
    """Highest on the first two days after the steroid, in mg/dL."""
    return round(random.gauss(235 if day < 2 else 165, 35))
