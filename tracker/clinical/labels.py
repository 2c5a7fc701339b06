"""Compares what a replay led to with what a clinician wrote beside the course."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EXACT = ("alerts", "info", "validation")
CONTAINED = ("reminders", "outcomes")
Row = Mapping[str, Any]


@dataclass(slots=True)
class Difference:
    """One row that is only in the labels (missing) or only in the replay (unexpected)."""

    what: str
    rule: str
    problem: str
    row: Row

    def as_json(self) -> dict[str, Any]:
        return {"in": self.what, "rule": self.rule, "problem": self.problem, "row": dict(self.row)}


def compare(
    result: Mapping[str, Any], expect: Mapping[str, Any], *, repeated: Collection[int] = ()
) -> list[Difference]:
    """Every way in which a replay and its labels differ; nothing when they agree.

    Alerts, info and validation must be equal. Labelled reminders and outcomes must occur; more may.
    An entry that `repeated` an earlier one may be dropped, and then what it attached is not missed.
    """
    differences = []
    for what in (*EXACT, *CONTAINED):
        got, wanted = list(result.get(what, ())), list(expect.get(what, ()))
        missing = [row for row in _only_in(wanted, got) if not _dropped(row, repeated)]
        differences += [_difference(what, "missing", row) for row in missing]
        if what in EXACT:
            differences += [_difference(what, "unexpected", row) for row in _only_in(got, wanted)]
    differences += _forbidden(result, expect.get("must_not", ()))
    return differences + _messages(result, expect.get("notifications"))


def _only_in(rows: Sequence[Row], others: Sequence[Row]) -> list[Row]:
    left = list(others)
    only = []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            only.append(row)
    return only


def _dropped(row: Row, repeated: Collection[int]) -> bool:
    return row.get("entry") in repeated and row.get("event") == "attach"


def _forbidden(result: Mapping[str, Any], tiers: Collection[str]) -> list[Difference]:
    alerts = result.get("alerts", ())
    return [_difference("must_not", "unexpected", row) for row in alerts if row["tier"] in tiers]


def _messages(result: Mapping[str, Any], expected: Row | None) -> list[Difference]:
    if expected is None or result.get("notifications") == expected:
        return []
    return [_difference("notifications", "missing", expected)]


def _difference(what: str, problem: str, row: Row) -> Difference:
    rule = row.get("rule") or row.get("id") or row.get("result") or row.get("type") or what
    return Difference(what, str(rule), problem, row)


def tally(
    pairs: Sequence[tuple[Mapping[str, Any], Sequence[Difference]]],
) -> dict[str, tuple[int, int]]:
    """For each rule, on how many labelled rows the replay agrees and on how many it differs."""
    agree: Counter[str] = Counter()
    differ: Counter[str] = Counter()
    for expect, differences in pairs:
        differ.update(difference.rule for difference in differences)
        rows = [row for what in (*EXACT, *CONTAINED) for row in expect.get(what, ())]
        missed = [difference.row for difference in differences if difference.problem == "missing"]
        agree.update(_difference("", "", row).rule for row in _only_in(rows, missed))
    rules = sorted({*agree, *differ})
    return {rule: (agree[rule], differ[rule]) for rule in rules}
