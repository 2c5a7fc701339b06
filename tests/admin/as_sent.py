"""What a browser would send of a page that somebody has open."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        name, value = known.get("name", ""), known.get("value", "")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea = name
            self.fields[name] = [""]
        elif tag == "option" and "selected" in known:
            self.fields.setdefault(self.select, []).append(value)
        elif tag == "input" and name:
            ticked = known.get("type") not in {"checkbox", "radio"} or "checked" in known
            self.fields.setdefault(name, []).extend([value or "on"] if ticked and value else [])

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.fields[self.textarea][0] += data.removeprefix("\n")


def as_sent(page: Any, **typed: Any) -> dict[str, Any]:
    """All fields as they stand on the page, but for what is typed; None unticks a box."""
    form = _Form()
    form.feed(page.content.decode())
    fields = {**form.fields, **typed}
    return {name: value for name, value in fields.items() if value is not None}
