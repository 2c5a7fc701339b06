"""The form says what was filled in, keeps what was wrong, and makes one row however often sent."""

from __future__ import annotations

import uuid

import pytest
import time_machine
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_patient, a_phone
from tests.pages.reading import read
from tracker.models import Alert, CheckIn

NOTHING = {"emergency": "none"}


def send(phone: Client, check_in_id: uuid.UUID | str | None = None, **fields):
    return phone.post("/check-in/", {"check_in_id": check_in_id or uuid.uuid4(), **fields})


def answers_of(phone: Client, **fields):
    response = send(phone, **fields)
    assert response.status_code == 302, read(response).words
    stored = CheckIn.objects.latest("pk").answers
    return {part: value for part, value in stored.items() if part != "observed_at"}


def test_pain_scores_are_whole_numbers(phone):
    assert answers_of(phone, usual="4", site="0") == {"pain": {"usual": 4, "site": 0}}


def test_none_of_these_says_no_to_each(phone):
    symptoms = answers_of(phone, **NOTHING)["symptoms"]

    assert symptoms["dyspnea"] is False
    assert symptoms["leg_weakness"] is False
    assert symptoms["bleeding"] is False
    assert True not in symptoms.values()


def test_what_was_not_ticked_was_not_answered(phone):
    assert answers_of(phone, emergency="chest_pain") == {"symptoms": {"chest_pain": True}}


def test_a_sign_outweighs_none_of_these(phone):
    said = answers_of(phone, emergency=["none", "chest_pain"])

    assert said == {"symptoms": {"chest_pain": True}}


@pytest.mark.parametrize(
    ("ticked", "symptoms"),
    [
        ("leg_mild", {"leg_weakness": "mild"}),
        (["leg_mild", "leg_severe"], {"leg_weakness": "severe"}),
        ("no_urine", {"urinary_retention_h": 8}),
        ("bleeding", {"bleeding": "not_stopping"}),
    ],
    ids=str,
)
def test_a_tick_becomes_the_word_that_rules_know(phone, ticked, symptoms):
    assert answers_of(phone, emergency=ticked)["symptoms"] == symptoms


def test_a_faint_is_told_with_what_happened_then(phone):
    said = answers_of(phone, emergency="faint", faint_more="faint_injury", faint_recovered="no")

    assert said["symptoms"] == {"faint": True, "faint_injury": True, "faint_recovered": False}


def test_details_of_a_faint_without_a_faint_say_nothing(phone):
    said = answers_of(phone, usual="2", faint_more="faint_injury", faint_recovered="no")

    assert "symptoms" not in said


def test_a_soaked_bandage_outweighs_none_of_these(phone):
    said = answers_of(phone, emergency="none", site_look="different", soaked="on")

    assert said["symptoms"]["bleeding"] == "soaking"


def test_normal_skin_answers_every_item_of_it(phone):
    assert answers_of(phone, site_look="normal")["site"] == {
        "redness": 0, "swelling": 0, "warmth": False, "drainage": "none", "streaks": False,
    }  # fmt: skip


def test_skin_that_looks_different_is_told_item_by_item(phone):
    said = answers_of(phone, site_look="different", redness="2", warmth="on", trend="worse")

    assert said["site"] == {"redness": 2, "warmth": True, "trend": "worse"}


def test_a_temperature_is_kept_as_typed_in_its_unit(phone):
    said = answers_of(phone, temperature="38,1", temperature_unit="Cel")

    assert said["temperature"] == {"value": "38.1", "unit": "Cel"}


@pytest.mark.parametrize("shows", ["HI", "LO"])
def test_a_meter_that_shows_a_word_is_told_as_the_word(phone, shows):
    said = answers_of(phone, glucose_reads=shows, glucose_unit="mg/dL", glucose_device="cgm")

    assert said["glucose"] == {"value": shows, "unit": "mg/dL", "device": "cgm"}


def test_a_unit_alone_says_nothing_about_sugar_or_temperature(phone):
    said = answers_of(phone, usual="1", temperature_unit="Cel", glucose_unit="mg/dL")

    assert said == {"pain": {"usual": 1}}


def test_own_words_travel_with_how_soon_they_should_be_read(phone):
    said = answers_of(phone, text="my foot tingles", urgency="today")

    assert said["other"] == {"text": "my foot tingles", "urgency": "today"}


