"""What other numbers would have changed over the clinic's recorded courses, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from tracker.access import Staff
from tracker.admin import words
from tracker.clinical.findings import Tier
from tracker.clinical.replay import Raised
from tracker.clinical.what_if import Moved, RuleChange
from tracker.services import looking, what_if
from tracker.services.what_if import Looked

MOST_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Example:
    """One alert of one course that would come, go or move."""

    patient_id: UUID
    name: str
    what: str


@dataclass(frozen=True, slots=True)
class RuleRow:
    rule: str
    title: str
    gained: int
    lost: int
    moved: int
    same: int
    examples: list[Example]


@dataclass(frozen=True, slots=True)
class Tryout:
    rows: list[RuleRow]
    courses: int
    recorded: int
    ran_out: bool
    lost_emergencies: int

    @property
    def is_whole(self) -> bool:
        return self.courses == self.recorded


def tryout(staff: Staff, numbers: Mapping[str, Any], now: datetime) -> Tryout:
    """Let every recorded course happen under the numbers in force, and under these."""
    looked = what_if.look(
        staff=staff,
        numbers=numbers,
        newest=what_if.NEWEST,
        seconds=what_if.LONGEST_WAIT,
        now=now,
    )
    changed = looked.result.changed
    rows = [_row(rule, looked) for rule in changed]
    shown = {each.patient_id for row in rows for each in row.examples}
    if shown:
        looking.listed(staff=staff, name="tryout", patients=shown, now=now)
    lost = [raised for rule in changed for _, raised in rule.lost]
    return Tryout(
        rows=rows,
        courses=looked.result.courses,
        recorded=looked.recorded,
        ran_out=looked.ran_out,
        lost_emergencies=sum(raised.tier == Tier.EMERGENCY for raised in lost),
    )


def _row(rule: RuleChange, looked: Looked) -> RuleRow:
    gone = [(course, f"gone: {_raised(each)}") for course, each in rule.lost]
    new = [(course, f"new: {_raised(each)}") for course, each in rule.gained]
    other = [(course, _moved(each)) for course, each in rule.moved]
    sign = next(
        each.sign for each in (*(r for _, r in rule.lost), *(r for _, r in rule.gained),
                               *(m.after for _, m in rule.moved))
    )  # fmt: skip
    return RuleRow(
        rule=rule.rule,
        title=words.sign_title(rule.rule, sign),
        gained=len(rule.gained),
        lost=len(rule.lost),
        moved=len(rule.moved),
        same=rule.same,
        # What would not have been raised any more stands first.
        examples=[
            Example(looked.patients[course], looked.names[course], what)
            for course, what in [*gone, *new, *other][:MOST_EXAMPLES]
        ],
    )


def _raised(each: Raised) -> str:
    tier = each.tier.wire.replace("_", " ")
    return f"{tier}, {words.moment(timezone.localtime(each.at))}"


def _moved(each: Moved) -> str:
    way = "later" if each.by > timedelta(0) else "earlier"
    return f"{words.duration(abs(each.by))} {way}: {_raised(each.after)}"
