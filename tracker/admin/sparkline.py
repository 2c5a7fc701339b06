"""A line as small as a word: how a score went, drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, EDGE, TOP_SCORE = 84, 22, 3, 10
_DRAWING = (
    '<svg class="spark" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
    ' aria-label="{words}"><polyline points="{points}"/><circle cx="{x}" cy="{y}" r="2.5"/></svg>'
)


def sparkline(scores: Sequence[int]) -> SafeString:
    """Draw scores of 0 to 10, the oldest first; nothing for a single one."""
    return _drawn(tuple(scores)) if len(scores) > 1 else SafeString("")


@lru_cache(maxsize=2048)
def _drawn(scores: tuple[int, ...]) -> SafeString:
    step = (WIDTH - 2 * EDGE) / (len(scores) - 1)
    scale = (HEIGHT - 2 * EDGE) / TOP_SCORE
    points = [
        (round(EDGE + at * step, 1), round(HEIGHT - EDGE - score * scale, 1))
        for at, score in enumerate(scores)
    ]
    return format_html(
        _DRAWING,
        w=WIDTH,
        h=HEIGHT,
        words=f"Usual pain, the oldest first: {', '.join(map(str, scores))} of 10",
        points=" ".join(f"{x},{y}" for x, y in points),
        x=points[-1][0],
        y=points[-1][1],
    )
