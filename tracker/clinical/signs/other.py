"""Allergy, fainting, bleeding, headache, flushing, and whatever nobody asked about."""

from __future__ import annotations

from ..course import Moment
from ..findings import Absent, Finding, Present, Tier, because
from ..protocol import Protocol


def rash(moment: Moment, protocol: Protocol) -> Finding:
    reported = moment.reported(("hives", "itching"))
    if not reported:
        return Absent()
    return Present(Tier.CALL_TODAY, because("reported", symptoms=reported))


def fainted(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("faint",)):
        return Absent()
    return Present(Tier.CALL_TODAY, because("reported", symptoms=["faint"]))


def soaked_bandage(moment: Moment, protocol: Protocol) -> Finding:
    if moment.says("bleeding") != "soaking":
        return Absent()
    return Present(Tier.CALL_TODAY, because("soaked"))


def severe_headache(moment: Moment, protocol: Protocol) -> Finding:
    if moment.says("headache") != "severe":
        return Absent()
    return Present(Tier.CALL_TODAY, because("headache"))


def unexpected(moment: Moment, protocol: Protocol) -> Finding:
    if moment.reported(("palpitations",)):
        # Nobody asked how urgent this is: what can wait is the other thing.
        return Present(Tier.CALL_TODAY, because("reported", symptoms=["palpitations"]))
    other = moment.reading.other
    if other is None:
        return Absent()
    if other.urgency == "can_wait":
        return Present(Tier.WATCH, because("other_can_wait"))
    phrase = "other_today" if other.urgency == "today" else "other_unsure"
    return Present(Tier.CALL_TODAY, because(phrase))


def flush(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("facial_flush",)) or moment.reported(("hives",)):
        return Absent()
    return Present(Tier.INFO, because("reported", symptoms=["facial_flush"]))
