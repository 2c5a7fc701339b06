"""What a drawing shows stands out from its ground, light and dark: axe looks at text only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.ROOT) / "static" / "phone" / "phone.css").read_text()
TOKEN = re.compile(r"--([\w-]+): #([0-9a-f]{6}|[0-9a-f]{3});")
LIGHT = dict(TOKEN.findall(CSS.partition("prefers-color-scheme: dark")[0]))
DARK = {**LIGHT, **dict(TOKEN.findall(CSS.partition("prefers-color-scheme: dark")[2]))}
DRAWN = set(re.findall(r"\.chart[^{]*{[^}]*(?:stroke|fill): var\(--([\w-]+)\)", CSS))
GROUNDS = {"sheet", "line"}
"""A hollow dot is filled with the sheet; the grid stays behind what is drawn."""


def luminance(colour: str) -> float:
    full = "".join(sign * 2 for sign in colour) if len(colour) == 3 else colour
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", sorted(DRAWN - GROUNDS))
def test_what_is_drawn_stands_out_by_three_to_one(tokens, name):
    for ground in ("sheet", "ground"):
        assert contrast(tokens[name], tokens[ground]) >= 3
