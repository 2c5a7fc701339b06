"""The patient says when to be reminded, and whether of ice."""

from __future__ import annotations

import pytest

from tests.conftest import NOW
from tests.pages.reading import read
from tracker.models import Reminder
from tracker.models.reminder import ReminderKind, ReminderState

HOURS = {"check_in_hour": "07:30", "quiet_from": "22:00", "quiet_until": "06:30"}


def offers(patient) -> int:
    rows = Reminder.objects.filter(patient=patient, kind=ReminderKind.ICE_OFFER)
    return rows.filter(state=ReminderState.SCHEDULED).count()


def test_the_page_shows_what_holds_now(phone):
    page = read(phone.get("/reminders/"))
    shown = {values["name"]: values["value"] for _, values in page.tags if "value" in values}

    assert (shown["check_in_hour"], shown["quiet_from"]) == ("09:00", "21:00")


def test_other_hours_hold_at_once(phone, patient):
    assert phone.post("/reminders/", HOURS).url == "/"

    patient.refresh_from_db()
    assert patient.check_in_hour.isoformat() == "07:30:00"
    asked = Reminder.objects.filter(patient=patient, kind=ReminderKind.CHECK_IN, due_at__gt=NOW)
    assert asked.filter(state=ReminderState.SCHEDULED).exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"check_in_hour": ""}, "Give a time, such as 09:00."),
        ({"quiet_from": "late"}, "Give a time, such as 09:00."),
        ({"check_in_hour": "23:00"}, "Pick a time outside of them."),
        ({"check_in_hour": "06:29"}, "Pick a time outside of them."),
    ],
    ids=str,
)
def test_hours_that_cannot_be_are_told_beside_their_field(phone, patient, typed, says):
    answer = phone.post("/reminders/", {**HOURS, **typed})

    assert answer.status_code == 400
    page = read(answer)
    assert says in page.words
    assert typed.items() <= {v["name"]: v["value"] for _, v in page.tags if "value" in v}.items()
    patient.refresh_from_db()
    assert patient.check_in_hour.isoformat() == "09:00:00"


def test_ice_is_offered_again_when_asked_for_and_no_more_when_stopped(phone, patient):
    procedure = patient.procedures.get()
    assert "Remind me of ice" in read(phone.get("/ice/")).words

    phone.post("/ice/offers/", {"on": "1"})
    assert offers(patient) > 0
    assert "Stop ice reminders" in read(phone.get("/ice/")).words

    phone.post("/ice/offers/")
    assert offers(patient) == 0
    assert procedure.reminders.filter(kind=ReminderKind.ICE_OFFER).exists()


def test_who_must_not_use_ice_is_offered_none(phone, patient):
    patient.ice_contraindicated = True
    patient.save(update_fields=["ice_contraindicated"])

    assert "Remind me of ice" not in read(phone.get("/ice/")).words
    assert phone.post("/ice/offers/", {"on": "1"}).url == "/ice/"
    assert offers(patient) == 0
