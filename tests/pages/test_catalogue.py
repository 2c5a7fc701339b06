"""Every message of the phone has its Spanish, compiled; both are read with ease."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest

import tracker
from tests.catalogue import MO, said, spanish
from tests.clinical.test_wording import grade, sentences

SLOT = re.compile(r"%\(\w+\)[sd]|%[sd]")
FORMATS = {"date", "time of day"}
READ_ALOUD = [
    (message, context)
    for message, context in said()
    if isinstance(message, str) and context is None and len(message.split()) >= 8
]


def strings(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def entries():
    return [entry for entry in spanish() if entry.id]


def ids_of(entry) -> tuple[str, ...]:
    return entry.id if isinstance(entry.id, tuple) else (entry.id,)


def test_the_catalogue_holds_what_the_code_says_and_nothing_else():
    """`make words` brings it up to date."""
    assert {(entry.id, entry.context) for entry in entries()} == set(said())


def test_each_message_has_its_spanish():
    assert [entry.id for entry in entries() if not all(strings(entry)) or entry.fuzzy] == []


def test_both_languages_fill_in_the_same_things():
    for entry in entries():
        wanted = set().union(*(SLOT.findall(english) for english in ids_of(entry)))
        for text in strings(entry):
            assert set(SLOT.findall(text)) <= wanted, text
        assert set().union(*map(SLOT.findall, strings(entry))) == wanted, entry.id


def test_spanish_points_up_or_down_only_where_english_does():
    for entry in entries():
        if re.search(r"\b(abajo|debajo|arriba)\b", " ".join(strings(entry)), re.IGNORECASE):
            assert re.search(r"\b(below|above|top)\b", " ".join(ids_of(entry))), entry.id


def test_what_is_compiled_is_what_is_written():
    """The product reads the .mo; `make words` compiles it."""
    with MO.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in entries():
        for n, text in zip((1, 2), strings(entry), strict=False):
            assert in_mo(compiled, entry, n) == text


def in_mo(compiled: gettext.GNUTranslations, entry, n: int) -> str:
    if isinstance(entry.id, tuple):
        return compiled.ngettext(*entry.id, n)
    if entry.context:
        return compiled.pgettext(entry.context, entry.id)
    return compiled.gettext(entry.id)


def test_people_are_addressed_as_usted():
    familiar = re.compile(r"\b(tú|tu|tus|ti|contigo|tienes|puedes|llama|usa tu)\b", re.IGNORECASE)
    assert [text for entry in entries() for text in strings(entry) if familiar.search(text)] == []


@pytest.mark.parametrize("message", [message for message, _ in READ_ALOUD])
def test_english_is_readable_after_six_years_of_school(message):
    assert grade(SLOT.sub("five", message)) <= 6


def syllables(word: str) -> int:
    """Spanish: strong vowels part, weak ones join what stands beside them unless accented."""
    spoken = re.sub(r"qu|gu(?=[eiéí])", "k", word)
    return max(1, len(re.findall(r"[iuüy]?[aeoáéó][iuy]?|[íú]|[iuüy]+", spoken)))


def ease(text: str) -> float:
    """How easy Spanish reads, by Fernández Huerta: from 70 up, six years of school are enough."""
    words = re.findall(r"[a-záéíóúüñ]+", text.lower())
    per_word = sum(map(syllables, words)) / len(words)
    return 206.84 - 60 * per_word - 1.02 * len(words) / len(sentences(text))


@pytest.mark.parametrize("message", READ_ALOUD, ids=lambda each: each[0])
def test_spanish_is_readable_after_six_years_of_school(message):
    text = spanish().get(*message).string
    assert ease(SLOT.sub("cinco", text)) >= 70


def test_sentences_are_short_in_both_languages():
    texts = [text for entry in entries() for text in (*ids_of(entry), *strings(entry))]
    assert [s for text in texts for s in sentences(text) if len(s.split()) > 20] == []


def test_no_words_hide_in_an_f_string():
    """Whoever collects the words does not look into braces: Spanish readers would get English."""
    hidden = re.compile(r"""\{(?:n?gettext|pgettext|_)\(""")
    sources = Path(tracker.__file__).parent.rglob("*.py")
    assert [path.name for path in sources if hidden.search(path.read_text())] == []
