"""One button on the care card says what the patient did; the advice goes, the alert stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.conftest import NOW
from tests.factories import a_check_in, a_staff, fever
from tests.pages.reading import read
from tracker.models import Alert, AnswerToAdvice, Clinic
from tracker.models.alert import Outcome
from tracker.services import alerts, messages

REASON = "Temperature 38.1 °C; the limit is 38.0 °C."
SAID = {
    "called": "You told us at 10:05 AM that you called.",
    "cannot_reach": "We are telling more people at the clinic.",
    "at_emergency_room": "you are at the emergency room. The clinic is told.",
}


def today(phone):
    return read(phone.get("/"))


def say(phone, did, path="/"):
    answer_id = read(phone.get(path)).value_of("answer_id")
    return phone.post("/advice/answer/", {"answer_id": answer_id, "did": did})


@pytest.mark.parametrize("did", SAID)
def test_each_answer_takes_the_advice_down_and_says_what_was_said(phone, patient, did):
    a_check_in(patient, **fever())
    assert REASON in today(phone).words
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        assert say(phone, did).status_code == 302
        words = today(phone).words
    assert SAID[did] in words
    assert REASON not in words
    assert Alert.objects.get().state == "OPEN"


def test_the_care_card_has_the_buttons_too(phone, patient):
    check_in = a_check_in(patient, **fever()).check_in
    say(phone, "called", f"/check-in/{check_in.client_id}/")
    assert AnswerToAdvice.objects.get().did == "called"


def test_advice_to_look_after_oneself_asks_for_no_answer(phone, patient):
    a_check_in(patient)
    assert "I called" not in today(phone).words


def test_who_cannot_reach_the_clinic_reads_what_to_do_after_hours(phone, patient):
    Clinic.objects.update(after_hours_text="Call the hospital.")
    a_check_in(patient, **fever())
    assert "Call the hospital." not in today(phone).words
    say(phone, "cannot_reach")
    assert "Call the hospital." in today(phone).words


def test_the_next_check_in_is_advised_anew(phone, patient):
    a_check_in(patient, **fever())
    say(phone, "called")
    later = NOW + timedelta(hours=1)
    with time_machine.travel(later, tick=False):
        a_check_in(patient, now=later, **fever("38.9"))
        assert "Temperature 38.9 °C" in today(phone).words


def test_what_staff_resolved_stands_no_longer(phone, patient):
    a_check_in(patient, **fever())
    alert = Alert.objects.get()
    nurse = a_staff(patient.clinic)
    known = {"outcome": Outcome.REACHED_ADVISED, "note": "", "now": NOW}
    alerts.resolve(staff=nurse, alert_id=alert.pk, **known)
    assert REASON not in today(phone).words


def test_an_answer_that_nobody_knows_is_refused(phone, patient):
    a_check_in(patient, **fever())
    assert say(phone, "slept").status_code == 400
    assert phone.post("/advice/answer/", {"did": "called"}).status_code == 400


def test_what_the_clinic_wrote_stands_on_today_until_it_is_read(phone, patient):
    nurse = a_staff(patient.clinic, name="Maria Lopez")
    message = messages.send(staff=nurse, patient_id=patient.pk, template="please_call", now=NOW)
    text = "Please call us when you read this: (555) 555-0100."
    assert text in today(phone).words.replace("\N{NO-BREAK SPACE}", " ")
    phone.post(f"/from-the-clinic/{message.pk}/read/")
    assert "Please call us" not in today(phone).words
    listed = read(phone.get("/from-the-clinic/")).words.replace("\N{NO-BREAK SPACE}", " ")
    assert text in listed
    assert "Maria Lopez" in listed
