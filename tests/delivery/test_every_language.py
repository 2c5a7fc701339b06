"""Whatever reaches a patient outside of the pages is written in each language of theirs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tracker.clinical.sources import VERIFY
from tracker.clinical.words import LANGUAGES
from tracker.delivery.texts import STOP, TEXTS
from tracker.education.cards import CARDS
from tracker.models.consent import ConsentKind
from tracker.models.delivery import MessageKind
from tracker.models.patient import Language
from tracker.services.advising import NOBODY_HAS_SEEN
from tracker.services.consents import WORDINGS
from tracker.services.message_texts import TEMPLATES

SPOKEN = set(Language.values)
TO_PATIENTS = [kind for kind in MessageKind if not kind.startswith("STAFF")]
PRINTED = Path(settings.ROOT) / "tracker" / "templates" / "desk" / "parts"


@pytest.mark.parametrize("kind", TO_PATIENTS, ids=str)
def test_each_push_e_mail_and_text_is(kind):
    said = {language: TEXTS[kind, language] for language in SPOKEN}
    assert all(each.title and each.body for each in said.values())
    assert len(set(said.values())) == len(SPOKEN)


@pytest.mark.parametrize("kind", ConsentKind, ids=str)
def test_each_agreement_is(kind):
    assert len({WORDINGS[kind, language] for language in SPOKEN}) == len(SPOKEN)


@pytest.mark.parametrize(
    "said",
    [
        STOP,
        NOBODY_HAS_SEEN,
        VERIFY,
        LANGUAGES,
        *(each.words for each in TEMPLATES.values()),
        *(each.texts for each in CARDS),
    ],
    ids=lambda said: next(iter(map(str, said.values())))[:40],
)
def test_each_prepared_text_is(said):
    assert set(said) == SPOKEN
    assert all(said.values())


def test_the_card_that_is_printed_is_and_tells_the_same():
    cards = {each: (PRINTED / f"card_{each}.html").read_text() for each in SPOKEN}
    told = {each: sorted(re.findall(r"{{ ([\w.]+)", card)) for each, card in cards.items()}
    shape = {each: re.findall(r"<(\w+)", card) for each, card in cards.items()}
    for each, card in cards.items():
        assert f'lang="{each}"' in card
        assert (told[each], shape[each]) == (told["en"], shape["en"])
