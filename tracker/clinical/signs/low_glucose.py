"""Blood sugar that is too low: once, again within a day, or dangerously."""

from __future__ import annotations

from ..course import Moment
from ..findings import Absent, Finding, Present, Reason, Tier, Unknown, because
from ..protocol import Protocol
from ..quantities import Glucose
from .glucose import sugars_since


def very_low(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if protocol.g_vlow.reached_by(sugar):
        return Absent()
    limit = protocol.g_vlow.within(sugar.unit)
    return Present(Tier.EMERGENCY, _below(sugar, limit), limit=str(limit))


def low_again(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if protocol.g_low.reached_by(sugar) or not _low_before(moment, protocol):
        return Absent()
    limit = protocol.g_low.within(sugar.unit)
    reason = because("sugar_low_again", value=sugar, limit=limit, hours=protocol.g_low_again_h)
    return Present(Tier.CALL_TODAY, reason, limit=str(limit))


def _low_before(moment: Moment, protocol: Protocol) -> bool:
    since_h = moment.hours - protocol.g_low_again_h
    return any(not protocol.g_low.reached_by(sugar) for sugar in sugars_since(moment, since_h))


def low_once(moment: Moment, protocol: Protocol) -> Finding:
    sugar = moment.reading.glucose
    if sugar is None:
        return Unknown("glucose")
    if protocol.g_low.reached_by(sugar):
        return Absent()
    limit = protocol.g_low.within(sugar.unit)
    return Present(Tier.WATCH, _below(sugar, limit), limit=str(limit))


def _below(sugar: Glucose, limit: object) -> Reason:
    return because("sugar_low", value=sugar, limit=limit)
