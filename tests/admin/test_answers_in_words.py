"""What a check-in says, for people who have a few seconds."""

from __future__ import annotations

import pytest

from tracker.admin.answers import in_words
from tracker.clinical.intake import SYMPTOMS


def said(**answers):
    return {line.about: line.words for line in in_words(answers)}


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"pain": {"usual": 0}}, {"Pain": "Usual pain 0 of 10"}),
        (
            {"pain": {"usual": 8, "site": 5, "controlled": False, "worse_than_before": True}},
            {
                "Pain": "Usual pain 8 of 10; needle site 5 of 10; medicine or ice does not help; "
                "worse than before the block"
            },
        ),
        ({"temperature": {"value": "100.4", "unit": "[degF]"}}, {"Temperature": "100.4 °F"}),
        (
            {"glucose": {"value": "HI", "unit": "mg/dL", "device": "meter"}},
            {"Blood sugar": "HI; meter"},
        ),
        (
            {"site": {"redness": 2, "swelling": 0, "drainage": "pus", "streaks": True}},
            {
                "Injection site": "Redness palm-sized or spreading; swelling none; red streaks; "
                "fluid: pus"
            },
        ),
        (
            {"symptoms": {"chest_pain": True, "seizure": False, "headache": "severe"}},
            {"Reports": "Chest pain; headache (severe)", "Says no to": "A seizure"},
        ),
        (
            {"symptoms": {"urinary_retention_h": 9, "bleeding": "not_stopping"}},
            {"Reports": "No urine for 9 hours; bleeding (not stopping)"},
        ),
        (
            {"other": {"text": "my foot tingles", "urgency": "unsure"}},
            {"In their words": "“my foot tingles” (unsure how urgent)"},
        ),
        ({}, {}),
    ],
)
def test_every_value_is_said_as_it_was_typed(answers, words):
    assert said(**answers) == words


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_every_symptom_has_words(symptom):
    words = said(symptoms={symptom: True})["Reports"]
    assert "_" not in words
