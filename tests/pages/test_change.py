"""What was told can be changed: the form opens as it was filled in, and corrects what it was."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_phone, a_procedure, fever
from tests.pages.reading import read
from tracker.models import CheckIn
from tracker.pages.filled_in import corrected, filled_in

TOLD = [
    {"pain": {"usual": 7, "site": 0, "controlled": False, "worse_than_before": True}},
    {"temperature": {"value": "100.2", "unit": "[degF]"}},
    {"temperature": {"value": "37.2", "unit": "Cel"}, "pain": {"usual": 1}},
    {"glucose": {"value": "HI", "unit": "mg/dL", "device": "cgm"}},
    {"glucose": {"value": "6.1", "unit": "mmol/L", "device": "meter"}},
    {"site": {"redness": 0, "swelling": 0, "warmth": False, "drainage": "none", "streaks": False}},
    {"site": {"redness": 2, "warmth": True, "bruise": True, "drainage": "clear", "trend": "worse"}},
    {"site": {"swelling": 1}, "symptoms": {"bleeding": "soaking", "hives": True}},
    {"symptoms": {"faint": True, "faint_injury": True, "faint_recovered": False}},
    {"symptoms": {"leg_weakness": "mild", "urinary_retention_h": 8, "chills": True}},
    {"other": {"text": "my foot tingles", "urgency": "can_wait"}},
]


def change(phone, recorded):
    response = phone.get(f"/check-in/{recorded.check_in.client_id}/change/")
    assert response.status_code == 200
    return read(response)


def filled(page) -> dict[str, list[str]]:
    """What a browser sends of the form as it stands."""
    sent: dict[str, list[str]] = {}
    for name, fields in page.fields.items():
        for field in fields:
            to_tick = field.get("type") in ("radio", "checkbox")
            if not to_tick or "checked" in field:
                sent.setdefault(name, []).append(field.get("value", "on" if to_tick else ""))
    return sent


@pytest.mark.parametrize("answers", TOLD, ids=str)
def test_a_form_sent_as_it_opens_says_the_same_again(phone, patient, answers):
    recorded = a_check_in(patient, **answers)
    fields = filled(change(phone, recorded))
    if "other" in answers:
        fields["text"] = [answers["other"]["text"]]  # stands between the tags of its box

    phone.post("/check-in/", {**fields, "check_in_id": str(uuid.uuid4())})

    newest = CheckIn.objects.latest("pk")
    assert newest.corrects == recorded.check_in
    kept = {part: value for part, value in newest.answers.items() if part in answers}
    assert kept == answers
    assert newest.observed_at == recorded.check_in.observed_at


def test_the_card_leads_to_the_change(phone, patient):
    recorded = a_check_in(patient, pain={"usual": 2})
    page = read(phone.get(f"/check-in/{recorded.check_in.client_id}/"))

    assert page.links["Change this"] == f"/check-in/{recorded.check_in.client_id}/change/"
    assert "Change your answers" in change(phone, recorded).words


def test_a_changed_answer_counts_and_the_old_one_no_more(phone, patient):
    recorded = a_check_in(patient, **fever("38.5"), pain={"usual": 3})
    fields = filled(change(phone, recorded)) | {"temperature": ["36.8"]}
    response = phone.post("/check-in/", fields)

    card = read(phone.get(response.headers["Location"]))
    assert "Temperature: 36.8 °C" in card.words and "Usual pain: 3 of 10" in card.words
    assert "Temperature: 38.5" not in card.words


def test_sent_twice_a_change_is_one_correction(phone, patient):
    recorded = a_check_in(patient, pain={"usual": 3})
    fields = filled(change(phone, recorded)) | {"usual": ["4"]}
    first, second = (phone.post("/check-in/", fields) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert CheckIn.objects.count() == 2


def test_a_refused_change_stays_a_change(phone, patient):
    recorded = a_check_in(patient, pain={"usual": 3})
    fields = filled(change(phone, recorded)) | {"temperature": ["60"]}
    page = read(phone.post("/check-in/", fields))

    assert page.value_of("corrects") == str(recorded.check_in.client_id)
    assert page.chosen("usual") == ["3"]


def test_what_was_changed_already_opens_as_it_counts_now(phone, patient):
    recorded = a_check_in(patient, pain={"usual": 3})
    phone.post("/check-in/", filled(change(phone, recorded)) | {"usual": ["4"]})

    assert change(phone, recorded).chosen("usual") == ["4"]


def test_what_this_form_cannot_ask_is_kept(patient):
    check_in = a_check_in(
        patient, pain={"usual": 2}, symptoms={"headache": "mild", "hives": True}
    ).check_in

    body = corrected(check_in, {"pain": {"usual": 3}, "symptoms": {"dizzy": True}})

    assert body["symptoms"] == {"headache": "mild", "dizzy": True}
    assert body["pain"] == {"usual": 3}


def test_a_number_stays_confirmed_only_while_it_stays_the_same(patient):
    glucose = {"value": "22", "unit": "mg/dL", "device": "meter"}
    check_in = a_check_in(patient, glucose=glucose, confirmed=["glucose"]).check_in

    assert corrected(check_in, {"glucose": glucose})["confirmed"] == ["glucose"]
    assert "confirmed" not in corrected(check_in, {"glucose": {**glucose, "value": "220"}})


def test_none_of_these_is_filled_in_again(patient):
    check_in = a_check_in(patient, symptoms={"dizzy": True, "feverish": False}).check_in

    assert filled_in(check_in)["other"] == ["dizzy"]
    assert filled_in(check_in)["emergency"] == []


def test_nobody_else_can_open_or_change_it(phone, patient):
    recorded = a_check_in(patient, pain={"usual": 3})
    stranger, other = Client(), a_patient()
    a_procedure(other)
    a_phone(other, stranger)

    assert stranger.get(f"/check-in/{recorded.check_in.client_id}/change/").status_code == 404
    told = {"check_in_id": str(uuid.uuid4()), "usual": "9"}
    refused = stranger.post("/check-in/", {**told, "corrects": str(recorded.check_in.client_id)})
    assert refused.status_code == 404
    assert CheckIn.objects.count() == 1


def test_a_form_of_somebody_who_signed_out_is_not_taken_for_the_next(phone, patient):
    """Two patients share a phone: what one left open must not become the answer of the other."""
    form = filled(read(phone.get("/check-in/")))
    other = a_patient(patient.clinic)
    a_procedure(other)
    a_phone(other, phone, now=NOW)

    response = phone.post("/check-in/", form | {"usual": ["9"]})

    assert response.status_code == 403
    assert "nothing was sent" in read(response).words
    assert not CheckIn.objects.exists()


def test_today_leads_to_the_change_of_the_last_check_in(phone, patient):
    a_check_in(patient, now=NOW - timedelta(hours=1), pain={"usual": 3})
    last = a_check_in(patient, pain={"usual": 2})

    links = read(phone.get("/")).links
    assert links["Change what I told you"] == f"/check-in/{last.check_in.client_id}/change/"
