"""Pain: the treated pain and the soreness of the needle site, each with its own record."""

from __future__ import annotations

from ..course import Moment, Pain, Reading
from ..findings import Absent, Finding, Present, Tier, Unknown, because, score
from ..protocol import Protocol

WORST = 10
USUAL, SITE = "pain.usual", "pain.site"


def severe_usual(moment: Moment, protocol: Protocol) -> Finding:
    pain = moment.reading.pain
    if pain is None or pain.usual is None:
        return Unknown(USUAL)
    baseline = moment.course.baseline_pain
    new = baseline is None or pain.usual >= baseline + protocol.mcid or pain.worse_than_before
    return _severe(pain, protocol, USUAL, pain.usual) if new else Absent()


def severe_site(moment: Moment, protocol: Protocol) -> Finding:
    pain = moment.reading.pain
    if pain is None or pain.site is None:
        return Unknown(SITE)
    return _severe(pain, protocol, SITE, pain.site)


def _severe(pain: Pain, protocol: Protocol, item: str, value: int) -> Finding:
    # Below the top of the scale silence about the medicine is not taken for "it does not help".
    helped = pain.controlled is True or (pain.controlled is None and value < WORST)
    if value < protocol.severe or helped:
        return Absent()
    reason = because("pain_severe", item=[item], value=value, limit=protocol.severe)
    return Present(Tier.CALL_TODAY, reason, score(value), f"{protocol.severe} of 10")


def persisting_usual(moment: Moment, protocol: Protocol) -> Finding:
    value = _usual(moment.reading)
    limit = _usual_limit(moment, protocol)
    if value is None or limit is None:
        return Unknown(USUAL if value is None else "baseline pain")
    return _persisting(moment, protocol, USUAL, value, limit)


def persisting_site(moment: Moment, protocol: Protocol) -> Finding:
    value = _site(moment.reading)
    if value is None:
        return Unknown(SITE)
    return _persisting(moment, protocol, SITE, value, protocol.moderate)


def _persisting(moment: Moment, protocol: Protocol, item: str, value: int, limit: int) -> Finding:
    if moment.hours <= protocol.persist_h or value < limit:
        return Absent()
    again = _was_high_before(moment, protocol, item, limit)
    phrase = "pain_persists" if again else "pain_lasts"
    reason = because(phrase, item=[item], value=value, limit=limit, hours=protocol.persist_h)
    tier = Tier.CALL_TODAY if again else Tier.WATCH
    return Present(tier, reason, score(value), f"{limit} of 10 after {protocol.persist_h} h")


def _was_high_before(moment: Moment, protocol: Protocol, item: str, limit: int) -> bool:
    """Whether an answer at least 12 hours ago, after the quiet days, was as high."""
    score_of = _usual if item == USUAL else _site
    earlier = (
        score_of(reading)
        for hours, reading in moment.earlier(protocol.persist_h)
        if hours > protocol.persist_h and moment.hours - hours >= protocol.persist_gap_h
    )
    return any(value is not None and value >= limit for value in earlier)


def rising(moment: Moment, protocol: Protocol) -> Finding:
    value = _site(moment.reading)
    if value is None:
        return Unknown(SITE)
    if moment.hours < protocol.rise_h or value < protocol.moderate:
        return Absent()
    earlier = [_site(reading) for _, reading in moment.earlier(protocol.rise_from_h)]
    lowest = min((site for site in earlier if site is not None), default=value)
    if value < lowest + protocol.mcid:
        return Absent()
    reason = because("pain_rises", item=[SITE], value=value, lowest=lowest)
    return Present(Tier.CALL_TODAY, reason, score(value), f"{lowest} + {protocol.mcid}")


def flare_usual(moment: Moment, protocol: Protocol) -> Finding:
    value, limit = _usual(moment.reading), _usual_limit(moment, protocol)
    if value is None or limit is None:
        return Unknown(USUAL if value is None else "baseline pain")
    return _flare(moment, protocol, USUAL, value, limit)


def flare_site(moment: Moment, protocol: Protocol) -> Finding:
    value = _site(moment.reading)
    if value is None:
        return Unknown(SITE)
    return _flare(moment, protocol, SITE, value, protocol.moderate)


def _flare(moment: Moment, protocol: Protocol, item: str, value: int, limit: int) -> Finding:
    if moment.hours > protocol.persist_h or value < limit:
        return Absent()
    reason = because("pain_flare", item=[item], value=value, limit=limit, hours=protocol.persist_h)
    return Present(Tier.WATCH, reason, score(value), f"{limit} of 10")


def soreness(moment: Moment, protocol: Protocol) -> Finding:
    value = _site(moment.reading)
    if value is None:
        return Unknown(SITE)
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
