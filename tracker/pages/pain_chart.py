"""Pain over true time as a drawing, small enough for a phone; gaps stay gaps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tracker.services.progress import Progress, Told

WIDTH, HEIGHT = 360, 220
LEFT, RIGHT, TOP, BOTTOM = 28, 352, 14, 158
LANES = {"ice": 172, "therapy": 184, "alert": 196}
GAP = timedelta(hours=48)
"""Without an answer for so long the line is broken: nobody knows what was between."""
AT_LEAST = timedelta(days=7)
LABELS = 6
DAY = timedelta(days=1)


def pain_chart(progress: Progress) -> SafeString:
    """An image with a name; the table beside it says the same."""
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="chart-name">'
        '<title id="chart-name">{}</title>{}{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        _("Your pain since the block, from 0 to 10. The table below says the same."),
        _scale(progress),
        _lines(progress, "site"),
        _lines(progress, "usual"),
        _happened(progress),
    )


def _scale(progress: Progress) -> SafeString:
    marks = [(_y(score), score) for score in (0, 5, 10)]
    grid = format_html_join(
        "",
        '<path class="grid" d="M{0} {1}H{2}"/><text x="{3}" y="{4}">{5}</text>',
        [(LEFT, y, RIGHT, LEFT - 20, y + 4, score) for y, score in marks],
    )
    days = format_html_join(
        "",
        '<path class="grid" d="M{0} {1}V{2}"/><text class="day" x="{0}" y="{3}">{4}</text>',
        [(x, TOP, BOTTOM, HEIGHT - 6, number) for number, x in _days(progress)],
    )
    return grid + days + _levels(progress)


def _levels(progress: Progress) -> SafeString:
    """The pain before, and the clinic's limit: lines to compare with."""
    severe = format_html(
        '<path class="limit" d="M{} {}H{}"/>', LEFT, _y(progress.protocol.severe), RIGHT
    )
    if progress.baseline is None:
        return severe
    return severe + format_html(
        '<path class="before" d="M{} {}H{}"/>', LEFT, _y(progress.baseline), RIGHT
    )


def _days(progress: Progress) -> Iterator[tuple[int, float]]:
    length = (_end(progress) - progress.began) // DAY
    step = next(each for each in (1, 2, 7, 14, 30, 60) if length / each <= LABELS or each == 60)
    for number in range(0, length + 1, step):
        yield number, _x(progress, progress.began + number * DAY)


def _lines(progress: Progress, pain: str) -> SafeString:
    known = [(told, getattr(told, pain)) for told in progress.told]
    points = [
        (told.at, _x(progress, told.at), _y(score)) for told, score in known if score is not None
    ]
    strokes, before = [], None
    for at, x, y in points:
        joined = before is not None and at - before <= GAP
        strokes.append(f"{'L' if joined else 'M'}{x} {y}")
        before = at
    dots = format_html_join("", '<circle cx="{}" cy="{}" r="3"/>', [(x, y) for _at, x, y in points])
    return format_html('<g class="{}"><path d="{}"/>{}</g>', pain, "".join(strokes), dots)


def _happened(progress: Progress) -> SafeString:
    marks = [
        *(("ice", each.started_at) for each in progress.ice),
        *(("therapy", each.done_at) for each in progress.therapies),
        *(("alert", each.opened_at) for each in progress.alerts),
    ]
    return format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="4"/>',
        [(kind, _x(progress, at), LANES[kind]) for kind, at in marks],
    )


def _end(progress: Progress) -> datetime:
    return max(progress.now, progress.began + AT_LEAST)


def _x(progress: Progress, at: datetime) -> float:
    start = min([progress.began, *(told.at for told in progress.told[:1])])
    share = (at - start) / (_end(progress) - start)
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _y(score: int) -> float:
    return round(BOTTOM - score / 10 * (BOTTOM - TOP), 1)


def has_points(told: list[Told]) -> bool:
    return any(each.usual is not None or each.site is not None for each in told)
