"""Runs a labelled or recorded course through the same judgements as a live one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from . import assessment, recorded, triage
from .course import Course, PatientFacts, ProcedureFacts, Reading
from .findings import Present, Tier
from .icing import IceBlocked, IceTime, IceTooSoon, start_ice
from .intake import Intake, read_answers
from .outcomes import outcomes
from .protocol import Protocol
from .recorded import PATIENT_KINDS, Entry

NO_ENTRY = -1


@dataclass(slots=True, frozen=True)
class Raised:
    """One event of an alert, at the moment when the server would have recorded it."""

    rule: str
    sign: str
    tier: Tier
    event: triage.Event
    notify: bool
    at: datetime


@dataclass(slots=True)
class Replay:
    """The state of one course while its entries arrive, and what came of them."""

    patient: PatientFacts
    procedure: ProcedureFacts
    protocol: Protocol
    readings: dict[int, Reading] = field(default_factory=dict)
    standing: dict[str, triage.Standing] = field(default_factory=dict)
    handled_at: dict[str, datetime] = field(default_factory=dict)
    ice: list[IceTime] = field(default_factory=list)
    clients: dict[str, int] = field(default_factory=dict)
    alerts: list[dict[str, Any]] = field(default_factory=list)
    raised: list[Raised] = field(default_factory=list)
    info: list[dict[str, Any]] = field(default_factory=list)
    validation: list[dict[str, Any]] = field(default_factory=list)
    reminders: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, int] = field(
        default_factory=lambda: {"patient_messages": 0, "staff_notifications": 0}
    )

    @property
    def course(self) -> Course:
        return Course(self.patient, self.procedure, list(self.readings.values()))

    @property
    def open_signs(self) -> dict[str, Tier]:
        return {sign: each.tier for sign, each in self.standing.items() if each.state == "open"}

    def hours(self, moment: datetime) -> float:
        """Hours since the procedure, to the precision of the labels."""
        return round(self.course.hours_at(moment), 3)


def replay(vignette: Mapping[str, Any], protocol: Protocol) -> dict[str, Any]:
    """Everything that the entries of a vignette lead to, named as its labels name it."""
    patient, procedure = recorded.patient(vignette), recorded.procedure(vignette)
    entries = recorded.entries(vignette, procedure)
    run = fold(patient, procedure, entries, protocol)
    by_entry = {reading.id: n for n, reading in run.readings.items()}
    return {
        "id": vignette.get("id"),
        "alerts": run.alerts,
        "info": run.info,
        "validation": run.validation,
        "reminders": run.reminders,
        "outcomes": [_at_entry(row, by_entry) for row in _outcomes(run, entries)],
        "notifications": run.messages,
    }


def fold(
    patient: PatientFacts,
    procedure: ProcedureFacts,
    entries: Sequence[Entry],
    protocol: Protocol,
    *,
    until: datetime | None = None,
) -> Replay:
    """Let the entries arrive in the order in which they were recorded.

    Time-driven rules run at the entries that are ticks; with `until`, whenever they are due up to
    then, as they do while a patient is followed.
    """
    run = Replay(patient, procedure, protocol)
    order = sorted(range(len(entries)), key=lambda n: entries[n]["recorded_at"])
    since = procedure.ended_at
    for _, group in groupby(order, key=lambda n: _submission(entries[n], n)):
        arrived = [(n, entries[n]) for n in group]
        at = arrived[0][1]["recorded_at"]
        if until is not None and since is not None:
            _pass_time(run, since, min(until, at))
        since = at
        _arrive(run, arrived)
    if until is not None and since is not None:
        _pass_time(run, since, until)
    return run


def _pass_time(run: Replay, since: datetime, until: datetime) -> None:
    """Run the time-driven rules at each moment at which one is due."""
    ticked: datetime | None = None
    while (due := _next_due(run, ticked or since)) is not None and due <= until:
        now = max(due, ticked or since)
        if now == ticked:
            return  # it was due, and joined an alert that staff had resolved a little before
        ticked = now
        _tick(run, NO_ENTRY, {"recorded_at": now})


def _next_due(run: Replay, now: datetime) -> datetime | None:
    return assessment.next_assessment_at(
        run.course, now, run.protocol, open_signs=run.open_signs, handled_at=run.handled_at
    )


def _submission(entry: Entry, index: int) -> tuple[object, ...]:
    if entry["kind"] not in PATIENT_KINDS:
        return (index,)
    return (entry["observed_at"], entry["recorded_at"])


def _arrive(run: Replay, entries: Sequence[tuple[int, Entry]]) -> None:
    index, entry = entries[0]
    if entry["kind"] in PATIENT_KINDS:
        _check_in(run, entries)
    elif entry["kind"] == "tick":
        _tick(run, index, entry)
    elif entry["kind"] == "staff":
        _staff(run, entry)
    elif entry["kind"] == "ice":
        _ice(run, index, entry)


def _check_in(run: Replay, entries: Sequence[tuple[int, Entry]]) -> None:
    arrived = [index for index, entry in entries if _take(run, index, entry)]
    if not arrived:
        return
    recorded_at = entries[0][1]["recorded_at"]
    ids = [run.readings[index].id for index in arrived]
    judged = assessment.judge(run.course, ids, run.protocol)
    if judged.assessment.baseline_only:
        run.validation += [
            {"entry": n, "result": "baseline_only"} for n in arrived if run.readings[n].items()
        ]
    numbered = [(_entry_of(finding, run, arrived), finding) for finding in judged.news]
    _tell(run, sorted(numbered, key=lambda pair: pair[0]), recorded_at)
    _close_cleared(run)


def _take(run: Replay, index: int, entry: Entry) -> bool:
    """Read an entry; False when there is nothing to judge: a repeat, or an answer refused."""
    client_id = entry.get("client_id")
    if client_id in run.clients:
        return False
    intake = read_answers(
        recorded.body(entry),
        recorded_at=entry["recorded_at"],
        reading_id=f"entry-{index}",
        protocol=run.protocol,
    )
    run.validation += [{"entry": index, "result": result} for result in _results(intake)]
    if intake.reading is None:
        return False
    if client_id is not None:
        run.clients[client_id] = index
    replaced = run.clients.get(str(entry.get("corrects")))
    if replaced is not None:
        run.readings.pop(replaced, None)
    run.readings[index] = intake.reading
    return True


def _results(intake: Intake) -> list[str]:
    return [*(p.code for p in intake.problems), *(q.code for q in intake.questions)]


def _entry_of(finding: Present, run: Replay, arrived: Sequence[int]) -> int:
    # Evidence that came late may complete a submission that was there already. The event belongs
    # to the entry that brought it.
    own = (index for index in arrived if run.readings[index].id == finding.reading)
    return next(own, arrived[-1])


def _tell(run: Replay, findings: Iterable[tuple[int, Present]], at: datetime) -> None:
    loudest: Tier | None = None
    for index, finding in findings:
        row = {"entry": index, "rule": finding.rule, "sign": finding.sign}
        if finding.tier == Tier.INFO:
            run.info.append(row)
            continue
        standing = run.standing.get(finding.sign)
        decision = triage.triage(standing, finding, at=at, protocol=run.protocol)
        run.standing[finding.sign] = triage.after(standing, finding, decision)
        said = {"tier": finding.tier.wire, "event": decision.event, "notify": decision.notify}
        run.alerts.append({**row, **said})
        run.raised.append(
            Raised(finding.rule, finding.sign, finding.tier, decision.event, decision.notify, at)
        )
        if decision.notify:
            loudest = max(loudest or finding.tier, finding.tier)
    if loudest is not None:
        run.messages["patient_messages"] += 1
        run.messages["staff_notifications"] += loudest >= Tier.CALL_TODAY


def _close_cleared(run: Replay) -> None:
    for sign, standing in run.standing.items():
        if standing.tier > Tier.WATCH or standing.state != "open" or standing.fired_at is None:
            continue
        cleared_at = assessment.cleared_at(run.course, sign, standing.fired_at, run.protocol)
        if triage.closes(standing, cleared_at):
            run.standing[sign] = replace(standing, state="closed")


def _tick(run: Replay, index: int, entry: Entry) -> None:
    now = entry["recorded_at"]
    findings = assessment.assess_time(
        run.course, now, run.protocol, open_signs=run.open_signs, handled_at=run.handled_at
    )
    _tell(run, [(index, finding) for finding in findings], now)


def _staff(run: Replay, entry: Entry) -> None:
    standing = run.standing.get(entry["sign"])
    if entry.get("action") != "resolve" or standing is None or standing.state != "open":
        return
    resolved_at = entry["recorded_at"]
    run.standing[entry["sign"]] = replace(standing, state="resolved", resolved_at=resolved_at)
    run.handled_at[entry["sign"]] = resolved_at


def _ice(run: Replay, index: int, entry: Entry) -> None:
    at = entry["observed_at"]
    if entry.get("action") == "stop":
        if run.ice and run.ice[-1].stopped_at is None:
            run.ice[-1].stopped_at = at
        return
    answer = start_ice(run.ice, at, run.patient)
    if isinstance(answer, IceBlocked):
        run.reminders.append({"type": "ice_blocked", "entry": index})
    elif isinstance(answer, IceTooSoon):
        allowed_h = run.hours(answer.next_allowed_at)
        run.reminders.append({"type": "ice_too_soon", "entry": index, "next_allowed_h": allowed_h})
    else:
        run.ice.append(IceTime(at))
        run.reminders.append({"type": "ice_stop", "at_h": run.hours(answer.off_at)})


def _outcomes(run: Replay, entries: Sequence[Entry]) -> list[dict[str, object]]:
    if not entries:
        return []
    return outcomes(run.course, run.protocol, max(entry["recorded_at"] for entry in entries))


def _at_entry(row: dict[str, object], by_entry: Mapping[str, int]) -> dict[str, object]:
    if "at_reading" not in row:
        return row
    entry = by_entry.get(str(row["at_reading"]))
    return {("at_entry" if k == "at_reading" else k): (entry if k == "at_reading" else v)
            for k, v in row.items()}  # fmt: skip
