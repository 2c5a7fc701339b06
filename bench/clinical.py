"""The whole catalogue over a course of 60 readings in 14 days, beside a first attempt."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tracker.clinical.assessment import assess, judge
from tracker.clinical.course import Course, PatientFacts, ProcedureFacts
from tracker.clinical.intake import read_answers
from tracker.clinical.protocol import Protocol
from tracker.clinical.replay import replay
from tracker.clinical.signs import WARNING_SIGNS

from ._floors import clinical as floor
from ._measuring import Figure, timed

PROTOCOL = Protocol.default()
ENDED_AT = datetime(2026, 9, 8, 14, tzinfo=UTC)
READINGS, EVERY_H, BASELINE = 60, 5.6, 6
SYMPTOMS = ("dyspnea", "chest_pain", "confusion", "clammy", "chills", "stiff_neck", "hives",
            "itching", "faint", "leg_numbness", "area_numbness", "facial_flush")  # fmt: skip
VIGNETTES = Path(__file__).parents[1] / "tests" / "vignettes.json"


def rows(count: int = READINGS) -> list[dict[str, Any]]:
    """A talkative patient's rows as the database gives them: every question answered each time."""
    return [
        {"id": f"reading-{n}", "observed_at": at, "answers": _answers(n)}
        for n in range(count)
        for at in [ENDED_AT + timedelta(hours=EVERY_H * (n + 1))]
    ]


def _answers(n: int) -> dict[str, Any]:
    """Mostly dull, and now and then each thing that a rule looks for."""
    symptoms: dict[str, Any] = {
        name: (n + 7 * k) % 41 == 0 for k, name in enumerate(SYMPTOMS, start=1)
    }
    symptoms["headache"] = "severe" if n % 29 == 5 else "none"
    symptoms["ketones"] = "moderate" if n % 23 == 4 else "none"
    return {
        "pain": {"usual": (3, 5, 4, 8, 2)[n % 5], "site": (2, 3, 1, 4, 8)[n * n % 5],
                 "controlled": n % 3 != 0},
        "temperature": _degrees(n),
        "glucose": {"value": str((120, 180, 250, 65, 310, 68, 410, 50)[n % 8]),
                    "unit": "mg/dL", "device": "meter"},
        "site": {"redness": n % 7 // 6, "swelling": 0, "warmth": False, "drainage": "none",
                 "streaks": False, "bruise": False, "trend": "same"},
        "symptoms": symptoms,
    }  # fmt: skip


def _degrees(n: int) -> dict[str, str]:
    if n % 2:
        return {"value": ("98.6", "100.1", "101.3", "98.2")[n % 8 // 2], "unit": "[degF]"}
    return {"value": ("36.6", "37.9", "36.8", "38.2", "35.9")[n % 10 // 2], "unit": "Cel"}


def course(of: Sequence[dict[str, Any]]) -> Course:
    """The course that those rows make: read as the product reads them."""
    readings = []
    for row in of:
        body = {**row["answers"], "observed_at": row["observed_at"].isoformat()}
        intake = read_answers(
            body, recorded_at=row["observed_at"], reading_id=row["id"], protocol=PROTOCOL
        )
        if intake.reading is None:
            raise ValueError(intake.problems)
        readings.append(intake.reading)
    patient = PatientFacts(diabetes=True, baseline_pain=BASELINE, zone=UTC)
    return Course(patient, ProcedureFacts("therapeutic", ENDED_AT), readings)


def facts() -> dict[str, Any]:
    """The same patient, as the first attempt knows one."""
    return {"ended_at": ENDED_AT, "baseline_pain": BASELINE}


def figures() -> list[Figure]:
    stored, patient, labelled = rows(), facts(), vignettes()
    whole, last = course(stored), stored[-1]["observed_at"]
    took = timed(
        {
            "catalogue": lambda: assess(whole, last, PROTOCOL),
            "floor": lambda: floor.assess(stored, last, patient),
            "judge": lambda: judge(whole, {stored[-1]["id"]}, PROTOCOL),
        }
    )
    slow = timed(
        {
            "read": lambda: course(stored),
            "replay": lambda: [replay(vignette, PROTOCOL) for vignette in labelled],
        },
        calls=5,
    )
    each = timed(
        {str(n): _assessing(whole, row["observed_at"]) for n, row in enumerate(stored)}, calls=20
    )
    medians = sorted(timing.median for timing in each.values())
    a_rule = took["catalogue"].median / len(WARNING_SIGNS)
    a_naive_rule = took["floor"].median / len(floor.RULES)
    return [
        Figure(
            f"all {len(WARNING_SIGNS)} rules, the latest of {READINGS} readings",
            took["catalogue"].median, "µs", at_most=100,
        ),
        Figure("  the slowest hundredth of its calls", took["catalogue"].p99, "µs"),
        Figure("  the same, median of all readings", statistics.median(medians), "µs", at_most=100),
        Figure("  the same, the reading at which most is wrong", medians[-1], "µs"),
        Figure(
            f"{len(floor.RULES)} of the rules as a first attempt, through dicts",
            took["floor"].median, "µs",
        ),
        Figure("  so many times as dear, rule for rule", a_naive_rule / a_rule, "×", at_least=2),
        Figure("judging the arrival of the latest reading", took["judge"].median, "µs"),
        Figure(f"reading {READINGS} rows into a course", slow["read"].median, "µs"),
        Figure("labelled courses replayed", len(labelled) * 1e6 / slow["replay"].median, "/s"),
    ]  # fmt: skip


def _assessing(whole: Course, at: datetime) -> Callable[[], object]:
    return lambda: assess(whole, at, PROTOCOL)


def vignettes() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(VIGNETTES.read_text(encoding="utf-8"))["vignettes"]
    return found
