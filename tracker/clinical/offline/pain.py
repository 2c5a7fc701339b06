"""Pain, as lines that a phone can judge."""

from __future__ import annotations

from ..findings import Tier
from ..signs.pain import SITE, USUAL, WORST
from .conditions import Condition, after_h, every, from_h, no, number, says, some, until_h, yes
from .scene import Line, Scene

CALL, WATCH, INFO = Tier.CALL_TODAY, Tier.WATCH, Tier.INFO


def severe_usual(scene: Scene) -> list[Line]:
    baseline, mcid = scene.course.baseline_pain, scene.protocol.mcid
    if baseline is None:
        return _severe(scene, USUAL)
    new = some(number(USUAL, baseline + mcid), yes("pain.worse_than_before"))
    return _severe(scene, USUAL, new)


def severe_site(scene: Scene) -> list[Line]:
    return _severe(scene, SITE)


def _severe(scene: Scene, item: str, *more: Condition) -> list[Line]:
    severe = scene.protocol.severe
    # Nobody said whether the medicine helps: counts against it only at the top of the scale.
    unsaid = every(number(item, WORST), no(says("pain.controlled", True)))
    helpless = some(says("pain.controlled", False), unsaid)
    when = every(number(item, severe), helpless, *more)
    return [Line(CALL, when, "pain_severe", {"item": [item], "limit": severe}, (item,))]


def persisting_usual(scene: Scene) -> list[Line]:
    limit = _usual_limit(scene)
    return [] if limit is None else _persisting(scene, USUAL, limit)


def persisting_site(scene: Scene) -> list[Line]:
    return _persisting(scene, SITE, scene.protocol.moderate)


def _persisting(scene: Scene, item: str, limit: int) -> list[Line]:
    protocol = scene.protocol
    lasts = every(number(item, limit), after_h(protocol.persist_h))
    facts: dict[str, object] = {"item": [item], "limit": limit, "hours": protocol.persist_h}
    again = scene.long_ago(lasts, protocol.persist_gap_h)
    return [
        *(Line(CALL, every(lasts, before), "pain_persists", facts, (item,)) for before in again),
        Line(WATCH, lasts, "pain_lasts", facts, (item,)),
    ]


def rising(scene: Scene) -> list[Line]:
    protocol = scene.protocol
    earlier = [
        reading.pain.site
        for hours, reading in scene.past()
        if hours >= protocol.rise_from_h and reading.pain and reading.pain.site is not None
    ]
    if not earlier:
        return []
    lowest = min(earlier)
    high = number(SITE, max(protocol.moderate, lowest + protocol.mcid))
    when = every(high, from_h(protocol.rise_h))
    return [Line(CALL, when, "pain_rises", {"item": [SITE], "lowest": lowest}, (SITE,))]


def flare_usual(scene: Scene) -> list[Line]:
    limit = _usual_limit(scene)
    return [] if limit is None else _flare(scene, USUAL, limit)


def flare_site(scene: Scene) -> list[Line]:
    return _flare(scene, SITE, scene.protocol.moderate)


def _flare(scene: Scene, item: str, limit: int) -> list[Line]:
    hours = scene.protocol.persist_h
    when = every(number(item, limit), until_h(hours))
    facts: dict[str, object] = {"item": [item], "limit": limit, "hours": hours}
    return [Line(WATCH, when, "pain_flare", facts, (item,))]


def soreness(scene: Scene) -> list[Line]:
    when = number(SITE, 1, scene.protocol.moderate - 1)
    return [Line(INFO, when, "soreness", {}, (SITE,))]


def _usual_limit(scene: Scene) -> int | None:
    baseline = scene.course.baseline_pain
    return None if baseline is None else baseline + scene.protocol.mcid