def test_an_answer_that_cannot_be_right_keeps_all_the_others(phone):
    check_in_id = str(uuid.uuid4())
    response = send(
        phone,
        check_in_id,
        emergency="none",
        usual="7",
        temperature="60",
        temperature_unit="Cel",
        text="<b>it burns</b>",
    )

    assert response.status_code == 422
    page = read(response)
    assert "Nothing was sent yet." in page.words
    assert (
        page.words.count("Temperature must be from 34.0 to 43.0 °C.") == 2
    )  # on top and beside it
    assert page.links["Temperature must be from 34.0 to 43.0 °C."] == "#id_temperature"
    assert page.value_of("check_in_id") == check_in_id
    assert page.value_of("temperature") == "60"
    assert page.chosen("temperature_unit") == ["Cel"]
    assert page.chosen("emergency") == ["none"]
    assert page.chosen("usual") == ["7"]
    assert b"&lt;b&gt;it burns&lt;/b&gt;" in response.content
    assert not CheckIn.objects.exists()


def test_an_empty_form_asks_for_one_answer(phone):
    page = read(send(phone, temperature_unit="[degF]"))

    assert "Please answer at least one question." in page.words


def test_sent_twice_it_is_one_check_in(phone):
    check_in_id = uuid.uuid4()
    first = send(phone, check_in_id, usual="3")
    with time_machine.travel(NOW.replace(second=4), tick=False):
        second = send(phone, check_in_id, usual="3")

    assert first.headers["Location"] == second.headers["Location"] == f"/check-in/{check_in_id}/"
    assert CheckIn.objects.count() == 1


def test_sent_again_with_other_answers_it_corrects_itself(phone):
    check_in_id = uuid.uuid4()
    send(phone, check_in_id, usual="3")
    second = send(phone, check_in_id, emergency="chest_pain")
    third = send(phone, check_in_id, emergency="chest_pain")

    assert second.headers["Location"] == third.headers["Location"]
    assert CheckIn.objects.count() == 2
    assert CheckIn.objects.latest("pk").corrects.client_id == check_in_id
    assert Alert.objects.get().sign == "chest"


def test_a_form_left_open_for_hours_makes_a_new_check_in(phone):
    check_in_id = uuid.uuid4()
    send(phone, check_in_id, usual="3")
    with time_machine.travel(NOW.replace(hour=20), tick=False):
        send(phone, check_in_id, usual="5")

    assert CheckIn.objects.count() == 2
    assert CheckIn.objects.latest("pk").corrects is None


def test_a_stranger_with_the_same_id_writes_their_own_row(phone, patient):
    check_in_id = uuid.uuid4()
    send(phone, check_in_id, usual="3")
    stranger = Client()
    other = a_patient()
    a_phone(other, stranger)

    response = send(stranger, check_in_id, usual="9")

    assert response.status_code == 422  # nobody planned a procedure for them
    assert "Call it." in read(response).words
    assert CheckIn.objects.get().patient == patient


def test_the_units_are_the_patients_own(phone, patient):
    patient.temperature_unit, patient.glucose_unit = "Cel", "mmol/L"
    patient.save(update_fields=["temperature_unit", "glucose_unit"])

    page = read(phone.get("/check-in/"))

    assert page.chosen("temperature_unit") == ["Cel"]
    assert page.chosen("glucose_unit") == ["mmol/L"]


def test_pain_is_eleven_buttons(phone):
    page = read(phone.get("/check-in/"))

    for name in ("usual", "site"):
        assert [each["value"] for each in page.fields[name]] == [str(n) for n in range(11)]
        assert {each["type"] for each in page.fields[name]} == {"radio"}


def test_the_emergency_screen_comes_first(phone):
    names = list(read(phone.get("/check-in/")).fields)

    assert names.index("emergency") < names.index("usual")


def test_every_form_has_an_id_of_its_own(phone):
    ids = {read(phone.get("/check-in/")).value_of("check_in_id") for _ in range(2)}

    assert len(ids) == 2


def test_a_form_from_a_foreign_page_is_refused(phone):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.cookies

    response = send(strict, usual="3")

    assert response.status_code == 403
    assert "nothing was sent" in read(response).words
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"temperature": "60", "temperature_unit": "[degF]"}, "from 93.2 to 109.4 °F."),
        ({"temperature": "60", "temperature_unit": "Cel"}, "from 34.0 to 43.0 °C."),
        ({"temperature": "60"}, "from 93.2 to 109.4 °F."),
        ({"glucose": "5000", "glucose_unit": "mg/dL"}, "mg/dL."),
        ({"glucose": "0.3", "glucose_unit": "mmol/L"}, "mmol/L."),
    ],
    ids=str,
)
def test_a_number_out_of_range_is_refused_in_its_unit(phone, fields, sentence):
    assert sentence in read(send(phone, **fields)).words
