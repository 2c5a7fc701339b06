"""What the phone says, and its Spanish: read from the code, kept in one .po, compiled into one .mo.

Babel does in Python what xgettext and msgfmt do, and no machine has to have those. The .mo is
committed, so the product itself needs neither; a test says when it is older than the .po.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from tracker.clinical.sources import SOURCES
from tracker.pages.source_names import PLAIN

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "tracker" / "locale" / "es" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
TEMPLATES = ROOT / "tracker" / "templates" / "phone"
CODE = (
    *sorted((ROOT / "tracker" / "pages").glob("*.py")),
    ROOT / "tracker" / "templatetags" / "phone.py",
)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = """# The phone in Spanish, for people who are addressed as usted.
# Change translations here; `make words` adds what the code says anew and compiles this file.
# What is critical must be read by a qualified human translator before real use."""
DATE = datetime(2026, 11, 21, tzinfo=UTC)
Message = tuple[str | tuple[str, ...], str | None]
"""What is said (with its plural, where it has one), and the context that tells homonyms apart."""


def said() -> dict[Message, set[str]]:
    """Every message of the phone, and the files that say it."""
    found: dict[Message, set[str]] = {}
    for path in (*CODE, *sorted(TEMPLATES.rglob("*.html"))):
        for message in _messages(path):
            found.setdefault(message, set()).add(path.relative_to(ROOT).as_posix())
    for name in {*SOURCES.values(), *PLAIN.values()} - PLAIN.keys():
        found[(name, "source")] = {"tracker/clinical/sources.py"}
    return found


def _messages(path: Path) -> Iterator[Message]:
    text = path.read_text()
    if path.suffix == ".html":
        # What is left of the markup is indented as no Python is.
        text = "\n".join(map(str.strip, templatize(text, origin=path.name).splitlines()))
    for _line, message, _comments, context in extract(
        "python", BytesIO(text.encode()), keywords=KEYWORDS
    ):
        yield message, context


def spanish() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="es")


def update() -> Catalog:
    """Bring the .po to what the code says, keeping every translation, and compile it."""
    before = spanish() if PO.exists() else Catalog(locale="es")
    catalog = Catalog(
        locale="es",
        header_comment=HEADER,
        project="Afterblock",
        version="1",
        last_translator="Afterblock",
        language_team="Spanish",
        msgid_bugs_address="CONTRIBUTING.md",
        fuzzy=False,
        # A date that moves with every run would hide in each change what changed.
        creation_date=DATE,
        revision_date=DATE,
    )
    for (message, context), files in sorted(said().items(), key=lambda each: str(each[0])):
        known = before.get(message if isinstance(message, str) else message[0], context)
        catalog.add(
            message,
            known.string if known else None,
            locations=[(file, None) for file in sorted(files)],
            context=context,
        )
    with PO.open("wb") as file:
        write_po(file, catalog, width=100, omit_header=False, include_lineno=False)
    compiled(catalog)
    return catalog


def compiled(catalog: Catalog) -> None:
    with MO.open("wb") as file:
        write_mo(file, catalog)
