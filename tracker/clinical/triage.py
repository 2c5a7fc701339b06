"""What to do with a finding, given the alert that stands for its sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from .course import elapsed
from .findings import Measure, Present, Tier
from .protocol import Protocol
from .quantities import PairedLimit, in_unit

Event = Literal["open", "escalate", "reraise", "attach"]
State = Literal["open", "resolved", "closed"]


@dataclass(slots=True)
class Standing:
    """The latest alert of one sign: open, resolved by staff, or closed by a clear recheck.

    `measure` is the value that last notified; `fired_at` is the latest observed time that fired.
    """

    tier: Tier
    state: State = "open"
    resolved_at: datetime | None = None
    measure: Measure | None = None
    fired_at: datetime | None = None


@dataclass(slots=True)
class Decision:
    """One event of an alert: which, whether it notifies, and what to compare with from now on."""

    event: Event
    notify: bool
    opens_new: bool
    measure: Measure | None


def triage(
    standing: Standing | None, finding: Present, *, at: datetime, protocol: Protocol
) -> Decision:
    """Decide between a new alert, a louder one, and joining the one that stands.

    `at` is when the server recorded the finding: quiet time is a deadline, not an observation.
    """
    if standing is None or standing.state == "closed":
        return _open(finding)
    worse = materially_worse(finding.measure, standing.measure, protocol)
    if standing.state == "resolved":
        loud = worse or finding.tier > standing.tier or finding.tier == Tier.EMERGENCY
        if loud or not _quiet(standing, at, protocol):
            return _open(finding)
        return _attach(standing, finding)
    if finding.tier > standing.tier:
        # Chills after 37.9 bring no value: 37.9 stays the one to beat.
        return Decision("escalate", True, False, finding.measure or standing.measure)
    if finding.tier == standing.tier and worse:
        return Decision("reraise", True, False, finding.measure)
    return _attach(standing, finding)


def in_new_words(standing: Standing, finding: Present) -> Decision:
    """What to do about something unexpected in words that were not written before.

    Words cannot be compared: what joined in silence would be read by nobody. Only what can wait
    joins an alert that asks for more, and is read with it.
    """
    if standing.state != "open":
        return _open(finding)
    if finding.tier < standing.tier:
        return _attach(standing, finding)
    return Decision("reraise", True, False, finding.measure)


def _open(finding: Present) -> Decision:
    return Decision("open", True, True, finding.measure)


def _attach(standing: Standing, finding: Present) -> Decision:
    # An alert that opened without a value (chills, no thermometer) takes the first one that joins;
    # otherwise nothing could ever be materially worse than it.
    return Decision("attach", False, False, standing.measure or finding.measure)


def _quiet(standing: Standing, at: datetime, protocol: Protocol) -> bool:
    if standing.resolved_at is None:
        return False
    return elapsed(standing.resolved_at, at) < timedelta(hours=protocol.quiet_h)


def materially_worse(new: Measure | None, old: Measure | None, protocol: Protocol) -> bool:
    """Whether a value is worse than the one that last notified by enough to notify again."""
    if new is None or old is None or new.kind != old.kind:
        return False
    old_value = in_unit(old.value, old.unit, new.unit) if new.unit != old.unit else old.value
    if new.value <= old_value:
        return False
    if new.kind == "glucose" and _crosses(protocol.g_vhigh, new, old):
        return True
    return new.value - old_value >= _steps(protocol)[new.kind].numbers[new.unit]


def _crosses(line: PairedLimit, new: Measure, old: Measure) -> bool:
    return old.value < line.numbers[old.unit] and new.value >= line.numbers[new.unit]


def _steps(protocol: Protocol) -> Mapping[str, PairedLimit]:
    return {
        "temperature": protocol.worse_temperature,
        "glucose": protocol.g_delta,
        "pain": PairedLimit({"1": Decimal(protocol.mcid)}),
        "grade": PairedLimit({"1": Decimal(1)}),
    }


def closes(standing: Standing, cleared_at: datetime | None) -> bool:
    """Whether a clear recheck closes the alert: only a watch, and never one that fired later."""
    if standing.state != "open" or standing.tier > Tier.WATCH or cleared_at is None:
        return False
    return standing.fired_at is None or cleared_at >= standing.fired_at


def after(standing: Standing | None, finding: Present, decision: Decision) -> Standing:
    """The alert as it stands once the decision was carried out."""
    if standing is None or decision.opens_new:
        return Standing(finding.tier, measure=decision.measure, fired_at=finding.observed_at)
    times = [at for at in (standing.fired_at, finding.observed_at) if at is not None]
    return Standing(
        max(standing.tier, finding.tier) if standing.state == "open" else standing.tier,
        standing.state,
        standing.resolved_at,
        decision.measure,
        max(times, default=None),
    )
