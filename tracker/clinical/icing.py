"""Ice: 20 minutes on, then at least 20 minutes off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .course import PatientFacts
from .wall_clock import Hours


@dataclass(slots=True, frozen=True)
class IceRules:
    """How long ice stays on and off; offers are every 2 hours awake, at most 6 a day, for 24 h.

    Offers go on to 72 h on request. Who asks for ice later gets it at any time: from then on it is
    ice or heat, as the clinic says.
    """

    on: timedelta = timedelta(minutes=20)
    off: timedelta = timedelta(minutes=20)
    offer_every: timedelta = timedelta(hours=2)
    offers_a_day: int = 6
    offer_for: timedelta = timedelta(hours=24)
    on_request_for: timedelta = timedelta(hours=72)
    offer_from: time = time(8)
    offer_until: time = time(21)


@dataclass(slots=True)
class IceTime:
    """One use of ice; `stopped_at` is None while nobody has said that it came off."""

    started_at: datetime
    stopped_at: datetime | None = None


@dataclass(slots=True)
class IceStarted:
    """Go ahead: when the ice comes off, and when it may go on again."""

    off_at: datetime
    again_at: datetime


@dataclass(slots=True)
class IceTooSoon:
    """Not yet: when ice may go on again."""

    next_allowed_at: datetime


@dataclass(slots=True)
class IceBlocked:
    """Not for this patient without asking the clinic."""


RULES = IceRules()


def start_ice(
    earlier: Sequence[IceTime], at: datetime, patient: PatientFacts, rules: IceRules = RULES
) -> IceStarted | IceTooSoon | IceBlocked:
    """Answer a patient who wants to put ice on now."""
    if patient.ice_contraindicated:
        return IceBlocked()
    at = at.astimezone(UTC)
    next_allowed_at = max((_again_at(ice, rules) for ice in earlier), default=at)
    if at < next_allowed_at:
        return IceTooSoon(next_allowed_at)
    return IceStarted(at + rules.on, at + rules.on + rules.off)


def offers(
    ended_at: datetime, hours: Hours, lasting: timedelta, rules: IceRules = RULES
) -> list[datetime]:
    """When to offer ice after a procedure, in UTC: so often by the clock, and only awake."""
    ended_at = ended_at.astimezone(UTC)
    offered: list[datetime] = []
    a_day: Counter[date] = Counter()
    for number in range(1, lasting // rules.offer_every + 1):
        at = ended_at + number * rules.offer_every
        local = at.astimezone(hours.zone)
        awake = rules.offer_from <= local.time() < rules.offer_until and not hours.are_quiet(at)
        if awake and a_day[local.date()] < rules.offers_a_day:
            a_day[local.date()] += 1
            offered.append(at)
    return offered


def _again_at(ice: IceTime, rules: IceRules) -> datetime:
    off_at = ice.started_at.astimezone(UTC) + rules.on
    if ice.stopped_at is not None:
        # A stop that was logged late does not keep the ice away longer than the timer did.
        off_at = min(off_at, ice.stopped_at.astimezone(UTC))
    return off_at + rules.off
