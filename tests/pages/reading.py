"""Read a page as a person would: its words, its fields, its links."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "circle", "path"}


class Page(HTMLParser):
    def __init__(self, response) -> None:
        super().__init__()
        self.words = ""
        self.fields: dict[str, list[dict[str, str]]] = {}
        self.links: dict[str, str] = {}
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._hidden: list[str] = []
        self._link = ""
        self.feed(response.content.decode())
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag, attrs):
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        hides = "hidden" in values or tag in ("head", "svg", "script")
        if tag not in VOID and (self._hidden or hides):
            self._hidden.append(tag)
        if tag in ("input", "textarea", "button") and "name" in values:
            self.fields.setdefault(values["name"], []).append(values)
        if tag == "a":
            self._link = values.get("href", "")

    def handle_endtag(self, tag):
        if self._hidden and self._hidden[-1] == tag:
            self._hidden.pop()
        if tag == "a":
            self._link = ""

    def handle_data(self, data):
        if self._hidden:
            return
        self.words += f" {data}"
        if self._link and data.strip():
            self.links.setdefault(" ".join(data.split()), self._link)

    def value_of(self, name: str) -> str:
        return self.fields[name][0].get("value", "")

    def chosen(self, name: str) -> list[str]:
        return [each["value"] for each in self.fields[name] if "checked" in each]


def read(response) -> Page:
    return Page(response)
