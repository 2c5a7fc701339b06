"""A call back: asked for once, taken by one, tried, done; each by its target."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_phone, a_staff
from tracker.models import AuditEvent, CallbackRequest
from tracker.models.callback_request import CallWindow
from tracker.services import callback_requests
from tracker.services.callback_requests import (
    AlreadyTaken,
    CallbackIdTaken,
    CallbackOver,
    CallNeedsNote,
    TooManyOpen,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
WEEKDAYS = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def clinic():
    return a_clinic()


@pytest.fixture
def phone(clinic):
    return a_phone(a_patient(clinic))


@pytest.fixture
def nurse(clinic):
    return a_staff(clinic, name="Nora Park")


def ask(phone, client_id=None, window=CallWindow.ANY, about="My pills", now=NOW):
    client_id = client_id or uuid.uuid4()
    return callback_requests.ask(
        phone=phone, client_id=client_id, window=window, about=about, now=now
    )


def test_a_request_that_is_sent_twice_is_stored_once(phone):
    client_id = uuid.uuid4()
    first, again = ask(phone, client_id), ask(phone, client_id, now=NOW + MINUTE)
    assert (first.created, again.created) == (True, False)
    assert again.request == first.request
    assert AuditEvent.objects.filter(action="callback.ask").count() == 1


@pytest.mark.parametrize("other", [{"about": "Ice"}, {"window": CallWindow.MORNING}], ids=str)
def test_the_same_id_with_other_words_is_refused(phone, other):
    client_id = uuid.uuid4()
    ask(phone, client_id)
    with pytest.raises(CallbackIdTaken):
        ask(phone, client_id, **other)


def test_two_patients_may_use_the_same_id(phone):
    client_id = uuid.uuid4()
    assert ask(phone, client_id).created
    assert ask(a_phone(a_patient()), client_id).created


def test_nobody_fills_the_queue(phone):
    for _ in range(callback_requests.MOST_OPEN):
        ask(phone)
    with pytest.raises(TooManyOpen):
        ask(phone)
    assert CallbackRequest.objects.count() == callback_requests.MOST_OPEN


@pytest.mark.parametrize(
    ("asked_at", "window", "target_at"),
    [
        ("2026-11-18T10:00", CallWindow.ANY, "2026-11-18T11:00"),
        ("2026-11-20T16:30", CallWindow.ANY, "2026-11-23T08:30"),  # over the weekend
        ("2026-11-18T10:00", CallWindow.MORNING, "2026-11-18T12:00"),
        ("2026-11-18T11:01", CallWindow.MORNING, "2026-11-19T12:00"),  # no hour is left of it
        ("2026-11-18T10:00", CallWindow.AFTERNOON, "2026-11-18T17:00"),
        ("2026-11-18T16:00", CallWindow.AFTERNOON, "2026-11-18T17:00"),
        ("2026-11-20T16:01", CallWindow.AFTERNOON, "2026-11-23T17:00"),
    ],
)
def test_somebody_should_have_called_by_the_target(asked_at, window, target_at):
    phone = a_phone(a_patient(a_clinic(opening_hours=WEEKDAYS)))
    now = datetime.fromisoformat(asked_at).replace(tzinfo=NEW_YORK)
    target = ask(phone, window=window, now=now).request.target_at
    assert target == datetime.fromisoformat(target_at).replace(tzinfo=NEW_YORK)


def test_a_clinic_that_is_closed_in_the_afternoon_calls_within_its_hour(clinic):
    clinic.opening_hours = {"wed": [["08:00", "12:00"]]}
    now = datetime(2026, 11, 18, 9, tzinfo=NEW_YORK)
    target = callback_requests.target_of(clinic=clinic, window=CallWindow.AFTERNOON, now=now)
    assert target == now + 60 * MINUTE


def test_open_requests_are_shown_by_their_target_until_they_are_over(phone, nurse):
    late = ask(phone).request
    new = ask(phone, now=NOW + 30 * MINUTE).request
    ask(a_phone(a_patient()))  # another clinic's
    now = NOW + 61 * MINUTE
    shown = callback_requests.open_callbacks(staff=nurse, now=now)
    assert [(each.request, each.waited, each.overdue) for each in shown] == [
        (late, 61 * MINUTE, True),
        (new, 31 * MINUTE, False),
    ]
    callback_requests.finish(staff=nurse, request_id=late.pk, note="All well.", now=now)
    callback_requests.withdraw(phone=phone, client_id=new.client_id, now=now)
    assert callback_requests.open_callbacks(staff=nurse, now=now) == []


def test_one_person_takes_a_request_and_a_colleague_is_told_who(phone, nurse, clinic):
    request = ask(phone).request
    taken = callback_requests.take(staff=nurse, request_id=request.pk, now=NOW)
    assert (taken.state, taken.owner) == ("TAKEN", nurse.user)
    with pytest.raises(AlreadyTaken, match="Nora Park"):
        callback_requests.take(staff=a_staff(clinic), request_id=request.pk, now=NOW)


def test_a_call_that_nobody_answered_is_due_again(phone, nurse):
    request = ask(phone).request
    later = NOW + 50 * MINUTE
    request = callback_requests.tried(
        staff=nurse, request_id=request.pk, note="Voice mail.", now=later
    )
    assert (request.state, request.owner, request.tried_at) == ("TAKEN", nurse.user, later)
    assert request.target_at == later + 60 * MINUTE


def test_a_request_is_not_closed_without_saying_what_came_of_it(phone, nurse):
    request = ask(phone).request
    with pytest.raises(CallNeedsNote):
        callback_requests.finish(staff=nurse, request_id=request.pk, note=" ", now=NOW)
    done = callback_requests.finish(
        staff=nurse, request_id=request.pk, note="Explained the ice.", now=NOW
    )
    assert (done.state, done.owner) == ("DONE", nurse.user)
    assert done.note == "Sat, Nov 21, 10:00 AM, Nora Park: Explained the ice."


def test_what_came_of_each_call_is_kept_with_its_time_and_its_caller(phone, nurse, clinic):
    request = ask(phone).request
    ben = a_staff(clinic, name="Ben Ito")
    for caller, hours, note in ((nurse, 0, "Voice mail,\nsaid\twho."), (ben, 2, "Daughter.")):
        now = NOW + hours * 60 * MINUTE
        request = callback_requests.tried(staff=caller, request_id=request.pk, note=note, now=now)
    assert callback_requests.latest_note(request) == "Sat, Nov 21, 12:00 PM, Ben Ito: Daughter."
    done = callback_requests.finish(
        staff=nurse, request_id=request.pk, note="All well.", now=NOW + 180 * MINUTE
    )
    assert done.note.splitlines() == [
        "Sat, Nov 21, 10:00 AM, Nora Park: Voice mail, said who.",
        "Sat, Nov 21, 12:00 PM, Ben Ito: Daughter.",
        "Sat, Nov 21, 1:00 PM, Nora Park: All well.",
    ]


@pytest.mark.parametrize("verb", ["take", "tried", "finish"])
def test_what_is_over_stays_over(phone, nurse, verb):
    request = ask(phone).request
    callback_requests.withdraw(phone=phone, client_id=request.client_id, now=NOW)
    note = {} if verb == "take" else {"note": "x"}
    with pytest.raises(CallbackOver, match="withdrawn"):
        getattr(callback_requests, verb)(staff=nurse, request_id=request.pk, now=NOW, **note)


def test_what_was_done_is_not_withdrawn(phone, nurse):
    request = ask(phone).request
    callback_requests.finish(staff=nurse, request_id=request.pk, note="x", now=NOW)
    with pytest.raises(CallbackOver):
        callback_requests.withdraw(phone=phone, client_id=request.client_id, now=NOW)


@pytest.mark.parametrize("verb", ["take", "tried", "finish"])
def test_a_stranger_finds_nothing(phone, verb):
    request = ask(phone).request
    note = {} if verb == "take" else {"note": "x"}
    with pytest.raises(CallbackRequest.DoesNotExist):
        getattr(callback_requests, verb)(staff=a_staff(), request_id=request.pk, now=NOW, **note)
    with pytest.raises(CallbackRequest.DoesNotExist):
        callback_requests.withdraw(phone=a_phone(a_patient()), client_id=request.client_id, now=NOW)
