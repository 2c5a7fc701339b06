"""Read JSON bodies that are small, flat and well-formed, or refuse them politely."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 12


class BoundedJSONParser(BaseParser):
    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        raw = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(raw) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError("The body is too large: at most 64 KiB.")
        _refuse_depth(raw)
        try:
            return json.loads(
                raw.decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_once_each
            )
        except (ValueError, RecursionError):
            raise ParseError("The body is not JSON in UTF-8.") from None


def _refuse_depth(raw: bytes) -> None:
    # Counting brackets before parsing: a deep body would exhaust the parser's stack.
    if raw.count(b"[") + raw.count(b"{") > 200:
        raise ParseError("The body has too many parts.")
    depth = deepest = 0
    for byte in raw:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    if deepest > DEEPEST:
        raise ParseError("The body is nested too deeply.")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key given twice says two things: nobody may choose which one counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
