"""The answer to a check-in: how urgent, what to do first, whom to call, why, what we ask."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_phone, a_procedure, fever
from tests.pages.reading import read
from tracker.models import CheckIn


def card_of(phone, recorded):
    return read(phone.get(f"/check-in/{recorded.check_in.client_id}/"))


def level(page) -> str:
    classes = [values["class"] for tag, values in page.tags if "care-" in values.get("class", "")]
    return classes[0].split("care-")[1].split()[0]


def test_calm_answers_are_answered_calmly(phone, patient):
    page = card_of(phone, a_check_in(patient, pain={"usual": 2, "site": 1}))

    assert level(page) == "self"
    assert "The clinic can read them." in page.words


def test_a_fever_says_call_today_and_shows_the_number(phone, patient):
    page = card_of(phone, a_check_in(patient, **fever("38.1")))

    assert level(page) == "call"
    assert "tel:+15555550100" in page.links.values()
    assert "Temperature 38.1 °C; the limit is 38.0 °C." in page.words
    assert "Source: Novus Spine & Pain Center, cluneal nerve block" in page.words
    assert "What your own clinic told you comes first." in page.words
    assert "verify" not in page.words
    assert "Sent to the clinic at 10:00 AM:" in page.words
    assert "Fever" in page.words


def test_an_emergency_says_911_first(phone, patient):
    page = card_of(phone, a_check_in(patient, symptoms={"chest_pain": True}))

    assert level(page) == "911"
    calls = [link for link in page.links.values() if link.startswith("tel:")]
    assert calls[0] == "tel:911"


@pytest.mark.parametrize("language", ["en", "es"])
def test_each_card_has_one_heading_of_the_first_level(phone, patient, language):
    patient.language = language
    patient.save(update_fields=["language"])
    page = card_of(phone, a_check_in(patient, **fever("38.1")))

    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert ("html", {"lang": language}) in page.tags


def test_advice_is_in_the_patients_language(phone, patient):
    patient.language = "es"
    patient.save(update_fields=["language"])

    assert "Llame" in card_of(phone, a_check_in(patient, **fever("38.1"))).words


def test_foreign_and_unknown_ids_look_the_same(phone):
    stranger = a_patient()
    a_procedure(stranger)
    foreign = a_check_in(stranger).check_in.client_id

    for client_id in (foreign, uuid.uuid4()):
        response = phone.get(f"/check-in/{client_id}/")
        assert response.status_code == 404
        assert "There is nothing here." in read(response).words


def test_a_unit_that_cannot_be_is_asked_about_beside_the_advice(phone, patient):
    asked = a_check_in(patient, **fever("98.6", "Cel"), pain={"usual": 2})
    page = card_of(phone, asked)

    assert "Did you mean 98.6 °F?" in page.words
    assert [each["value"] for each in page.fields["choice"]] == ["suggested", "typed"]


def answer(phone, recorded, choice, pointer="/temperature"):
    return phone.post(
        f"/check-in/{recorded.check_in.client_id}/answer/", {"pointer": pointer, "choice": choice}
    )


def test_yes_sends_a_correction_with_the_value_that_was_meant(phone, patient):
    asked = a_check_in(patient, **fever("101.3", "Cel"))

    response = answer(phone, asked, "suggested")

    correction = CheckIn.objects.get(corrects=asked.check_in)
    assert correction.answers["temperature"] == {"value": "101.3", "unit": "[degF]"}
    assert correction.observed_at == asked.check_in.observed_at
    page = read(phone.get(response.headers["Location"]))
    assert level(page) == "call"
    assert "choice" not in page.fields


def test_no_confirms_what_was_typed(phone, patient):
    asked = a_check_in(patient, glucose={"value": "22", "unit": "mg/dL"})

    answer(phone, asked, "typed", "/glucose")

    correction = CheckIn.objects.get(corrects=asked.check_in)
    assert correction.answers["confirmed"] == ["glucose"]
    assert correction.answers["glucose"] == {"value": "22", "unit": "mg/dL"}


def test_answering_twice_makes_one_correction(phone, patient):
    asked = a_check_in(patient, **fever("98.6", "Cel"))
    first, second = (answer(phone, asked, "suggested") for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert CheckIn.objects.count() == 2


def test_a_corrected_card_leads_to_the_one_that_counts(phone, patient):
    asked = a_check_in(patient, **fever("101.3", "Cel"))
    newer = answer(phone, asked, "suggested").headers["Location"]

    assert phone.get(f"/check-in/{asked.check_in.client_id}/").headers["Location"] == newer


def test_a_stranger_cannot_answer_for_somebody(patient):
    asked = a_check_in(patient, **fever("98.6", "Cel"))
    stranger = Client()
    a_phone(a_patient(), stranger)

    assert answer(stranger, asked, "suggested").status_code == 404
    assert CheckIn.objects.count() == 1


def test_a_calm_answer_does_not_hide_what_the_clinic_still_has(phone, patient):
    a_check_in(patient, now=NOW - timedelta(minutes=1), symptoms={"chest_pain": True})
    page = card_of(phone, a_check_in(patient, symptoms={"chest_pain": False}))
    assert "You told us before, and the clinic still has it: Chest" in page.words
