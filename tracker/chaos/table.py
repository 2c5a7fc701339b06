"""The outcome of a trial, for people and for programs."""

from __future__ import annotations

from typing import Any

from tracker.chaos.trial import Outcome
from tracker.chaos.verdict import percentile

SHOWN = 10  # of each kind of failure


def as_json(outcome: Outcome) -> dict[str, Any]:
    verdict = outcome.verdict
    return {
        "good": outcome.is_good,
        "seconds": outcome.seconds,
        "committed": verdict.committed,
        "deliveries": verdict.owed,
        "lost": verdict.lost,
        "doubled_on_the_wire": verdict.doubled_on_the_wire,
        "doubled_visibly": verdict.doubled_visibly,
        "early": verdict.early,
        "after_acknowledgement": verdict.after_acknowledgement,
        "too_late": verdict.too_late,
        "late": {kind: _quantiles(values) for kind, values in sorted(verdict.late.items())},
        "faults": dict(sorted(outcome.faults.items())),
        "settled": outcome.settled,
        "given_up": outcome.given_up,
        "errors": outcome.errors,
    }


def as_text(outcome: Outcome) -> str:
    verdict = outcome.verdict
    share = 100 * verdict.doubled_on_the_wire / max(1, verdict.owed)
    lines = [
        f"committed              {verdict.committed} (messages owed: {verdict.owed})",
        f"lost                   {len(verdict.lost)}",
        f"doubled on the wire    {verdict.doubled_on_the_wire} ({share:.2f} %)",
        f"doubled visibly        {len(verdict.doubled_visibly)}",
        f"early                  {len(verdict.early)}",
        f"after acknowledgement  {len(verdict.after_acknowledgement)}",
        f"too late               {len(verdict.too_late)}",
    ]
    for kind, values in sorted(verdict.late.items()):
        q = _quantiles(values)
        lines.append(
            f"late, {kind.lower():16} p50 {q['p50']:.2f}  p99 {q['p99']:.2f}  max {q['max']:.2f} s"
            f"  of {len(values)}"
        )
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.faults.items()))
    lines.append(f"faults                 {sum(outcome.faults.values())}: {told or 'none'}")
    if outcome.given_up:
        lines.append(f"never answered         {outcome.given_up} (the patient knows)")
    if not outcome.settled:
        lines.append("The product had not done everything that was due when the time was over.")
    for name in ("lost", "doubled_visibly", "early", "after_acknowledgement", "too_late"):
        lines += [f"  {name}: {each}" for each in getattr(verdict, name)[:SHOWN]]
    lines += [f"  error: {each}" for each in outcome.errors[:SHOWN]]
    return "\n".join(lines)


def _quantiles(values: list[float]) -> dict[str, float]:
    named = {"p50": 0.5, "p99": 0.99, "max": 1.0}
    return {name: round(percentile(values, share), 3) for name, share in named.items()}
