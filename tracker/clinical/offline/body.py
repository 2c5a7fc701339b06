"""The skin, numbness and the rest, as lines that a phone can judge."""

from __future__ import annotations

from ..findings import Tier
from .conditions import (
    Condition,
    after_h,
    any_yes,
    before_h,
    every,
    from_h,
    no,
    number,
    other,
    says,
    some,
    until_h,
    yes,
)
from .emergency import SEVERE_HEADACHE
from .scene import Line, Scene

CALL, WATCH, INFO = Tier.CALL_TODAY, Tier.WATCH, Tier.INFO
LARGEST = 3


def redness(scene: Scene) -> list[Line]:
    return [Line(CALL, yes("site.streaks"), "streaks"), *_graded(scene, "redness")]


def swelling(scene: Scene) -> list[Line]:
    return _graded(scene, "swelling")


def _graded(scene: Scene, name: str) -> list[Line]:
    protocol, item, named = scene.protocol, f"site.{name}", [name]
    present, resolve_h = number(item, 1), protocol.site_resolve_h
    lines = [
        Line(CALL, number(item, 2), "site_large", {"item": named}),
        Line(
            CALL,
            every(present, after_h(resolve_h)),
            "site_late",
            {"item": named, "limit": resolve_h},
        ),
    ]
    if protocol.site_grace_h == 0:
        return [*lines, Line(CALL, present, "site_any", {"item": named})]
    worse_h, grace_h = protocol.site_worse_h, protocol.site_grace_h
    grown = every(present, from_h(worse_h), some(says("site.trend", "worse"), *_grew(scene, item)))
    stays = every(present, after_h(grace_h), no(says("site.trend", "better")))
    return [
        *lines,
        Line(CALL, grown, "site_worse", {"item": named, "limit": worse_h}),
        Line(CALL, stays, "site_not_better", {"item": named, "limit": grace_h}),
        Line(WATCH, present, "site_mild", {"item": named}),
    ]


def _grew(scene: Scene, item: str) -> list[Condition]:
    """Larger than it was at any time since the procedure."""
    sizes = [size for size in range(LARGEST) if scene.seen(number(item, size, size))]
    return [number(item, sizes[0] + 1)] if sizes else []


def drainage(scene: Scene) -> list[Line]:
    hours = scene.protocol.clear_fluid_h
    late = every(says("site.drainage", "clear"), after_h(hours))
    return [
        Line(CALL, says("site.drainage", "pus"), "pus"),
        Line(CALL, late, "fluid_late", {"limit": hours}),
    ]


def warmth(scene: Scene) -> list[Line]:
    hours = scene.protocol.warmth_h
    when = every(yes("site.warmth"), after_h(hours))
    return [Line(CALL, when, "warm_late", {"limit": hours})]


def clear_drop(scene: Scene) -> list[Line]:
    hours = scene.protocol.clear_fluid_h
    when = every(says("site.drainage", "clear"), until_h(hours))
    return [Line(INFO, when, "clear_drop", {"limit": hours})]


def bruise(scene: Scene) -> list[Line]:
    return [Line(INFO, yes("site.bruise"), "bruise")]


def spot_of_blood(scene: Scene) -> list[Line]:
    return [Line(INFO, some(says("site.drainage", "spot"), says("bleeding", "spot")), "spot")]


def numb_leg(scene: Scene) -> list[Line]:
    hours = scene.protocol.weak_h
    when = every(yes("leg_numbness"), from_h(hours))
    return [Line(CALL, when, "leg_numb_late", {"limit": hours})]


def numb_skin(scene: Scene) -> list[Line]:
    hours = scene.protocol.area_numb_h
    when = every(yes("area_numbness"), from_h(hours))
    return [Line(CALL, when, "skin_numb_late", {"limit": hours})]


def early_leg(scene: Scene) -> list[Line]:
    hours = scene.protocol.weak_h
    when = every(some(yes("leg_numbness"), says("leg_weakness", "mild")), before_h(hours))
    return [Line(WATCH, when, "leg_early", {"limit": hours}, ("leg_numbness", "leg_weakness"))]


def early_skin(scene: Scene) -> list[Line]:
    hours = scene.protocol.area_numb_h
    return [
        Line(INFO, every(yes("area_numbness"), before_h(hours)), "skin_early", {"limit": hours})
    ]


def rash(scene: Scene) -> list[Line]:
    items = ("hives", "itching")
    return [Line(CALL, any_yes(*items), "reported", symptoms=items)]


def fainted(scene: Scene) -> list[Line]:
    return [Line(CALL, yes("faint"), "reported", symptoms=("faint",))]


def soaked_bandage(scene: Scene) -> list[Line]:
    return [Line(CALL, says("bleeding", "soaking"), "soaked")]


def severe_headache(scene: Scene) -> list[Line]:
    return [Line(CALL, SEVERE_HEADACHE, "headache")]


def unexpected(scene: Scene) -> list[Line]:
    return [
        Line(CALL, yes("palpitations"), "reported", symptoms=("palpitations",)),
        Line(CALL, other("today"), "other_today"),
        Line(CALL, other("unsure", None), "other_unsure"),
        Line(WATCH, other("can_wait"), "other_can_wait"),
    ]


def flush(scene: Scene) -> list[Line]:
    when = every(yes("facial_flush"), no(yes("hives")))
    return [Line(INFO, when, "reported", symptoms=("facial_flush",))]
