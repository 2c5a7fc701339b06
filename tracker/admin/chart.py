"""The patient's course as a drawing: pains, temperature, sugar, site, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from tracker.admin import axis as draw
from tracker.admin.axis import Axis, Lane, Limit, Mark, Panel, Point, Series
from tracker.clinical.quantities import UNIT_SIGNS, in_unit
from tracker.models import Patient, Procedure
from tracker.services.patient_record import Entry, PatientRecord

TIERS = {1: "watch", 2: "call_today", 3: "emergency"}
SPANS = {"14": timedelta(days=14), "30": timedelta(days=30), "all": None}
BEFORE = timedelta(hours=12)
TOP, BETWEEN, FOOT = 14, 16, 26
LAST_WORDS = draw.RIGHT - 30
"""Where a day's words would leave the drawing."""


@dataclass(frozen=True, slots=True)
class Chart:
    svg: SafeString
    words: str
    """The same in a sentence, for whoever does not see it."""
    axis: Axis


def chart(record: PatientRecord, *, span: str, now: datetime) -> Chart:
    """Draw the course since the latest procedure, for so many days or all of it."""
    procedure = record.procedures[0] if record.procedures else None
    began = _began(record, procedure, now)
    along = _axis(record, began, span, now)
    entries = [each for each in record.entries if along.holds(each.row.observed_at)]
    parts = [*_panels(record, procedure, entries[::-1]), *_lanes(record)]
    drawn, top = [], TOP
    for part in parts:
        drawn.append(part.draw(along, top))
        top += part.height + (BETWEEN if isinstance(part, Panel) else 4)
    days = along.days(began)
    drawn += [draw.line(x, TOP, x, top, "day") for _, x in days]
    drawn += [draw.text(x + 2, top + 16, _day(day), "day") for day, x in days if x < LAST_WORDS]
    if along.holds(now):
        drawn.append(draw.line(along.x(now), TOP, along.x(now), top, "now"))
    words = _words(record, entries)
    svg = (
        f'<svg class="course" viewBox="0 0 {draw.WIDTH} {top + FOOT}" role="img"'
        f' aria-labelledby="course-words">{"".join(drawn)}</svg>'
    )
    return Chart(mark_safe(svg), words, along)  # noqa: S308  (numbers, and words that are escaped)


def _began(record: PatientRecord, procedure: Procedure | None, now: datetime) -> datetime:
    if procedure and (procedure.ended_at or procedure.scheduled_at):
        return procedure.ended_at or procedure.scheduled_at or now
    return record.entries[-1].row.observed_at if record.entries else now


def _axis(record: PatientRecord, began: datetime, span: str, now: datetime) -> Axis:
    length = SPANS.get(span)
    if length is not None:
        return Axis(began - BEFORE, began + length)
    oldest = min((each.row.observed_at for each in record.entries), default=began)
    return Axis(min(oldest, began) - BEFORE, max(now, began + timedelta(days=1)))


def _day(day: int) -> str:
    return f"day {day}" if day % 7 == 0 or day < 2 else str(day)


# --- panels -------------------------------------------------------------------------------------


def _panels(
    record: PatientRecord, procedure: Procedure | None, entries: list[Entry]
) -> Iterable[Panel]:
    rules, patient = record.protocol, record.patient
    baseline = procedure.baseline_pain if procedure else None
    usual = [] if baseline is None else [Limit(baseline, f"usual {baseline}", draw.USUAL)]
    yield Panel(
        "Pain", 0, 10, (0, 5, 10),
        [Series("usual pain", "usual-pain", _scores(entries, "usual")),
         Series("needle site", "site-pain", _scores(entries, "site"))],
        [Limit(rules.severe, f"severe {rules.severe}"), *usual],
    )  # fmt: skip
    unit = patient.temperature_unit
    heat = _quantities(entries, "temperature", unit)
    fever = float(rules.fever.numbers[unit])
    low, high, marks = (35.5, 41, (36, 38, 40)) if unit == "Cel" else (96, 106, (97, 100, 103))
    words = f"fever {fever:g} {UNIT_SIGNS[unit]}"
    measured = [Series("temperature", "temperature", heat)]
    yield Panel(f"Temp. {UNIT_SIGNS[unit]}", low, high, marks, measured, [Limit(fever, words)], 80)
    sugars = _quantities(entries, "glucose", patient.glucose_unit)
    if sugars or patient.diabetes:
        yield _sugar_panel(record, sugars)
    yield Panel(
        "Site grade", 0, 3, (0, 1, 2, 3),
        [Series("redness", "redness", _grades(entries, "redness")),
         Series("swelling", "swelling", _grades(entries, "swelling"))],
        height=60,
    )  # fmt: skip


