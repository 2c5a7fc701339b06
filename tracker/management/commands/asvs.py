"""Write docs/asvs.md out of docs/asvs.toml, and its sums into docs/security.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

DOCS = Path(settings.ROOT) / "docs"
MAP, PAGE, SUMS = DOCS / "asvs.toml", DOCS / "asvs.md", DOCS / "security.md"
BEGIN, END = "<!-- written by `manage.py asvs` -->\n", "<!-- until here -->\n"
CHAPTERS = (
    "Encoding", "Validation and business logic", "In the browser", "API and web service", "Files",
    "Signing in", "Sessions", "Permissions", "Tokens that carry their own meaning",
    "OAuth and OpenID Connect", "Cryptography", "On the way", "Configuration", "Data protection",
    "Code and architecture", "Logs and errors", "WebRTC",
)  # fmt: skip
KINDS = {
    "test": "have a test",
    "doc": "have a document",
    "operator": "are for whoever runs the product",
    "not_applicable": "do not apply",
    "deviation": "are not met, or not wholly",
}
Requirement = dict[str, Any]


class Command(BaseCommand):
    help = "Write docs/asvs.md out of docs/asvs.toml, and its sums into docs/security.md."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page())
        SUMS.write_text(with_sums(SUMS.read_text()))
        self.stdout.write(f"Wrote {PAGE}")


def requirements() -> dict[str, Requirement]:
    return tomllib.loads(MAP.read_text())


def page() -> str:
    """The whole document, as Markdown."""
    known = requirements()
    return "\n".join([*_head(known), *_deviations(known), *_chapters(known)]) + "\n"


def with_sums(text: str) -> str:
    """The same document with the sums as they are now."""
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    return f"{before}{BEGIN}{sums(requirements())}\n{END}{after}"


def sums(known: dict[str, Requirement]) -> str:
    """How many there are of each kind. One that is partly met counts in two."""
    found = {kind: sum(kind in each for each in known.values()) for kind in KINDS}
    told = ", ".join(f"{number} {KINDS[kind]}" for kind, number in found.items())
    return f"Of {len(known)} requirements, {told}. Some count twice: a part here, a part there."


def _head(known: dict[str, Requirement]) -> Iterator[str]:
    yield "# The map of ASVS"
    yield ""
    yield "Written by `manage.py asvs` out of `docs/asvs.toml`: each requirement of levels 1 and 2"
    yield "of [OWASP ASVS 5.0.0](https://github.com/OWASP/ASVS), by its number, in our words. The"
    yield "standard's own words count. It is our own judgement: nobody else has checked it."
    yield ""
    yield sums(known)
    yield ""


def _deviations(known: dict[str, Requirement]) -> Iterator[str]:
    yield "## What is not met, or not wholly"
    yield ""
    yield "| | level | asks | what is not done, and why |"
    yield "| --- | --- | --- | --- |"
    for number, each in known.items():
        if "deviation" in each:
            yield f"| {number} | {each['level']} | {each['asks']} | {each['deviation']} |"
    yield ""


def _chapters(known: dict[str, Requirement]) -> Iterator[str]:
    for number, title in enumerate(CHAPTERS, start=1):
        yield f"## V{number} {title}"
        yield ""
        yield "| | level | asks | answered by |"
        yield "| --- | --- | --- | --- |"
        for name, each in known.items():
            if name.startswith(f"V{number}."):
                yield f"| {name} | {each['level']} | {each['asks']} | {' '.join(_answers(each))} |"
        yield ""


def _answers(each: Requirement) -> Iterator[str]:
    for test in each.get("test", ()):
        file, _, name = test.partition("::")
        yield f"[`{name}`](../{file})."
    for doc in each.get("doc", ()):
        place = doc.removeprefix("docs/")
        yield f"[{place.replace('.md', '').replace('#', ': ').replace('-', ' ')}]({place})."
    if "operator" in each:
        yield f"**Operator:** {each['operator']}"
    if "not_applicable" in each:
        yield f"*Does not apply:* {each['not_applicable']}."
    if "deviation" in each:
        yield "**Deviation**, above."
