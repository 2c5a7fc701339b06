"""Compares what was confirmed to patients with what their phones and the staff's mail received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.chaos.faults import Injected
from tracker.chaos.phones import Sent
from tracker.chaos.push_service import Received
from tracker.chaos.records import Owed, Raised, Records
from tracker.models.alert import AlertTier

LEASE = 15  # seconds
AFTER_ONE_FAULT, WHEN_FAULTS_OVERLAP = 20.0, 40.0  # seconds late at most
IN_FLIGHT = LEASE / 2 + LEASE / 3  # seconds from the last question to the end of a send
TICK = 0.05  # seconds; two clocks are read one after the other
NEVER_STALE = {"PATIENT_ALERT", "STAFF_ALERT", "ICE_OFF"}
"""Ice may be too late to be taken off, but no fault lasts that long."""
ALERT_KINDS = {"PATIENT_ALERT", "STAFF_ALERT"}
NOTIFYING = {"open", "escalate", "reraise"}


@dataclass
class Seen:
    """What happened outside the product."""

    began: float
    committed: list[Sent]
    received: list[Received]
    mail: dict[str, list[float]]
    took: dict[str, float]
    faults: list[Injected]
    steps: list[tuple[float, float]]


@dataclass
class Verdict:
    committed: int = 0
    owed: int = 0
    lost: list[str] = field(default_factory=list)
    doubled_on_the_wire: int = 0
    doubled_visibly: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    after_acknowledgement: list[str] = field(default_factory=list)
    too_late: list[str] = field(default_factory=list)
    late: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_good(self) -> bool:
        wrong = (self.lost, self.doubled_visibly, self.early, self.too_late)
        return not any(wrong) and not self.after_acknowledgement


class Judge:
    def __init__(self, seen: Seen, records: Records) -> None:
        self._seen, self._records = seen, records
        self._arrived = {**_by_tag(seen.received), **seen.mail}
        self._check_ins = {each.id: each for each in seen.committed}
        self.verdict = Verdict(committed=len(seen.committed), owed=len(records.owed))

    def judge(self) -> Verdict:
        for sent in self._seen.committed:
            self._was_kept(sent)
        for owed in self._records.owed:
            self._was_delivered(owed)
        self._count_doubles()
        return self.verdict

    # --- lost ---------------------------------------------------------------------------------

    def _was_kept(self, sent: Sent) -> None:
        if sent.kind == "ice":
            if self._records.timers.get(sent.id) != "SENT":
                self._lose(f"ice {sent.id}: {self._records.timers.get(sent.id, 'no timer')}")
            return
        if not self._records.check_ins.get(sent.id):
            self._lose(f"check-in {sent.id} is gone, or was not assessed")
        raised = [each for each in sent.body["alerts"] if each["event"] in NOTIFYING]
        for alert in raised:
            if alert["id"] not in self._records.alerts:
                self._lose(f"alert {alert['id']} is gone")
        if raised and sent.id not in self._told_of():
            self._lose(f"check-in {sent.id} raised an alert that owes its patient nothing")

    def _told_of(self) -> set[str]:
        causes = self._records.causes
        return {causes[each.cause] for each in self._records.owed if each.cause in causes}

    def _was_delivered(self, owed: Owed) -> None:
        arrived = self._arrived.get(owed.wire_id, [])
        if not arrived:
            self._was_excused(owed)
            return
        first = min(arrived)
        if owed.kind == "STAFF_ALERT" and self._was_taken(owed, max(arrived) - IN_FLIGHT):
            self.verdict.after_acknowledgement.append(owed.key)
        if owed.reminder_due_at is not None:
            due = self._real(owed.reminder_due_at)
            if first < due - TICK:
                self.verdict.early.append(owed.key)
            # Today's hour may have passed before the patient was enrolled.
            self._note_lateness(owed, max(due, self._seen.began), first)
        elif owed.kind in ALERT_KINDS and owed.created_at.timestamp() > self._seen.began:
            self._note_lateness(owed, self._owed_since(owed, first), first)

    def _was_taken(self, owed: Owed, before: float) -> bool:
        """Whether every alert that the message speaks for was acknowledged by then."""
        never = float("inf")
        if any(_froze(each, before) for each in self._seen.faults):
            return False  # what was frozen in the middle of a send goes on with it
        if not self._was_answered(self._records.alerts[owed.alert], owed):
            return False  # it waits again, and this is what tells of that
        spoken_for = {owed.alert, *(each.id for each in self._raised_since(owed))}
        return all(self._seen.took.get(each, never) < before for each in spoken_for)

    def _was_excused(self, owed: Owed) -> None:
        if owed.state == "CANCELLED" and owed.kind == "STAFF_ALERT" and self._is_moot(owed):
            return
        if owed.state == "EXPIRED" and owed.kind not in NEVER_STALE:
            return
        if owed.state == "PENDING" and self._real(owed.due_at) > self._ended_at():
            return
        self._lose(f"{owed.key} never arrived ({owed.state})")

    def _is_moot(self, owed: Owed) -> bool:
        """Whether all that it speaks for was taken since: it, and what was raised with it."""
        same = [each for each in self._raised_since(owed) if each.raised_at == owed.created_at]
        spoken_for = [self._records.alerts[owed.alert], *same]
        return all(self._was_answered(each, owed) for each in spoken_for)

    def _raised_since(self, owed: Owed) -> list[Raised]:
        """Nobody is asked to take what is only watched."""
        return [
            each
            for each in self._records.alerts.values()
            if each.procedure == owed.procedure
            and each.raised_at >= owed.created_at
            and each.tier >= AlertTier.CALL_TODAY
        ]

    def _was_answered(self, alert: Raised, owed: Owed) -> bool:
        """By the order of events: a clock that is stepped tells the times of two in any order."""
        return alert.last_answered > owed.event

    def _ended_at(self) -> float:
        return max((each.answered_at for each in self._seen.committed), default=0.0)

    def _lose(self, what: str) -> None:
        self.verdict.lost.append(what)

    # --- doubled ------------------------------------------------------------------------------

    def _count_doubles(self) -> None:
        self.verdict.doubled_on_the_wire = sum(len(each) - 1 for each in self._arrived.values())
        shown: dict[tuple[str, str], set[str]] = defaultdict(set)
        causes = {each.wire_id: self._about(each) for each in self._records.owed}
        for message in self._seen.received:
            shown[message.endpoint, causes.get(message.tag, message.tag)].add(message.tag)
        self.verdict.doubled_visibly = [
            f"{cause} on {endpoint}" for (endpoint, cause), tags in shown.items() if len(tags) > 1
        ]

    def _about(self, owed: Owed) -> str:
        """What a patient would call the same message."""
        if owed.session:
            return f"{owed.kind} of {owed.session}"
        return self._records.causes.get(owed.cause, owed.cause)

    # --- late ---------------------------------------------------------------------------------

    def _owed_since(self, owed: Owed, arrived: float) -> float:
        check_in = self._check_ins.get(self._records.causes.get(owed.cause, ""))
        if check_in is not None:
            return check_in.committed_at
        return max(each for each in self._moments(owed.created_at) if each <= arrived + TICK)

    def _note_lateness(self, owed: Owed, due: float, arrived: float) -> None:
        late = max(0.0, arrived - due - self._database_was_away(due, arrived))
        self.verdict.late[owed.kind].append(late)
        near = [each for each in self._seen.faults if _touches(each, due, arrived)]
        allowed = AFTER_ONE_FAULT if len(near) < 2 else WHEN_FAULTS_OVERLAP
        if late > allowed:
            kinds = ", ".join(each.kind for each in near)
            self.verdict.too_late.append(f"{owed.key}: {late:.1f} s ({kinds})")

    def _database_was_away(self, since: float, until: float) -> float:
        outages = [each for each in self._seen.faults if each.kind == "database"]
        return sum(max(0.0, min(until, e.ended) - max(since, e.began)) for e in outages)

    def _real(self, told: datetime) -> float:
        """The first moment at which the product's clock, stepped as it was, told that time."""
        return self._moments(told)[0]

    def _moments(self, told: datetime) -> list[float]:
        """Every such moment: a clock that is set back tells some times twice."""
        steps, found = self._seen.steps, []
        ends = [since for since, _ in steps[1:]] + [float("inf")]
        for (since, seconds), until in zip(steps, ends, strict=True):
            moment = told.timestamp() - seconds
            if moment < until and (since <= moment or not found):
                found.append(max(since, moment))
        return found


def _touches(fault: Injected, since: float, until: float) -> bool:
    return fault.began < until and fault.ended + LEASE > since


def _froze(fault: Injected, at: float) -> bool:
    return fault.kind == "freeze" and fault.began < at + IN_FLIGHT and fault.ended > at - IN_FLIGHT


def _by_tag(received: Iterable[Received]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for message in received:
        found[message.tag].append(message.wall)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
