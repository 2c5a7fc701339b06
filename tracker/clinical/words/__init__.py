"""Every sentence that a patient or a member of staff reads, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import en_advice, en_answers, en_evidence, es_advice, es_answers, es_evidence


@dataclass(slots=True, frozen=True)
class Words:
    """One language: names of items and fields, sentences, headlines and advice.

    A message is named by its group and key, such as "advice.EM-CHEST". `reviewed_by` names the
    qualified translator of each message that one has checked; None is the original. An emergency
    text that nobody has reviewed is shown with the English line below it.
    """

    conjunction: str
    reviewed_by: Mapping[str, str] | None
    items: Mapping[str, str]
    values: Mapping[str, str]
    fields: Mapping[str, str]
    sentences: Mapping[str, str]
    headlines: Mapping[str, str]
    actions: Mapping[str, str]
    lines: Mapping[str, str]
    advice: Mapping[str, str]

    def message(self, name: str) -> str:
        group, _, key = name.partition(".")
        said: str = getattr(self, group)[key]
        return said

    def reviewed(self, name: str) -> bool:
        return self.reviewed_by is None or name in self.reviewed_by


ENGLISH = Words(
    conjunction="and",
    reviewed_by=None,
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
    reviewed_by=es_advice.REVIEWED_BY,
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
