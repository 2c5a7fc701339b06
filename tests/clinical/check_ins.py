"""Check-ins as a phone sends them, and what the intake makes of them."""

from datetime import UTC, datetime

from tracker.clinical.intake import read_answers

NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
OBSERVED = "2026-11-21T09:00:00-05:00"
ASK, URGENT = "ask_unit", "ask_unit_urgent"


def read(**parts):
    return read_answers({"observed_at": OBSERVED, **parts}, recorded_at=NOW)


def problems(**parts):
    return [(problem.pointer, problem.code) for problem in read(**parts).problems]


def questions(**parts):
    intake = read(**parts)
    assert intake.problems == []
    return [(asked.pointer, asked.code, asked.suggestion) for asked in intake.questions]
