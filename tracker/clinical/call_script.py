"""What to ask and say when staff call about a sign."""

from __future__ import annotations

from dataclasses import dataclass

from .findings import Tier
from .words import en_call


@dataclass(frozen=True, slots=True)
class CallScript:
    """Questions in order, then what to do about it."""

    ask: tuple[str, ...]
    then: str


def call_script(*, rule: str, sign: str, tier: Tier, emergency_number: str) -> CallScript:
    """The script of one sign; a sign that has left the catalogue is asked about openly."""
    first = en_call.FIRST_OF.get(rule, en_call.FIRST[tier.wire])
    ask = en_call.ASK.get(sign, en_call.ASK["other"])
    soon = en_call.EMERGENCY if tier is Tier.EMERGENCY else ""
    return CallScript(
        ask=(*(line.format(emergency=emergency_number) for line in first), *ask),
        then=f"{soon} {en_call.THEN.get(rule, '')}".strip(),
    )
