"""One time axis for everything that is drawn about a patient, and the shapes on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.html import escape

WIDTH, LEFT, RIGHT = 960, 86, 950
USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Axis:
    """From one moment to another, left to right."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def holds(self, at: datetime) -> bool:
        return self.start <= at <= self.end

    def days(self, began: datetime) -> list[tuple[int, float]]:
        """Day numbers since the procedure with the places where they begin: about a dozen."""
        # Counted in elapsed hours, as the rules count.
        first = (self.start - began) // timedelta(days=1)
        last = (self.end - began) // timedelta(days=1)
        step = next((each for each in (1, 2, 7, 14, 30) if (last - first) / each <= 15), 60)
        marked = [day for day in range(first, last + 1) if day % step == 0]
        placed = [(day, began + timedelta(days=day)) for day in marked]
        return [(day, self.x(at)) for day, at in placed if self.holds(at)]


@dataclass(frozen=True, slots=True)
class Point:
    """One value at one moment; what rules do not use is drawn hollow and not connected."""

    at: datetime
    value: float
    used: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    css: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Limit:
    """A line that the clinic set, or the usual value, with its words."""

    value: float
    words: str
    css: str = "limit"


@dataclass(frozen=True, slots=True)
class Panel:
    """One scale with its series."""

    title: str
    low: float
    high: float
    marks: Sequence[float]
    series: Sequence[Series]
    limits: Sequence[Limit] = ()
    height: int = 110

    def draw(self, axis: Axis, top: int) -> str:
        def y(value: float) -> float:
            inside = min(max(value, self.low), self.high)
            share = (inside - self.low) / (self.high - self.low)
            return round(top + self.height - share * self.height, 1)

        parts = [text(4, top + 11, self.title, "title")]
        for mark in self.marks:
            parts.append(line(LEFT, y(mark), RIGHT, y(mark), "grid"))
            parts.append(text(LEFT - 6, y(mark) + 4, f"{mark:g}", "mark"))
        for limit in self.limits:
            parts.append(line(LEFT, y(limit.value), RIGHT, y(limit.value), limit.css))
            # The two may be the same number: what is usual is said at the other end.
            end = LEFT + 4 if limit.css == USUAL else RIGHT
            parts.append(text(end, y(limit.value) - 3, limit.words, f"words {limit.css}"))
        for series in self.series:
            parts += _strokes(axis, series, y)
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened; with an end it is a bar."""

    at: datetime
    css: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of thing that happened, in a row."""

    title: str
    marks: Sequence[Mark]
    height: int = 20

    def draw(self, axis: Axis, top: int) -> str:
        middle = top + self.height / 2
        parts = [
            text(4, middle + 4, self.title, "title"),
            line(LEFT, middle, RIGHT, middle, "grid"),
        ]
        parts += [_shape(axis, mark, middle) for mark in self.marks if _is_on(axis, mark)]
        return "".join(parts)


def _is_on(axis: Axis, mark: Mark) -> bool:
    return mark.at <= axis.end and (mark.until or mark.at) >= axis.start


def _shape(axis: Axis, mark: Mark, middle: float) -> str:
    if mark.until is not None:
        left, right = axis.x(max(mark.at, axis.start)), axis.x(min(mark.until, axis.end))
        wide = max(2.0, round(right - left, 1))
        place = f'x="{left}" y="{middle - 6}" width="{wide}" height="12"'
        return f'<rect class="{mark.css}" {place}/>'
    is_alert = mark.css.startswith("alert")
    way = f"{middle - 7}l6 13h-12z" if is_alert else f"{middle - 6}v12"
    return f'<path class="{mark.css}" d="M{axis.x(mark.at)} {way}"/>'


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    return f'<path class="{css}" d="M{x1} {y1}L{x2} {y2}"/>'


def text(x: float, y: float, words: str, css: str) -> str:
    return f'<text class="{css}" x="{x}" y="{y}">{escape(words)}</text>'


def _strokes(axis: Axis, series: Series, y: Callable[[float], float]) -> Iterable[str]:
    shown = [point for point in series.points if axis.holds(point.at)]
    used = [point for point in shown if point.used]
    path: list[str] = []
    before: datetime | None = None
    for point in used:
        begins = before is None or point.at - before > _gap(axis)
        path.append(f"{'M' if begins else 'L'}{axis.x(point.at)} {y(point.value)}")
        before = point.at
    if path:
        yield f'<path class="line {series.css}" d="{"".join(path)}"/>'
    for point in shown:
        css = series.css if point.used else f"{series.css} unused"
        yield f'<circle class="{css}" cx="{axis.x(point.at)}" cy="{y(point.value)}" r="3"/>'


def _gap(axis: Axis) -> timedelta:
    """How far apart two values may be that a line connects: silence is drawn as a gap."""
    return timedelta(days=2) if axis.end - axis.start <= timedelta(days=31) else timedelta(days=10)
