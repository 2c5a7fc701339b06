"""Reports: the same tables on the screen and as files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tracker import clock
from tracker.access import Staff
from tracker.admin import words
from tracker.admin.frame import at_work, page
from tracker.services import exports, outcomes_board, reports
from tracker.services.outcomes_board import OutcomeLine, Share
from tracker.services.reports import Report, RuleLine, Speed

PERIODS = {7: "7 days", 30: "30 days", 90: "3 months", 365: "a year"}
USUALLY = 30
NOTHING = "–"
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    """In the address of its file."""
    title: str
    says: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@require_safe
def reports_page(request: HttpRequest) -> HttpResponse:
    staff, days, now = at_work(request), _days(request), clock.now()
    return page(
        request,
        "desk/reports.html",
        "Reports",
        tables=_tables(staff, now, days),
        periods=PERIODS,
        days=days,
    )


@require_safe
def report_file(request: HttpRequest, name: str) -> HttpResponse:
    """One of the tables as CSV."""
    days, now = _days(request), clock.now()
    for table in _tables(at_work(request), now, days):
        if table.name == name:
            response = HttpResponse(
                exports.table([table.head, *table.rows]), content_type="text/csv; charset=utf-8"
            )
            response["Content-Disposition"] = f'attachment; filename="{name}-{days}-days.csv"'
            return response
    raise Http404


def _days(request: HttpRequest) -> int:
    """Whatever else stands in the address is the usual period."""
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else USUALLY


def _tables(staff: Staff, now: datetime, days: int) -> list[Table]:
    since = now - timedelta(days=days)
    found = reports.report(staff=staff, since=since, until=now)
    return [
        _overview(found),
        _speeds(found.speeds),
        _rules(found.rules),
        _outcomes(outcomes_board.board(staff=staff, since=since, until=now)),
    ]


def _overview(found: Report) -> Table:
    load, answers, reach = found.load, found.answers, found.reach
    return Table(
        "overview",
        "Overview",
        "Patients are counted as they are followed today.",
        ["What", "Number"],
        [
            ["Check-ins", load.check_ins],
            ["Alerts raised", load.alerts],
            ["Alerts per 100 check-ins", _or_dash(load.per_100)],
            ["Daily check-ins asked for", answers.asked],
            ["Answered within a day", answers.answered],
            ["Answer rate, %", _or_dash(answers.percent)],
            ["Patients followed", reach.followed],
            ["Reached by their phone", reach.by_phone],
            ["Reached by e-mail or text only", reach.by_mail_or_text],
            ["Not reached by any message", reach.not_at_all],
        ],
    )


def _speeds(speeds: Sequence[Speed]) -> Table:
    return Table(
        "speed",
        "How fast alerts were answered and closed",
        "Minutes of the clock, at night too. The target of a call today counts opening hours only."
        " Nine of ten is given from ten alerts on.",
        [
            "Tier",
            "Raised",
            "Target",
            "Answered in time",
            "Answered, middle (min)",
            "Nine of ten (min)",
            "Closed, middle (min)",
            "Nine of ten closed (min)",
        ],
        [
            [
                each.tier,
                each.fired,
                each.target,
                NOTHING if each.target == "none" else each.in_time,
                _or_dash(each.answer_median),
                _or_dash(each.answer_p90),
                _or_dash(each.resolve_median),
                _or_dash(each.resolve_p90),
            ]
            for each in speeds
        ],
    )


def _rules(rules: Sequence[RuleLine]) -> Table:
    return Table(
        "rules",
        "What each rule brought",
        "Acted on: closed as reached, visit arranged, sent to emergency or reached by someone else."
        " A rule that is often raised and seldom acted on may need other numbers.",
        ["Rule", "Raised", "Answered in time", "Of those with a target", "Closed", "Acted on"],
        [
            [
                words.rule_title(each.rule),
                each.fired,
                each.in_time,
                each.with_target,
                each.resolved,
                each.acted_on,
            ]
            for each in rules
        ],
    )


def _outcomes(lines: Sequence[OutcomeLine]) -> Table:
    return Table(
        "outcomes",
        "How the blocks work",
        "Relief of at least half of the pain before, at day 14 (12 to 16) and at month 3 (day 69 to"
        " 111), among those who said how much it hurt then.",
        ["Procedures", "Number", "Day 14", "%", "Month 3", "%", "Days of relief, middle"],
        [
            [
                each.name,
                each.procedures,
                _of(each.day_14),
                _or_dash(each.day_14.percent),
                _of(each.month_3),
                _or_dash(each.month_3.percent),
                _or_dash(each.days_of_relief),
            ]
            for each in lines
        ],
    )


def _of(share: Share) -> str:
    return f"{share.relieved} of {share.of}"


def _or_dash(number: float | None) -> Cell:
    return NOTHING if number is None else number
