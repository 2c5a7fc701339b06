"""Every sentence that a patient or a member of staff reads, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import en_advice, en_answers, en_evidence, es_advice, es_answers, es_evidence


@dataclass(slots=True, frozen=True)
class Words:
    """One language: names of items and fields, sentences, headlines and advice.

    `reviewed_by` names the qualified translator. While nobody has reviewed a language, its
    emergency texts are shown with the English line below them.
    """

    conjunction: str
    reviewed_by: str | None
    items: Mapping[str, str]
    values: Mapping[str, str]
    fields: Mapping[str, str]
    sentences: Mapping[str, str]
    headlines: Mapping[str, str]
    actions: Mapping[str, str]
    lines: Mapping[str, str]
    advice: Mapping[str, str]


ENGLISH = Words(
    conjunction="and",
    reviewed_by="the original",
    items=en_evidence.ITEMS,
    values=en_evidence.VALUES,
    fields=en_answers.FIELDS,
    sentences={**en_evidence.EVIDENCE, **en_answers.PROBLEMS},
    headlines=en_advice.HEADLINES,
    actions=en_advice.ACTIONS,
    lines=en_advice.LINES,
    advice=en_advice.ADVICE,
)
SPANISH = Words(
    conjunction="y",
    reviewed_by=None,
    items=es_evidence.ITEMS,
    values=es_evidence.VALUES,
    fields=es_answers.FIELDS,
    sentences={**es_evidence.EVIDENCE, **es_answers.PROBLEMS},
    headlines=es_advice.HEADLINES,
    actions=es_advice.ACTIONS,
    lines=es_advice.LINES,
    advice=es_advice.ADVICE,
)
LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "es": SPANISH}


def words(language: str) -> Words:
    """The words of a language; English where we do not have the language."""
    return LANGUAGES.get(language, ENGLISH)
