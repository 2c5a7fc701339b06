"""The skin where the needle went in: redness, swelling, drainage and warmth."""

from __future__ import annotations

from ..course import Moment
from ..findings import Absent, Finding, Present, Reason, Tier, Unknown, because, grade
from ..protocol import Protocol

DRAINAGE_GRADES = {"clear": 1, "pus": 2}


def redness(moment: Moment, protocol: Protocol) -> Finding:
    site = moment.reading.site
    if site is not None and site.streaks:
        return Present(Tier.CALL_TODAY, because("streaks"), grade(site.redness))
    return _graded(moment, protocol, "redness")


def swelling(moment: Moment, protocol: Protocol) -> Finding:
    return _graded(moment, protocol, "swelling")


def _graded(moment: Moment, protocol: Protocol, item: str) -> Finding:
    size = getattr(moment.reading.site, item, None)
    if size is None:
        return Unknown(f"site.{item}")
    if size == 0:
        return Absent()
    call = _reason_to_call(moment, protocol, item, size)
    if call is not None:
        return Present(Tier.CALL_TODAY, call, grade(size))
    return Present(Tier.WATCH, because("site_mild", item=[item]), grade(size))


def _reason_to_call(moment: Moment, protocol: Protocol, item: str, size: int) -> Reason | None:
    hours, trend, named = moment.hours, moment.reading.site and moment.reading.site.trend, [item]
    if size >= 2:
        return because("site_large", item=named)
    if hours > protocol.site_resolve_h:
        return because("site_late", item=named, hours=hours, limit=protocol.site_resolve_h)
    if protocol.site_grace_h == 0:
        return because("site_any", item=named)
    if hours >= protocol.site_worse_h and (trend == "worse" or _grew(moment, item, size)):
        return because("site_worse", item=named, hours=hours, limit=protocol.site_worse_h)
    if hours > protocol.site_grace_h and trend != "better":
        return because("site_not_better", item=named, hours=hours, limit=protocol.site_grace_h)
    return None


def _grew(moment: Moment, item: str, size: int) -> bool:
    """Whether it was smaller at any time since the procedure, whatever the trend word says.

    Not compared with the last grade alone: a grade between, told late, would then take away a
    reason to call that was already given, and the order of arrival would decide
    (docs/adr/0003-any-smaller-grade-is-a-rise.md).
    """
    sizes = (getattr(reading.site, item, None) for _, reading in moment.earlier())
    return any(earlier is not None and earlier < size for earlier in sizes)


def drainage(moment: Moment, protocol: Protocol) -> Finding:
    site = moment.reading.site
    if site is None or site.drainage is None:
        return Unknown("site.drainage")
    measure = grade(DRAINAGE_GRADES.get(site.drainage))
    if site.drainage == "pus":
        return Present(Tier.CALL_TODAY, because("pus"), measure)
    if site.drainage != "clear" or moment.hours <= protocol.clear_fluid_h:
        return Absent()
    reason = because("fluid_late", hours=moment.hours, limit=protocol.clear_fluid_h)
    return Present(Tier.CALL_TODAY, reason, measure, f"{protocol.clear_fluid_h} h")


def warmth(moment: Moment, protocol: Protocol) -> Finding:
    site = moment.reading.site
    if site is None or site.warmth is None:
        return Unknown("site.warmth")
    if not site.warmth or moment.hours <= protocol.warmth_h:
        return Absent()
    reason = because("warm_late", hours=moment.hours, limit=protocol.warmth_h)
    return Present(Tier.CALL_TODAY, reason, grade(site.redness), f"{protocol.warmth_h} h")


def clear_drop(moment: Moment, protocol: Protocol) -> Finding:
    site = moment.reading.site
    if site is None or site.drainage != "clear" or moment.hours > protocol.clear_fluid_h:
        return Absent()
    return Present(Tier.INFO, because("clear_drop", limit=protocol.clear_fluid_h))


def bruise(moment: Moment, protocol: Protocol) -> Finding:
    site = moment.reading.site
    if site is None or not site.bruise:
        return Absent()
    return Present(Tier.INFO, because("bruise"))


def spot_of_blood(moment: Moment, protocol: Protocol) -> Finding:
    site = moment.reading.site
    on_the_bandage = site is not None and site.drainage == "spot"
    if not on_the_bandage and moment.says("bleeding") != "spot":
        return Absent()
    return Present(Tier.INFO, because("spot"))
