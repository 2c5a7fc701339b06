"""Says a phrase with its facts in a language; knows nothing about what the phrases mean."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from . import words_en, words_es

LANGUAGES: Mapping[str, ModuleType] = {"en": words_en, "es": words_es}


def words(language: str) -> ModuleType:
    """The catalogue of a language; English where we do not have the language."""
    return LANGUAGES.get(language, words_en)


def say(phrase: str, facts: Mapping[str, object], language: str = "en") -> str:
    """One sentence: the phrase with its facts put in."""
    template: str = words(language).SENTENCES[phrase]
    said = {name: _said(fact, language) for name, fact in facts.items()}
    return _capital(template.format(**said))


def _said(fact: object, language: str) -> str:
    if isinstance(fact, list):
        return listed([item_name(str(item), language) for item in fact], language)
    return str(fact)


def item_name(item: str, language: str) -> str:
    """An item as people call it; "ketones=large" names its value as well."""
    catalogue = words(language)
    name, _, value = item.partition("=")
    named: str = catalogue.ITEMS.get(name, name)
    if not value:
        return named
    return f"{named} ({catalogue.VALUES.get(value, value)})"


def listed(names: list[str], language: str) -> str:
    """Names as a list in a sentence: a, b and c."""
    if len(names) < 2:
        return "".join(names)
    # Spanish "y" becomes "e" before the sound "i", as in "fiebre e hinchazón".
    joint: str = words(language).AND
    if language == "es" and names[-1].lower().startswith(("i", "hi")):
        joint = "e"
    return f"{', '.join(names[:-1])} {joint} {names[-1]}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
