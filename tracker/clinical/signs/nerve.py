"""Numbness and weakness: expected while the numbing medicine works, not afterwards."""

from __future__ import annotations

from ..course import Moment
from ..findings import Absent, Finding, Present, Tier, because
from ..protocol import Protocol


def numb_leg(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("leg_numbness",)) or moment.hours < protocol.weak_h:
        return Absent()
    reason = because("leg_numb_late", hours=moment.hours, limit=protocol.weak_h)
    return Present(Tier.CALL_TODAY, reason, limit=f"{protocol.weak_h} h")


def numb_skin(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("area_numbness",)) or moment.hours < protocol.area_numb_h:
        return Absent()
    reason = because("skin_numb_late", hours=moment.hours, limit=protocol.area_numb_h)
    return Present(Tier.CALL_TODAY, reason, limit=f"{protocol.area_numb_h} h")


def early_leg(moment: Moment, protocol: Protocol) -> Finding:
    if moment.hours >= protocol.weak_h:
        return Absent()
    signs = moment.reported(("leg_numbness",))
    if moment.says("leg_weakness") == "mild":
        signs.append("leg_weakness=mild")
    if not signs:
        return Absent()
    reason = because("leg_early", symptoms=signs, limit=protocol.weak_h)
    return Present(Tier.WATCH, reason, limit=f"{protocol.weak_h} h")


def early_skin(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("area_numbness",)) or moment.hours >= protocol.area_numb_h:
        return Absent()
    return Present(Tier.INFO, because("skin_early", limit=protocol.area_numb_h))
