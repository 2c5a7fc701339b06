"""What to send about a check-in, and what counts as its answer.

Nothing rings in the patient's quiet hours but a recheck, which answers what was just entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from .course import Reading
from .followup import SOON, Ask, Due, next_of_each
from .wall_clock import Hours, after_quiet_hours, next_quiet

REMIND_AFTER = (timedelta(hours=2), timedelta(hours=6))
STALE_AFTER = timedelta(hours=2)
EARLY = timedelta(hours=1)
"""An answer this long before the question still counts."""
EARLY_IN_A_DIARY = timedelta(minutes=5)
OF_GLUCOSE = {"glucose", "ketones"}
"""Asked for by itself: whoever measures this has not said how they are."""


@dataclass(slots=True, frozen=True)
class Prompt:
    """One message about a check-in: 0 at its moment, 1 and 2 when that was missed."""

    due: Due
    repeat: int
    at: datetime
    expires_at: datetime


def prompts(dues: Sequence[Due], hours: Hours, *, since: datetime, until: datetime) -> list[Prompt]:
    """What to send about the check-ins of that time.

    Each at its moment, and twice more until the same is asked again.
    """
    following = next_of_each(dues)
    near = [due for due in dues if since <= due.at <= until]
    return [prompt for due in near for prompt in _prompts(due, following[due], hours)]


def recheck(due: Due) -> Prompt:
    """The message of a recheck: once, at any hour."""
    return Prompt(due, 0, due.at, due.at + STALE_AFTER)


def _prompts(due: Due, then: Due | None, hours: Hours) -> Iterator[Prompt]:
    over = then.at if then else None
    yield Prompt(due, 0, due.at, _stale(due.at, over, hours))
    if due.ask == "usual_pain":
        return
    repeats = [after_quiet_hours(due.at + wait, hours).astimezone(UTC) for wait in REMIND_AFTER]
    for number, at in enumerate(dict.fromkeys(repeats), start=1):
        if over is None or at + SOON < over:
            yield Prompt(due, number, at, _stale(at, over, hours))


def _stale(at: datetime, over: datetime | None, hours: Hours) -> datetime:
    # One that waited for a sweeper must not ring in the night either.
    ends = [at + STALE_AFTER, over, next_quiet(at, hours)]
    return min(end.astimezone(UTC) for end in ends if end is not None)


def counts_from(due: Due) -> datetime:
    """From when on a check-in counts as the answer: a little before it is asked for."""
    return due.at - (EARLY_IN_A_DIARY if due.ask == "usual_pain" else EARLY)


def is_answered(due: Due, readings: Iterable[Reading]) -> bool:
    """Whether one of these check-ins tells what was asked; a recheck that is due was not made."""
    if due.ask == "recheck":
        return False
    since = counts_from(due)
    return any(r.observed_at >= since and _tells(due.ask, r.items()) for r in readings)


def _tells(ask: Ask, items: set[str]) -> bool:
    if ask == "glucose":
        return "glucose" in items
    if ask == "full":
        return not items <= OF_GLUCOSE
    return "pain.usual" in items
