"""Write docs/warning-signs.md out of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.management.base import BaseCommand

from tracker.clinical.protocol import RULE_SET_VERSION, Protocol, settings
from tracker.clinical.provenance import FIXED
from tracker.clinical.quantities import PairedLimit
from tracker.clinical.signs import TIMED_SIGNS, WARNING_SIGNS, TimedSign, WarningSign
from tracker.clinical.sources import SOURCES
from tracker.clinical.words import words

PAGE = Path(django_settings.ROOT) / "docs" / "warning-signs.md"
Rule = WarningSign | TimedSign


class Command(BaseCommand):
    help = "Write docs/warning-signs.md out of the catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        PAGE.write_text(page())
        self.stdout.write(f"Wrote {PAGE}")


def page() -> str:
    """The whole document, as Markdown."""
    return "\n".join([*_head(), *_rules(), *_settable(), *_fixed(), *_sources()]) + "\n"


def _head() -> Iterator[str]:
    yield "# Warning signs"
    yield ""
    yield f"Rule set {RULE_SET_VERSION}, written by `manage.py warning_signs` out of the catalogue."
    yield "The published sheets disagree with each other: a licensed clinician of the clinic must"
    yield "approve these numbers before they are used. Names in capitals are sources, at the end."
    yield ""


def _rules() -> Iterator[str]:
    yield "## What is watched"
    yield ""
    yield "| rule | sign | what it looks at | numbers a clinic may set | sources |"
    yield "| --- | --- | --- | --- | --- |"
    for rule in (*WARNING_SIGNS, *TIMED_SIGNS):
        cells = (rule.rule, rule.title, _looks_at(rule), _named(rule.may_set))
        yield f"| {' | '.join(cells)} | {', '.join(rule.sources)} |"
    yield ""
    yield "## What the patient is told"
    yield ""
    yield "This follows the line that the tier asks for (call 911 now, call the clinic today)."
    yield "Staff read the evidence in the queue: “Temperature 38.1 °C; the limit is 38.0 °C.”"
    yield ""
    yield "| text | English | Spanish |"
    yield "| --- | --- | --- |"
    english, spanish = words("en").advice, words("es").advice
    for key in english:
        yield f"| {key} | {_plain(english[key])} | {_plain(spanish[key])} |"
    yield ""


def _settable() -> Iterator[str]:
    protocol = Protocol.default()
    yield "## Numbers that a clinic may set"
    yield ""
    yield "| number | what it is | default | allowed | origin |"
    yield "| --- | --- | --- | --- | --- |"
    for each in settings():
        default = getattr(protocol.for_kind(each.kind or ""), each.name)
        shown = default.within(each.unit) if isinstance(default, PairedLimit) else default
        cells = (each.label, each.title, str(shown), each.allowed, each.provenance)
        yield f"| {' | '.join(cells)} |"
    yield ""


def _fixed() -> Iterator[str]:
    protocol = Protocol.default()
    yield "## Numbers that nobody may set"
    yield ""
    yield "| number | what it is | value | origin |"
    yield "| --- | --- | --- | --- |"
    for name, fixed in FIXED.items():
        value = getattr(protocol, name)
        paired = isinstance(value, PairedLimit)
        shown = ", ".join(f"{n} {unit}" for unit, n in value.numbers.items()) if paired else value
        yield f"| {name} | {fixed.title} | {shown} {fixed.unit}".rstrip() + f" | {fixed.origin} |"
    yield ""


def _sources() -> Iterator[str]:
    yield "## Sources, to be verified"
    yield ""
    for key, body in SOURCES.items():
        yield f"- **{key}**: {body}"


def _looks_at(rule: Rule) -> str:
    if isinstance(rule, TimedSign):
        return "the time that passes"
    return ", ".join(rule.items)


def _named(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "none"


def _plain(text: str) -> str:
    return text.format_map(_Placeholders()).replace("|", "\\|").strip()


class _Placeholders(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return f"({name.replace('_', ' ')})"
