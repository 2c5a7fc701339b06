"""The sources of the rules, as a patient reads them."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext

from tracker.clinical.sources import SOURCES, VERIFY

PLAIN = {
    SOURCES["MEMORY"]: "Common first aid",
    SOURCES["proposal"]: "A rule of this app, not of a published sheet",
}


def plain(source: str) -> str:
    """Who said it, without the short reminder to verify: the card has a sentence for that."""
    for reminder in VERIFY.values():
        source = source.removesuffix(f" ({reminder})")
    return pgettext("source", PLAIN.get(source, source)) if source else ""


def to_verify(source: str) -> str:
    """Who said it, with the reminder where no sentence of the page says so."""
    return f"{plain(source)} ({VERIFY.get(get_language() or '', VERIFY['en'])})"
