"""History: by day, newest first, in words, units as typed."""

from __future__ import annotations

import uuid
from datetime import timedelta

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, fever
from tests.pages.reading import read


def history(phone, query=""):
    response = phone.get(f"/history/{query}")
    assert response.status_code == 200
    return read(response)


def test_it_is_told_in_the_words_that_were_asked(phone, patient):
    a_check_in(
        patient,
        pain={"usual": 4, "site": 2, "worse_than_before": True},
        temperature={"value": "100.2", "unit": "[degF]"},
        glucose={"value": "HI", "unit": "mg/dL"},
        site={"redness": 1, "swelling": 0, "drainage": "clear"},
        symptoms={"hives": True, "dyspnea": False, "leg_weakness": "mild"},
        other={"text": "my <i>foot</i> tingles", "urgency": "can_wait"},
    )
    words = history(phone).words

    for told in (
        "Usual pain: 4 of 10",
        "Worse than before the procedure",
        "Temperature: 100.2 °F",
        "Blood sugar: HI",
        "Redness: as big as a coin",
        "Fluid: clear fluid",
        "Hives or an itchy rash",
        "A leg that feels weak, but I can stand",
        "“my <i>foot</i> tingles”",
    ):
        assert told in words
    assert "Trouble breathing" not in words
    assert "Swelling:" not in words


def test_days_stand_newest_first_with_their_number(phone, patient):
    a_check_in(patient, now=NOW - timedelta(days=1))
    a_check_in(patient)
    words = history(phone).words

    assert words.index("Saturday, November 21 Day 2") < words.index("Friday, November 20 Day 1")


def test_long_histories_come_in_pages(phone, patient):
    for hours in range(32):
        a_check_in(patient, now=NOW - timedelta(hours=hours), pain={"usual": hours % 10})
    first = history(phone)
    older = history(phone, first.links["Show older ones"])

    assert first.words.count("Usual pain") == 30
    assert older.words.count("Usual pain") == 2
    assert "Show older ones" not in older.links


def test_it_shows_nobody_elses(phone):
    stranger = a_patient()
    a_procedure(stranger)
    foreign = a_check_in(stranger, **fever("39.5")).check_in.client_id

    assert "39.5" not in history(phone).words
    for before in (foreign, uuid.uuid4(), "nonsense"):
        assert phone.get(f"/history/?before={before}").status_code == 404


def test_what_was_corrected_says_so(phone, patient):
    asked = a_check_in(patient, **fever("98.6", "Cel"))
    phone.post(
        f"/check-in/{asked.check_in.client_id}/answer/",
        {"pointer": "/temperature", "choice": "suggested"},
    )

    assert "You corrected this later." in history(phone).words


def test_without_any_it_says_what_will_stand_here(phone):
    assert "Nothing yet." in history(phone).words
