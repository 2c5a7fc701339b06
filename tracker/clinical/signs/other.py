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
    others = (reading.other for reading in moment.together if reading.other)
    other = moment.reading.other or next(others, None)
    palpitations = bool(moment.reported(("palpitations",)))
    if other is None and not palpitations:
        return Absent()
    can_wait = other is not None and other.urgency == "can_wait"
    phrase = "palpitations" if palpitations else "other_can_wait" if can_wait else "other_today"
    return Present(Tier.WATCH if can_wait else Tier.CALL_TODAY, because(phrase))


def flush(moment: Moment, protocol: Protocol) -> Finding:
    if not moment.reported(("facial_flush",)) or moment.reported(("hives",)):
        return Absent()
    return Present(Tier.INFO, because("reported", symptoms=["facial_flush"]))
