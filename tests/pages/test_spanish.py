"""A phone in Spanish: no page of it says anything in English."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta
from functools import cache

import pytest
import time_machine
from django.test import Client

from tests.catalogue import SOURCES, spanish
from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, a_staff, fever
from tracker.clinical.words import LANGUAGES
from tracker.pages.urls import urlpatterns
from tracker.services import messages

ENGLISH = re.compile(r"\b(the|you|your|and|this|what|is|was|not|with|for|to)\b", re.IGNORECASE)
SLOT = re.compile(r"%\(\w+\)[sd]")
ASIDE = r"(?s)<script.*?</script>|<svg.*?</svg>|<style.*?</style>|<!--.*?-->"
TOLD = r"data-(?:sending|asked|arrived|lost|none|failed|\w+-words)"
SAID_IN = rf"\b(?:aria-label|placeholder|title|{TOLD})"


@pytest.fixture
def patient(db):
    clinic = a_clinic(name="Lago", hours="", emergency_number="911")
    patient = a_patient(clinic, name="Ada Quill", language="es", diabetes=True)
    a_procedure(patient)
    return patient


@pytest.fixture
def phone(patient):
    client = Client(headers={"accept-language": "es-MX,es;q=0.9"})
    a_phone(patient, client)
    return client


def texts(response) -> list[str]:
    """Everything that a page can show or read out, hidden parts too."""
    page = re.sub(ASIDE, "", response.content.decode())
    found = re.findall(r">([^<]+)<", page) + re.findall(rf'{SAID_IN}="([^"]*)"', page)
    shown = (" ".join(html.unescape(text).split()) for text in found)
    return [text for text in shown if re.search(r"[^\W\d_]{2}", text)]


def as_pattern(message: str) -> str:
    return ".+".join(re.escape(" ".join(part.split())) for part in SLOT.split(message))


@cache
def sayings() -> list[re.Pattern[str]]:
    """Each English message of the phone that Spanish does not share."""
    pairs = [
        (english, entry.string)
        for entry in spanish()
        if entry.id and entry.context is None
        for english in ([entry.id] if isinstance(entry.id, str) else entry.id)
    ]
    return [re.compile(as_pattern(english)) for english, said in pairs if english != said]


def english_in(response) -> list[str]:
    known = sayings()
    return [
        text
        for text in texts(response)
        if any(each.fullmatch(text) for each in known) or ENGLISH.search(text)
    ]


def card(phone, patient, **answers):
    recorded = a_check_in(patient, **answers)
    return phone.get(f"/check-in/{recorded.check_in.client_id}/")


FILES = {"/manifest.webmanifest", "/sw.js", "/offline/plan/"}
SENT = {"/advice/answer/", "/ice/offers/", "/join/whose/", "/one-tap/"}
OPENED = {f"/{each.pattern}" for each in urlpatterns if "<" not in str(each.pattern)}
PAGES = sorted({*OPENED, "/nothing/"} - FILES - SENT)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_nothing_in_english(phone, patient, settings, path):
    settings.DEMO = True  # shows the cards that nobody has approved yet
    phone.post("/therapies/", {"therapy_id": str(uuid.uuid4()), "kind": "walk"})
    a_check_in(patient, pain={"usual": 2}, other={"text": "me duele", "urgency": "today"})
    response = phone.get(path)

    assert 'lang="es"' in response.content.decode()
    assert english_in(response) == []


@pytest.mark.parametrize("kind", ["therapeutic", "diagnostic"])
@pytest.mark.parametrize("baseline", [None, 6])
@pytest.mark.parametrize("hours_ago", [-5, 1, 20, 50, 900])
def test_today_says_nothing_in_english_on_any_day(phone, patient, hours_ago, baseline, kind):
    procedure = patient.procedures.get()
    procedure.kind, procedure.baseline_pain = kind, baseline
    procedure.ended_at = NOW - timedelta(hours=hours_ago)
    procedure.save(update_fields=["kind", "baseline_pain", "ended_at"])

    for path in ("/", "/check-in/"):
        assert english_in(phone.get(path)) == []


@pytest.mark.parametrize(
    "answers",
    [
        {"pain": {"usual": 1}},
        fever("38.5"),
        fever("98.6", "Cel"),
        {"temperature": {"value": "37.9", "unit": "Cel"}},
        {"site": {"redness": 2, "swelling": 3, "drainage": "pus", "streaks": True}},
        {"glucose": {"value": "260", "unit": "mg/dL"}, "symptoms": {"ketones": "small"}},
        {"pain": {"usual": 9, "site": 8, "controlled": False, "worse_than_before": True}},
        {"symptoms": {"headache": "severe", "nausea": True, "leg_numbness": True}},
    ],
    ids=str,
)
def test_a_care_card_and_what_follows_it_say_nothing_in_english(phone, patient, answers):
    shown = card(phone, patient, **answers)
    assert english_in(shown) == []
    for path in ("/", "/history/", f"{shown.request['PATH_INFO']}change/"):
        assert english_in(phone.get(path)) == []


def test_an_emergency_repeats_in_english_only_what_no_translator_has_read(phone, patient):
    found = english_in(card(phone, patient, symptoms={"chest_pain": True, "faint": True}))
    ours = {
        text for name in ("lines", "advice") for text in getattr(LANGUAGES["en"], name).values()
    }
    allowed = " ".join(ours).replace("{emergency}", "911")

    assert found and all(text in allowed for text in found)


def test_ice_says_nothing_in_english_while_it_runs(phone, patient):
    phone.post("/ice/", {"session_id": str(uuid.uuid4())})
    for minutes in (0, 12, 20, 30):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            again = phone.post("/ice/", {"session_id": str(uuid.uuid4())})
            for response in (phone.get("/ice/"), phone.get("/"), again):
                assert english_in(response) == []

    patient.ice_contraindicated = True
    patient.save(update_fields=["ice_contraindicated"])
    assert english_in(phone.get("/ice/")) == []


def test_refusals_say_nothing_in_english(phone):
    for fields in (
        {},
        {"temperature": "60", "temperature_unit": "Cel"},
        {"glucose": "abc", "glucose_unit": "mg/dL"},
        {"glucose": "999", "glucose_unit": "mmol/L"},
    ):
        response = phone.post("/check-in/", {"check_in_id": str(uuid.uuid4()), **fields})
        assert response.status_code == 422
        assert english_in(response) == []
    for code in ("", "ABCD-999999"):
        assert english_in(phone.post("/join/", {"code": code})) == []


def test_the_clock_and_the_calendar_speak_spanish(phone, patient):
    a_check_in(patient, pain={"usual": 1})
    shown = " ".join(texts(phone.get("/history/")))

    assert "sábado, 21 de noviembre" in shown
    assert "10:00 AM" in shown.replace("\N{NO-BREAK SPACE}", " ")


def test_who_is_signed_in_is_spoken_to_in_their_language(patient):
    english = Client(headers={"accept-language": "en-US"})
    assert 'lang="en"' in english.get("/join/").content.decode()
    a_phone(patient, english)
    assert english_in(english.get("/join/")) == []


def test_the_app_itself_speaks_the_browsers_language(db):
    manifest = Client(headers={"accept-language": "es"}).get("/manifest.webmanifest").json()

    assert [each["name"] for each in manifest["shortcuts"]] == ["Cómo estoy", "Hielo"]


def test_every_source_has_its_spanish_name():
    assert all(spanish().get(name, "source") or name for name in SOURCES.values())


@pytest.mark.parametrize("did", ["called", "cannot_reach", "at_emergency_room"])
def test_reaching_the_clinic_says_nothing_in_english(phone, patient, did):
    nurse = a_staff(patient.clinic, name="Maria Lopez")
    a_check_in(patient, **fever("38.5"))
    messages.send(staff=nurse, patient_id=patient.pk, template="will_call", now=NOW)
    asked = {"request_id": str(uuid.uuid4()), "window": "any", "about": ""}
    phone.post("/call-back/", asked)
    phone.post("/advice/answer/", {"answer_id": str(uuid.uuid4()), "did": did})
    heat = phone.post("/therapies/", {"therapy_id": str(uuid.uuid4()), "kind": "heat"})
    let_in = phone.post("/people/", {"name": "Ana", "may": "log"})
    for response in (heat, let_in, *map(phone.get, ("/", "/call-back/", "/from-the-clinic/"))):
        assert english_in(response) == []
