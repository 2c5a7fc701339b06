"""The one form in which answers are kept, so that whoever draws or lists them need not guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SCORES = ("usual", "site")
MEASURED = ("temperature", "glucose")


def as_kept(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Give accepted answers without what was left unsaid, scores as numbers, decimals with a point.

    "7/10" and 7, and "37,5" and "37.5", are the same answer; the unit and the digits stay as typed.
    """
    said = _said(answers)
    for name in SCORES:
        if name in said.get("pain", {}):
            said["pain"][name] = int(str(said["pain"][name]).removesuffix("/10"))
    for name in MEASURED:
        value = said.get(name, {}).get("value")
        if isinstance(value, str):
            said[name]["value"] = value.replace(",", ".")
    return said


def _said(part: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _said(value) if isinstance(value, Mapping) else value
        for key, value in part.items()
        if value is not None
    }
