"""The queue: by tier, then by waiting time, and current without a reload."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_procedure, a_staff, approved, fever
from tracker.admin.queue import MOST_ROWS
from tracker.admin.words import duration
from tracker.models import Alert, Clinic
from tracker.models.clinic import usual_hours
from tracker.services import sweep


def a_waiting_patient(clinic, name, *, minutes=0, **answers):
    patient = a_patient(clinic, name=name)
    a_procedure(patient)
    a_check_in(patient, **(answers or fever()))
    Alert.objects.filter(patient=patient).update(raised_at=NOW - timedelta(minutes=minutes))
    return patient


def order_of(page, *names):
    return sorted(names, key=page.index)


def test_an_alert_shows_whom_to_call_and_why(desks):
    page = text_of(desks.nurse.get(at("index")))
    assert "Harold Finch" in page
    assert "Day 2 after Therapeutic: superior cluneal, right" in page
    assert "Fever" in page
    assert "Temperature 38.1 °C; the limit is 38.0 °C." in page
    assert 'href="tel:+15555550112"' in page
    assert "Nobody yet" in page


def test_emergencies_stand_on_top_then_whoever_waits_longest(desks):
    a_waiting_patient(desks.clinic, "Late Larry", minutes=50)
    a_waiting_patient(desks.clinic, "Early Edna", minutes=90)
    a_waiting_patient(desks.clinic, "Urgent Uma", symptoms={"chest_pain": True, "dyspnea": False})
    a_waiting_patient(desks.clinic, "Watched Wes", minutes=300, **fever("37.8"))
    page = text_of(desks.nurse.get(at("index")))
    names = ("Watched Wes", "Late Larry", "Urgent Uma", "Early Edna", "Harold Finch")
    assert order_of(page, *names) == [
        "Urgent Uma",
        "Early Edna",
        "Late Larry",
        "Harold Finch",
        "Watched Wes",
    ]


@pytest.mark.parametrize(("minutes", "overdue"), [(60, False), (61, True)])
def test_an_alert_is_overdue_when_its_target_has_passed(desks, minutes, overdue):
    Alert.objects.update(raised_at=NOW - timedelta(minutes=minutes))
    page = text_of(desks.nurse.get(at("index")))
    assert "target 1 h<" in page
    assert ("Overdue" in page) is overdue


def test_where_the_clinic_is_closed_meanwhile_the_target_is_a_moment(desks):
    Clinic.objects.filter(pk=desks.clinic.pk).update(opening_hours=usual_hours())
    a_waiting_patient(desks.clinic, "Weekend Wanda")
    page = text_of(desks.nurse.get(at("index")))
    assert "target Mon, Nov 23, 9:00 AM<" in page


@pytest.mark.parametrize(
    ("on_call", "words"),
    [
        (None, "Nobody was on call when it was raised"),
        (1, "Nobody on call has answered"),
    ],
)
def test_what_nobody_answered_is_red(desks, on_call, words):
    a_staff(desks.clinic, on_call_order=on_call)
    a_waiting_patient(desks.clinic, "Urgent Uma", symptoms={"chest_pain": True})
    for minutes in (15, 30, 60):
        sweep.escalate_due_alerts(now=NOW + timedelta(minutes=minutes))
    Alert.objects.exclude(patient__name="Urgent Uma").update(exhausted_at=None)
    page = text_of(desks.nurse.get(at("index")))
    assert page.count('class="emergency unanswered open"') == 1
    assert words in page
    alert = Alert.objects.get(patient__name="Urgent Uma")
    desks.nurse.post(at("acknowledge", alert.pk))
    assert words not in text_of(desks.nurse.get(at("index")))


def test_a_queue_that_is_too_long_says_so(desks):
    words = f"Only the {MOST_ROWS} most urgent are shown"
    assert words not in text_of(desks.nurse.get(at("index")))
    for number in range(MOST_ROWS):
        patient = a_patient(desks.clinic)
        known = {"clinic": desks.clinic, "patient": patient, "procedure": desks.procedure}
        times = dict.fromkeys(("observed_at", "opened_at", "raised_at"), NOW)
        Alert.objects.create(**known, **times, sign=f"sign {number}", rule="XX", tier=1)
    page = text_of(desks.nurse.get(at("index")))
    assert words in page
    assert page.count('<tr id="patient-') == MOST_ROWS
    assert "Harold Finch" in page


def test_becoming_red_is_a_change(desks):
    first = desks.nurse.get(at("queue"))
    Alert.objects.update(exhausted_at=None)
    later = desks.nurse.get(at("queue"), headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200


def test_what_comes_back_says_who_had_it(desks):
    desks.colleague.post(at("acknowledge", desks.alert.pk))
    assert "back at Sat, 2:00 PM" in text_of(desks.nurse.get(at("index")))
    sweep.escalate_due_alerts(now=NOW + timedelta(hours=4))
    page = text_of(desks.nurse.get(at("index")))
    assert "came back; was taken by Ben Ito" in page
    assert "<title>(1) Queue" in page


def test_a_taken_alert_names_its_owner_and_is_never_overdue(desks):
    desks.colleague.post(at("acknowledge", desks.alert.pk))
    Alert.objects.update(raised_at=NOW - timedelta(hours=3))
    page = text_of(desks.nurse.get(at("index")))
    assert "Ben Ito" in page
    assert "Overdue" not in page
    assert "<strong>You</strong>" in text_of(desks.colleague.get(at("index")))


def test_silence_has_a_section_of_its_own(desks):
    Alert.objects.update(sign="silence", rule="SI-SILENT", tier=1, because="No check-in for 24 h.")
    page = text_of(desks.nurse.get(at("index")))
    assert "Silence is not health" in page


def test_an_empty_queue_says_when_it_was_last_checked(desks):
    page = text_of(desks.stranger.get(at("index")))
    assert "Nobody waits to be taken." in page
    assert "last checked at" in page
    assert "10:00:00 AM" in page  # New York, where the clinic is
    assert "Harold Finch" not in page


def test_the_title_counts_what_nobody_has_taken(desks):
    assert "<title>(1) Queue | Afterblock</title>" in text_of(desks.nurse.get(at("index")))
    desks.nurse.post(at("acknowledge", desks.alert.pk))
    assert "<title>Queue | Afterblock</title>" in text_of(desks.nurse.get(at("index")))


def test_the_fragment_is_sent_only_when_something_changed(desks):
    first = desks.nurse.get(at("queue"))
    assert b"Harold Finch" in first.content
    assert b"<html" not in first.content

    again = {"headers": {"If-None-Match": first["ETag"]}}
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        unchanged = desks.nurse.get(at("queue"), **again)
    assert unchanged.status_code == 304
    assert unchanged.content == b""
    assert unchanged["Desk-Time"] == (NOW + timedelta(minutes=5)).isoformat()

    desks.colleague.post(at("acknowledge", desks.alert.pk))
    changed = desks.nurse.get(at("queue"), **again)
    assert changed.status_code == 200
    assert b"Ben Ito" in changed.content


def test_becoming_overdue_is_a_change(desks):
    Alert.objects.update(raised_at=NOW - timedelta(minutes=55))
    first = desks.nurse.get(at("queue"))
    with time_machine.travel(NOW + timedelta(minutes=6), tick=False):
        later = desks.nurse.get(at("queue"), headers={"If-None-Match": first["ETag"]})
    assert later.status_code == 200


def test_clinics_never_share_an_answer(desks):
    own = desks.nurse.get(at("queue"))
    foreign = desks.stranger.get(at("queue"), headers={"If-None-Match": own["ETag"]})
    assert foreign.status_code == 200
    assert b"Harold Finch" not in foreign.content


def test_the_queue_says_that_the_numbers_are_not_approved(desks):
    assert "Not for clinical use" in text_of(desks.nurse.get(at("index")))
    approved(desks.clinic)
    assert "Not for clinical use" not in text_of(desks.nurse.get(at("index")))


@pytest.mark.parametrize("name", ["index", "queue"])
def test_thirty_alerts_cost_no_more_queries_than_two(desks, name):
    a_waiting_patient(desks.clinic, "Patient number 0")  # a task as well
    desks.nurse.get(at(name))  # whose names were on the screen is written down once
    with CaptureQueriesContext(connection) as two:
        desks.nurse.get(at(name))
    for number in range(1, 29):
        a_waiting_patient(desks.clinic, f"Patient number {number}")
    desks.nurse.get(at(name))
    with CaptureQueriesContext(connection) as thirty:
        page = desks.nurse.get(at(name)).content.decode()
    assert page.count('<tr id="patient-') == page.count('<tr id="task-') + 1 == 30
    assert len(thirty) == len(two) <= 12


def test_what_patients_are_called_is_text_and_never_markup(desks):
    a_waiting_patient(desks.clinic, "<img src=x onerror=alert(1)>")
    assert b"<img" not in desks.nurse.get(at("index")).content
    assert b"<img" not in desks.nurse.get(at("queue")).content


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-5), "under a minute"),
        (timedelta(seconds=59), "under a minute"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(minutes=60), "1 h"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (timedelta(hours=24), "1 d"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
    ],
)
def test_waiting_in_words(length, words):
    assert duration(length) == words
