"""The survivors that somebody has looked at, each with why no test can or need notice it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

from .mutations import Mutant

Key = tuple[str, str, str]
PARTS = ("file", "function", "change")


def read(file: Path | None) -> dict[Key, str]:
    """Why each of them may survive; "" where nobody has said so yet."""
    if file is None or not file.exists():
        return {}
    rows = tomllib.loads(file.read_text(encoding="utf-8")).get("survivor", [])
    return {(row["file"], row["function"], row["change"]): row["why"].strip() for row in rows}


def append(file: Path, survivors: Iterable[Mutant]) -> None:
    """Note survivors for somebody to explain, or better to kill."""
    with file.open("a", encoding="utf-8") as out:
        for mutant in survivors:
            told = dict(zip(PARTS, mutant.key, strict=True))
            lines = [f"{part} = {json.dumps(told[part], ensure_ascii=False)}" for part in PARTS]
            out.write("\n".join(["\n[[survivor]]", *lines, 'why = ""', ""]))
