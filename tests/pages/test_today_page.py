"""Today: the day, what is due, what stands, what the clinic has seen, whom to call."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.conftest import NOW
from tests.factories import a_check_in, a_staff, fever
from tests.pages.reading import read
from tracker.models import Clinic, Patient
from tracker.models.clinic import usual_hours
from tracker.services import alerts, escalation


def today(phone):
    response = phone.get("/")
    assert response.status_code == 200
    return read(response)


def test_it_counts_days_on_the_patients_calendar(phone):
    page = today(phone)

    assert "Day 2" in page.words
    assert "Your nerve block was 2 days ago." in page.words


def test_a_check_in_is_due_until_one_was_made_today(phone, patient):
    assert "Time for your check-in" in today(phone).words

    a_check_in(patient)

    words = today(phone).words
    assert "You checked in today" in words
    assert "Time for your check-in" not in words


def test_feeling_worse_is_one_tap_away(phone, patient):
    assert today(phone).links["I feel worse"] == "/check-in/"
    a_check_in(patient)
    assert today(phone).links["I feel worse"] == "/check-in/"


def test_the_advice_that_stands_is_shown_with_its_call_button(phone, patient):
    recorded = a_check_in(patient, **fever("38.1"))
    page = today(phone)

    assert "Temperature 38.1 °C; the limit is 38.0 °C." in page.words
    assert page.links["Read all of the advice"] == f"/check-in/{recorded.check_in.client_id}/"
    assert page.words.index("Temperature 38.1") < page.words.index("You checked in today")


def test_it_says_when_an_alert_was_sent_and_when_it_was_seen(phone, patient):
    a_check_in(patient, **fever("38.1"))
    assert "Sent to the clinic at 10:00 AM." in today(phone).words

    nurse = a_staff(patient.clinic)
    alerts.acknowledge(staff=nurse, alert_id=patient.alerts.get().pk, now=NOW)

    words = today(phone).words
    assert "The clinic has seen this, at 10:00 AM." in words
    assert "Sent to the clinic" not in words


UNSEEN = {
    "en": "Nobody has seen this yet. Please call the clinic.",
    "es": "Nadie ha visto esto todavía. Por favor, llame a la clínica.",
}


@pytest.mark.parametrize("language", UNSEEN)
def test_an_alert_that_nobody_saw_in_time_tells_the_patient_to_call(phone, patient, language):
    """Though no worker may be alive to escalate it."""
    Patient.objects.update(language=language)
    a_check_in(patient, **fever("38.1"))
    for minutes, told in ((60, False), (61, True)):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            assert (UNSEEN[language] in today(phone).words) is told
            standing = phone.get("/api/v1/me/").json()["nobody_has_seen"]
            assert standing == (UNSEEN[language] if told else None)


def test_what_was_seen_once_is_not_called_unseen_when_it_comes_back(phone, patient):
    a_check_in(patient, **fever("38.1"))
    alert = patient.alerts.get()
    alerts.acknowledge(staff=a_staff(patient.clinic), alert_id=alert.pk, now=NOW)
    later = NOW + timedelta(hours=4)
    escalation.escalate_one(alert_id=alert.pk, now=later)
    with time_machine.travel(later, tick=False):
        words = today(phone).words
        assert phone.get("/api/v1/me/").json()["nobody_has_seen"] is None
    assert "The clinic has seen this, at 10:00 AM." in words
    assert UNSEEN["en"] not in words


def test_with_nobody_on_call_the_patient_is_told_at_once_and_what_to_do(phone, patient):
    patient.clinic.memberships.all().delete()
    Clinic.objects.update(after_hours_text="Call the hospital: they can reach us.")
    assert "they can reach us" not in today(phone).words
    a_check_in(patient, **fever("38.1"))
    words = today(phone).words
    assert UNSEEN["en"] in words
    assert "Call the hospital: they can reach us." in words


@pytest.mark.parametrize(
    ("language", "texts", "read"),
    [
        ("en", ("Call the hospital.", "Llame al hospital."), "Call the hospital."),
        ("es", ("Call the hospital.", "Llame al hospital."), "Llame al hospital."),
        ("es", ("Call the hospital.", ""), "Call the hospital."),
        ("en", ("", "Llame al hospital."), "Llame al hospital."),
    ],
)
def test_what_to_do_when_closed_is_read_in_ones_own_language(phone, patient, language, texts, read):
    Clinic.objects.update(
        after_hours_text=texts[0], after_hours_text_es=texts[1], opening_hours=usual_hours()
    )
    Patient.objects.update(language=language)
    a_check_in(Patient.objects.get(), **fever("38.1"))
    words = today(phone).words
    assert [text for text in texts if text and text in words] == [read]
    told = phone.get("/api/v1/me/").json()
    assert told["clinic"]["after_hours_text"] == told["after_hours"] == read


@pytest.mark.parametrize(("hours", "told"), [(usual_hours(), True), ({}, False)])
def test_a_call_that_waits_for_the_morning_says_what_to_do_until_then(phone, patient, hours, told):
    Clinic.objects.update(after_hours_text="Call the hospital.", opening_hours=hours)
    a_check_in(Patient.objects.get(), **fever("38.1"))
    words = today(phone).words
    assert ("Call the hospital." in words) is told
    assert UNSEEN["en"] not in words


def test_the_clinic_and_its_hours_can_be_called(phone):
    page = today(phone)

    assert page.links["Call the clinic"] == "tel:+15555550100"
    assert page.links["When it is closed"] == "tel:+15555550101"
    assert "Weekdays 8 to 5" in page.words
    assert "No one watches this app all day and night." in page.words


def test_days_with_a_check_in_are_marked(phone, patient):
    a_check_in(patient, now=NOW - timedelta(days=1))
    marks = [
        values["class"]
        for tag, values in today(phone).tags
        if tag == "li" and values.get("class") in ("done", "missed", "today", "ahead")
    ]

    assert marks[:4] == ["missed", "done", "today", "ahead"]
    assert len(marks) == 15


def test_before_the_block_it_welcomes(phone, patient):
    patient.procedures.update(ended_at=None, state="SCHEDULED")

    words = today(phone).words

    assert "Your nerve block is still to come." in words
