"""The history of an alert: one row a step, never changed; and which steps may follow which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from tracker.access import Staff
from tracker.models import Alert, AlertEvent, CheckIn
from tracker.models.alert import AlertState, AlertStep

OPEN, TAKEN, RESOLVED = AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.RESOLVED
MOVES: Mapping[AlertStep, Mapping[AlertState, AlertState]] = {
    AlertStep.OPEN: {OPEN: OPEN},
    AlertStep.ESCALATE: {OPEN: OPEN, TAKEN: OPEN},
    AlertStep.RERAISE: {OPEN: OPEN, TAKEN: OPEN},
    AlertStep.ATTACH: {OPEN: OPEN, TAKEN: TAKEN, RESOLVED: RESOLVED},
    AlertStep.LEVEL: {OPEN: OPEN},
    AlertStep.EXHAUSTED: {OPEN: OPEN},
    AlertStep.RETURN: {TAKEN: OPEN},
    AlertStep.ACKNOWLEDGE: {OPEN: TAKEN},
    AlertStep.ATTEMPT: {OPEN: OPEN, TAKEN: TAKEN},
    AlertStep.RESOLVE: {OPEN: RESOLVED, TAKEN: RESOLVED},
    AlertStep.CLEAR: {OPEN: RESOLVED},
    AlertStep.CORRECTED: {OPEN: OPEN, TAKEN: TAKEN},
    AlertStep.NO_GROUND: {OPEN: OPEN, TAKEN: TAKEN},
    AlertStep.HAND_OVER: {OPEN: TAKEN, TAKEN: TAKEN},
    AlertStep.REOPEN: {RESOLVED: OPEN},
    AlertStep.NOTE: {OPEN: OPEN, TAKEN: TAKEN, RESOLVED: RESOLVED},
    AlertStep.ANSWER: {OPEN: OPEN, TAKEN: TAKEN},
    AlertStep.UNSEEN: {OPEN: OPEN},
}
"""Every step, from which states it may be taken, and where it leads."""


class NoSuchMove(Exception):
    """The step is not allowed from where the alert stands: a mistake of ours, nothing is stored."""


def move(alert: Alert, step: AlertStep) -> None:
    """Put an alert where the step leads; the caller saves it."""
    alert.state = _next(AlertState(alert.state), step)


def state_after(steps: Iterable[AlertStep]) -> AlertState:
    """Where an alert with this history stands."""
    state = OPEN
    for step in steps:
        state = _next(state, step)
    return state


def _next(state: AlertState, step: AlertStep) -> AlertState:
    try:
        return MOVES[step][state]
    except KeyError:
        raise NoSuchMove(f"{step} from {state}") from None


def diagram() -> str:
    """The moves between states as a drawing; steps that stay where they are, are left out."""
    lines = ["stateDiagram-v2", "    [*] --> OPEN: opened"]
    for step, ways in MOVES.items():
        label = step.label[0].lower() + step.label[1:].replace(": ", ", ")
        lines += [f"    {old} --> {new}: {label}" for old, new in ways.items() if old != new]
    return "\n".join(lines)


def record_step(
    alert: Alert,
    step: AlertStep,
    now: datetime,
    *,
    staff: Staff | None = None,
    check_in: CheckIn | None = None,
    note: str = "",
    because: str = "",
    again_at: datetime | None = None,
) -> AlertEvent:
    """Append one event to an alert's history."""
    return AlertEvent.objects.create(
        clinic_id=alert.clinic_id,
        alert=alert,
        step=step,
        rule=alert.rule,
        tier=alert.tier,
        check_in=check_in,
        actor=staff.user if staff else None,
        note=note,
        because=because,
        again_at=again_at,
        at=now,
    )
