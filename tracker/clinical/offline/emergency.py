"""The emergency screen, as lines that a phone can judge."""

from __future__ import annotations

from ..findings import Tier
from ..signs import emergency as rules
from .conditions import (
    any_yes,
    below,
    every,
    from_h,
    number,
    reaches,
    says,
    some,
    until_h,
    yes,
)
from .scene import Line, Scene

NOW = Tier.EMERGENCY
SEVERE_HEADACHE = says("headache", "severe")


def breath(scene: Scene) -> list[Line]:
    return _reported(rules.BREATH)


def chest(scene: Scene) -> list[Line]:
    return _reported(rules.CHEST)


def neuro(scene: Scene) -> list[Line]:
    return _reported(rules.NEURO)


def _reported(symptoms: tuple[str, ...]) -> list[Line]:
    return [Line(NOW, any_yes(*symptoms), "reported", symptoms=symptoms)]


def anaphylaxis(scene: Scene) -> list[Line]:
    with_hives = every(yes("hives"), any_yes(*rules.WITH_HIVES))
    return [
        *_reported(("face_swelling",)),
        Line(NOW, with_hives, "together", symptoms=("hives", *rules.WITH_HIVES)),
    ]


def cauda(scene: Scene) -> list[Line]:
    dry, limit = "urinary_retention_h", scene.protocol.retention_h
    facts: dict[str, object] = {"limit": limit, "hours": "{value}"}
    return [
        *_reported(tuple(item for item in rules.CAUDA if item != dry)),
        Line(NOW, number(dry, limit), "no_urine", facts, (dry,)),
    ]


def weak_leg(scene: Scene) -> list[Line]:
    limit = scene.protocol.weak_h
    late = every(says("leg_weakness", "mild"), from_h(limit))
    return [
        Line(NOW, says("leg_weakness", "severe"), "leg_severe"),
        Line(NOW, late, "leg_weak_late", {"limit": limit}),
    ]


def local_anesthetic(scene: Scene) -> list[Line]:
    facts: dict[str, object] = {"limit": scene.protocol.last_h}
    soon = until_h(scene.protocol.last_h)
    two = some(*map(yes, rules.LAST), at_least=2)
    return [
        Line(NOW, every(two, soon), "soon_after", facts, rules.LAST),
        Line(Tier.CALL_TODAY, every(any_yes(*rules.LAST), soon), "soon_after", facts, rules.LAST),
    ]


def bad_faint(scene: Scene) -> list[Line]:
    hours, fainted = scene.protocol.lookback_h, any_yes(*rules.FAINTED)
    ways = scene.pair(
        ("faint", fainted), {"faint_recovered": says("faint_recovered", False)}, hours
    )
    facts: dict[str, object] = {"limit": hours}
    return [
        Line(NOW, every(fainted, any_yes(*rules.HURT)), "together", {}, rules.HURT, ("faint",)),
        *(Line(NOW, when, "within", facts, also=("faint", "not_recovered")) for when, _, _ in ways),
    ]


def bleeding(scene: Scene) -> list[Line]:
    return [Line(NOW, says("bleeding", "not_stopping"), "bleeding_on")]


def sepsis(scene: Scene) -> list[Line]:
    protocol = scene.protocol
    fever = reaches("temperature", protocol.sepsis_fever.numbers)
    hot_or_cold = some(fever, below("temperature", protocol.cold.numbers))
    ill = {symptom: yes(symptom) for symptom in rules.ILL}
    ways = [
        *scene.pair(("temperature", hot_or_cold), ill, protocol.lookback_h),
        *scene.pair(("chills", yes("chills")), ill, protocol.lookback_h),
    ]
    facts: dict[str, object] = {"limit": protocol.lookback_h}
    return [Line(NOW, when, "within", facts, now, before) for when, now, before in ways]


def meningism(scene: Scene) -> list[Line]:
    hours = scene.protocol.lookback_h
    others = {
        "temperature": reaches("temperature", scene.protocol.sepsis_fever.numbers),
        "stiff_neck": yes("stiff_neck"),
    }
    return [
        Line(NOW, when, "within", {"limit": hours}, now, before)
        for other, seen in others.items()
        for when, now, before in scene.pair(("headache", SEVERE_HEADACHE), {other: seen}, hours)
    ]
