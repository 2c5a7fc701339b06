"""Pain: the treated pain and the soreness of the needle site, each with its own record."""

from __future__ import annotations

from ..course import Moment, Reading
from ..findings import Absent, Finding, Present, Reason, Tier, Unknown, because, score
from ..protocol import Protocol

WORST = 10


def severe_usual(moment: Moment, protocol: Protocol) -> Finding:
    pain = moment.reading.pain
    if pain is None or pain.usual is None:
        return Unknown("pain.usual")
    baseline = moment.course.baseline_pain
    new = baseline is None or pain.usual >= baseline + protocol.mcid or pain.worse_than_before
    return _severe(moment, protocol, pain.usual) if new else Absent()


def severe_site(moment: Moment, protocol: Protocol) -> Finding:
    pain = moment.reading.pain
    if pain is None or pain.site is None:
        return Unknown("pain.site")
    return _severe(moment, protocol, pain.site)


def _severe(moment: Moment, protocol: Protocol, value: int) -> Finding:
    pain = moment.reading.pain
    controlled = pain.controlled if pain is not None else None
    # Below the top of the scale silence about the medicine is not taken for "it does not help".
    helped = controlled is True or (controlled is None and value < WORST)
    if value < protocol.severe or helped:
        return Absent()
    reason = because("pain_severe", value=value, limit=protocol.severe)
    return Present(Tier.CALL_TODAY, reason, score(value), f"{protocol.severe} of 10")


def persisting_usual(moment: Moment, protocol: Protocol) -> Finding:
    value = _usual(moment.reading)
    limit = _usual_limit(moment, protocol)
    if value is None or limit is None:
        return Unknown("pain.usual" if value is None else "baseline pain")
    if moment.hours <= protocol.persist_h or value < limit:
        return Absent()
    again = any(
        _again(_usual(reading), limit, moment.hours - hours, protocol)
        for hours, reading in moment.earlier(protocol.persist_h)
        if hours > protocol.persist_h
    )
    return _persisting(protocol, value, limit, again)


def persisting_site(moment: Moment, protocol: Protocol) -> Finding:
    value, limit = _site(moment.reading), protocol.moderate
    if value is None:
        return Unknown("pain.site")
    if moment.hours <= protocol.persist_h or value < limit:
        return Absent()
    again = any(
        _again(_site(reading), limit, moment.hours - hours, protocol)
        for hours, reading in moment.earlier(protocol.persist_h)
        if hours > protocol.persist_h
    )
    return _persisting(protocol, value, limit, again)


def _again(value: int | None, limit: int, apart_h: float, protocol: Protocol) -> bool:
    return value is not None and value >= limit and apart_h >= protocol.persist_gap_h


def _persisting(protocol: Protocol, value: int, limit: int, again: bool) -> Present:
    phrase = "pain_persists" if again else "pain_lasts"
    reason = because(phrase, value=value, limit=limit, hours=protocol.persist_h)
    tier = Tier.CALL_TODAY if again else Tier.WATCH
    return Present(tier, reason, score(value), f"{limit} of 10 after {protocol.persist_h} h")


def rising(moment: Moment, protocol: Protocol) -> Finding:
    value = _site(moment.reading)
    if value is None:
        return Unknown("pain.site")
    if moment.hours < protocol.rise_h or value < protocol.moderate:
        return Absent()
    earlier = [_site(reading) for _, reading in moment.earlier(protocol.rise_from_h)]
    lowest = min((site for site in earlier if site is not None), default=value)
    if value < lowest + protocol.mcid:
        return Absent()
    reason = because("pain_rises", value=value, lowest=lowest)
    return Present(Tier.CALL_TODAY, reason, score(value), f"{lowest} + {protocol.mcid}")


def flare_usual(moment: Moment, protocol: Protocol) -> Finding:
    value, limit = _usual(moment.reading), _usual_limit(moment, protocol)
    if value is None or limit is None:
        return Unknown("pain.usual" if value is None else "baseline pain")
    return _flare(moment, protocol, value, limit)


def flare_site(moment: Moment, protocol: Protocol) -> Finding:
    value = _site(moment.reading)
    if value is None:
        return Unknown("pain.site")
    return _flare(moment, protocol, value, protocol.moderate)


def _flare(moment: Moment, protocol: Protocol, value: int, limit: int) -> Finding:
    if moment.hours > protocol.persist_h or value < limit:
        return Absent()
    reason: Reason = because("pain_flare", value=value, limit=limit, hours=protocol.persist_h)
    return Present(Tier.WATCH, reason, score(value), f"{limit} of 10")


def soreness(moment: Moment, protocol: Protocol) -> Finding:
    value = _site(moment.reading)
    if value is None:
        return Unknown("pain.site")
    if not 0 < value < protocol.moderate:
        return Absent()
    return Present(Tier.INFO, because("soreness", value=value), score(value))


def _usual(reading: Reading) -> int | None:
    return reading.pain.usual if reading.pain is not None else None


def _site(reading: Reading) -> int | None:
    return reading.pain.site if reading.pain is not None else None


def _usual_limit(moment: Moment, protocol: Protocol) -> int | None:
    baseline = moment.course.baseline_pain
    return None if baseline is None else baseline + protocol.mcid
