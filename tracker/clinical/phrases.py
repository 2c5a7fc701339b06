"""Says a phrase with its facts in a language; knows nothing about what the phrases mean."""

from __future__ import annotations

from collections.abc import Mapping

from .words import words


def say(phrase: str, facts: Mapping[str, object], language: str = "en") -> str:
    """One sentence: the phrase with its facts put in; what is no phrase is said as it stands."""
    template = words(language).sentences.get(phrase)
    if template is None:
        return phrase
    said = {name: _said(fact, language) for name, fact in facts.items()}
    return _capital(template.format(**said))


def _said(fact: object, language: str) -> str:
    if isinstance(fact, list):
        return listed([item_name(str(item), language) for item in fact], language)
    return str(fact)


def item_name(item: str, language: str) -> str:
    """An item as people call it; "ketones=large" names its value as well."""
    name, _, value = item.partition("=")
    named = words(language).items.get(name, name)
    if not value:
        return named
    return f"{named} ({words(language).values.get(value, value)})"


def listed(names: list[str], language: str) -> str:
    """Names as a list in a sentence: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    joint = words(language).conjunction
    if language == "es" and names[-1].lower().startswith(("i", "hi")):
        joint = "e"  # As in "fiebre e hinchazón".
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