def _sugar_panel(record: PatientRecord, points: list[Point]) -> Panel:
    unit = record.patient.glucose_unit
    calls = float(record.protocol.g_high.numbers[unit])
    low = float(record.protocol.g_low.numbers[unit])
    top, marks = (450, (100, 200, 300, 400)) if unit == "mg/dL" else (25, (5, 10, 15, 20))
    limits = [Limit(calls, f"calls {calls:g}"), Limit(low, f"low {low:g}")]
    return Panel(f"Sugar {unit}", 0, top, marks, [Series("sugar", "sugar", points)], limits, 90)


def _scores(entries: list[Entry], name: str) -> list[Point]:
    return _points(entries, lambda each: _part(each, "pain").get(name))


def _grades(entries: list[Entry], name: str) -> list[Point]:
    return _points(entries, lambda each: _part(each, "site").get(name))


def _quantities(entries: list[Entry], name: str, unit: str) -> list[Point]:
    """Values in the patient's unit, which is for drawing only; HI and LO stand at the ends."""

    def value(entry: Entry) -> object:
        typed = _part(entry, name)
        number = {"HI": "1000", "LO": "0"}.get(str(typed.get("value")), typed.get("value"))
        if number is None:
            return None
        return in_unit(Decimal(str(number)), str(typed.get("unit") or unit), unit)

    return _points(entries, value, lambda each: name not in each.unused)


def _points(
    entries: list[Entry],
    value: Callable[[Entry], Any],
    used: Callable[[Entry], bool] = lambda _: True,
) -> list[Point]:
    found = ((each, value(each)) for each in entries)
    return [
        Point(each.row.observed_at, float(number), used(each) and not each.is_replaced)
        for each, number in found
        if number is not None
    ]


def _part(entry: Entry, name: str) -> dict[str, Any]:
    return entry.row.answers.get(name) or {}


# --- lanes --------------------------------------------------------------------------------------


def _lanes(record: PatientRecord) -> Iterable[Lane]:
    alerts = [
        Mark(each.alert.opened_at, f"alert {TIERS[each.alert.tier]}") for each in record.alerts
    ]
    yield Lane("Alerts", alerts)
    yield Lane("Ice", [Mark(h.at, "ice", h.until) for h in record.happened if h.kind == "ice"])
    for title, kind in (("Reminders", "reminder"), ("Messages", "delivery")):
        marks = [Mark(h.at, f"{kind} {h.state.lower()}") for h in record.happened if h.kind == kind]
        yield Lane(title, marks)
    by_staff = [e.at for a in record.alerts for e in a.events if e.actor_id is not None]
    written = [h.at for h in record.happened if h.kind in ("note", "message")]
    yield Lane("Staff", [Mark(at, "staff") for at in (*by_staff, *written)])


def _words(record: PatientRecord, entries: list[Entry]) -> str:
    pains = [point.value for point in _scores(entries, "usual") if point.used]
    # The newest entry stands first.
    trend = f" Usual pain went from {pains[-1]:g} to {pains[0]:g}." if len(pains) > 1 else ""
    return (
        f"The course of {record.patient.name}: {len(entries)} check-ins and {len(record.alerts)}"
        f" alerts on one time axis.{trend} The table below says the same."
    )


def series_of(patient: Patient) -> list[tuple[str, str]]:
    """The legend: a class and its words."""
    known = [
        ("usual-pain", "usual pain"), ("site-pain", "pain at the needle site"),
        ("temperature", "temperature"), ("redness", "redness"), ("swelling", "swelling"),
        ("unused", "not used by the rules: in question, or replaced"),
    ]  # fmt: skip
    return [*known[:3], ("sugar", "sugar"), *known[3:]] if patient.diabetes else known
