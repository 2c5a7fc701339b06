"""One tap on today's page: the pain from before the block, and the diary of a test block."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, a_staff, fever
from tests.pages.reading import read
from tracker.models import CheckIn, Task
from tracker.services import caregivers, courses, procedures, tasks
from tracker.services.second_thoughts import record_form

BASELINE = "Before the block: how strong was your usual pain?"
DIARY = "Your usual pain: how strong is it now?"


@pytest.fixture
def patient(db):
    patient = a_patient(a_clinic(name="Lake Clinic"), name="Ada Quill")
    a_staff(patient.clinic, on_call_order=1)
    return patient


def today(phone) -> str:
    return read(phone.get("/")).words


def tap(phone, person, score: object, which: str, **fields):
    known = {"check_in_id": uuid.uuid4(), "patient": person.pk, "which": which, "usual": score}
    return phone.post("/one-tap/", {**known, **fields})


def at(**later):
    return time_machine.travel(NOW + timedelta(**later), tick=False)


@pytest.mark.parametrize(
    ("hours_ago", "baseline", "asked"),
    [(2, None, True), (24, None, True), (25, None, False), (2, 6, False), (2, 0, False)],
)
def test_the_pain_from_before_is_asked_on_the_first_day_where_nobody_knows_it(
    phone, patient, hours_ago, baseline, asked
):
    a_procedure(patient, hours_ago=hours_ago, baseline_pain=baseline)
    assert (BASELINE in today(phone)) is asked


def test_before_the_block_it_is_asked_by_the_check_in_itself(phone, patient):
    a_procedure(patient, baseline_pain=None, state="SCHEDULED", ended_at=None)
    assert BASELINE not in today(phone)


def test_one_tap_is_the_baseline_and_asks_for_no_more(phone, patient):
    procedure = a_procedure(patient, hours_ago=2, baseline_pain=None)
    tasks.check_baseline(procedure=procedure, now=NOW)

    assert tap(phone, patient, 7, "baseline").headers["Location"] == "/"

    words = today(phone)
    assert BASELINE not in words
    assert "Time for your check-in" in words  # how it is now was not told yet
    assert courses.baseline_pain_of(procedure) == 7
    tasks.check_baseline(procedure=procedure, now=NOW)
    assert Task.objects.get().done_at is not None


def test_the_baseline_stays_one_when_staff_put_the_time_right(phone, patient):
    procedure = a_procedure(patient, hours_ago=2, baseline_pain=None)
    tap(phone, patient, 9, "baseline")
    nurse = a_staff(patient.clinic)
    procedures.mark_done(
        staff=nurse, procedure_id=procedure.pk, ended_at=NOW - timedelta(hours=8), now=NOW
    )
    procedure.refresh_from_db()
    assert courses.baseline_pain_of(procedure) == 9
    assert not patient.alerts.exists()


@pytest.mark.parametrize(
    ("kind", "minutes", "asked"),
    [
        ("diagnostic", 20, True),
        ("therapeutic", 20, False),
        ("diagnostic", 5, False),
        ("diagnostic", 600, True),
    ],
)
def test_the_diary_of_a_test_block_is_asked_in_the_first_hours(
    phone, patient, kind, minutes, asked
):
    a_procedure(patient, hours_ago=minutes / 60, kind=kind)
    assert (DIARY in today(phone)) is asked


def test_one_tap_fills_in_the_diary_until_it_asks_again(phone, patient):
    a_procedure(patient, hours_ago=1, kind="diagnostic")

    answer = tap(phone, patient, 2, "diary")

    told = CheckIn.objects.get()
    assert told.answers == {"observed_at": NOW.isoformat(), "pain": {"usual": 2}}
    assert answer.headers["Location"] == f"/check-in/{told.client_id}/"
    assert DIARY not in today(phone)
    with at(hours=1):
        assert DIARY in today(phone)


def test_a_tap_that_says_call_shows_what_to_do(phone, patient):
    a_procedure(patient, hours_ago=1, kind="diagnostic")
    card = phone.get(tap(phone, patient, 10, "diary").headers["Location"])
    assert "Call the clinic today" in read(card).words


def test_pressed_twice_it_is_one_and_pressed_again_it_is_put_right(phone, patient):
    a_procedure(patient, hours_ago=1, kind="diagnostic")
    form = uuid.uuid4()
    for score in (2, 2, 3):
        tap(phone, patient, score, "diary", check_in_id=form)
    assert [each.answers["pain"]["usual"] for each in CheckIn.objects.order_by("pk")] == [2, 3]
    assert CheckIn.objects.latest("pk").corrects.client_id == form


@pytest.mark.parametrize(
    "wrong", [{"usual": 11}, {"usual": ""}, {"which": "other"}, {"check_in_id": "x"}], ids=str
)
def test_what_cannot_be_right_is_refused(phone, patient, wrong):
    a_procedure(patient, hours_ago=1, kind="diagnostic")
    assert tap(phone, patient, 2, **{"which": "diary", **wrong}).status_code == 400
    assert not CheckIn.objects.exists()


def test_an_answer_of_one_person_never_becomes_anothers(phone, patient):
    a_procedure(patient, hours_ago=1, kind="diagnostic")
    assert tap(phone, patient, 2, "diary", patient=uuid.uuid4()).status_code == 403
    assert not CheckIn.objects.exists()


def test_who_may_only_read_is_not_asked(patient):
    a_procedure(patient, hours_ago=1, kind="diagnostic")
    owner, reader = a_phone(patient), Client()
    added = caregivers.add(phone=owner, name="Luis", may_log=False, now=NOW)
    reader.post("/join/", {"code": added.invited.code})
    assert DIARY not in today(reader)
    assert tap(reader, patient, 2, "diary").status_code == 403
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(("temperature", "asked"), [("37.8", False), ("36.6", True)])
def test_a_recheck_that_is_due_comes_before_the_diary(phone, patient, temperature, asked):
    """One tap does not say how the fever is."""
    a_procedure(patient, hours_ago=1, kind="diagnostic")
    a_check_in(patient, **fever(temperature))
    with at(hours=4, minutes=5):
        words = today(phone)
    assert (DIARY in words) is asked
    assert ("Time for your check-in" in words) is not asked


@pytest.mark.parametrize(
    ("hours_ago", "known"), [(25, None), (24 * 6, None), (2, 4)], ids=["25 h", "days", "known"]
)
def test_a_page_that_was_open_for_long_tells_no_baseline(phone, patient, hours_ago, known):
    a_procedure(patient, hours_ago=hours_ago, baseline_pain=known)
    assert tap(phone, patient, 9, "baseline").headers["Location"] == "/"
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(("minutes", "counts"), [(14, 6), (15, 9)])
def test_a_baseline_is_put_right_while_one_thinks_of_it(phone, patient, minutes, counts):
    procedure = a_procedure(patient, hours_ago=2, baseline_pain=None)
    form = uuid.uuid4()
    tap(phone, patient, 9, "baseline", check_in_id=form)
    with at(minutes=minutes):
        tap(phone, patient, 6, "baseline", check_in_id=form)
    assert courses.baseline_pain_of(procedure) == counts


def test_of_two_changes_at_the_same_moment_the_slower_leads_back_to_today(phone, patient):
    a_procedure(patient, hours_ago=1, kind="diagnostic")
    form, faster = uuid.uuid4(), []
    tap(phone, patient, 2, "diary", check_in_id=form)

    def overtake(execute, sql, *args):
        if "FOR UPDATE" in sql and not faster:
            said = {"observed_at": NOW.isoformat(), "pain": {"usual": 5}}
            faster.append(said)
            record_form(patient=patient, form_id=form, answers=said, now=NOW)
        return execute(sql, *args)

    with connection.execute_wrapper(overtake):
        answer = tap(phone, patient, 3, "diary", check_in_id=form)
    assert faster and answer.headers["Location"] == "/"
