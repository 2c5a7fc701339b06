"""Acknowledge, attempt, resolve: at the desk, with forms that keep what was typed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tests.factories import a_check_in
from tracker.models import AuditEvent, Delivery
from tracker.models.delivery import Channel, MessageKind, Priority


def test_the_page_says_why_who_said_what_and_who_was_told(desks):
    Delivery.objects.create(
        clinic=desks.clinic,
        user=desks.nora.user,
        alert=desks.alert,
        kind=MessageKind.STAFF_ALERT,
        channel=Channel.EMAIL,
        key="one",
        priority=Priority.ALERT,
        state="SENT",
        due_at=NOW,
        created_at=NOW,
        sent_at=NOW,
    )
    page = text_of(desks.nurse.get(at("alert", desks.alert.pk)))
    assert "Temperature 38.1 °C; the limit is 38.0 °C." in page
    assert "FV-FEVER" in page
    assert "UW Health" in page
    assert "protocol version 1 (submitted)" in page
    assert "<dt>Temperature</dt><dd>38.1 °C</dd>" in page
    assert "Opened" in page
    assert "Taken by the channel" in page
    assert 'href="tel:+15555550112"' in page


def test_looking_is_written_down(desks):
    desks.nurse.get(at("alert", desks.alert.pk))
    seen = AuditEvent.objects.get(action="alert.view")
    assert seen.actor == f"user:{desks.nora.user.pk}"
    assert seen.patient_id == desks.patient.pk


def test_taking_an_alert_from_the_queue_leads_back_to_the_queue(desks):
    answer = desks.nurse.post(at("acknowledge", desks.alert.pk), {"next": at("index")}, follow=True)
    assert answer.redirect_chain == [(at("index"), 302)]
    assert "It is yours now." in text_of(answer)
    desks.alert.refresh_from_db()
    assert desks.alert.state == "ACKNOWLEDGED"
    assert desks.alert.owner == desks.nora.user


@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", "queue", "?x", ""]
)
def test_taking_an_alert_never_leads_to_another_site(desks, target):
    answer = desks.nurse.post(at("acknowledge", desks.alert.pk), {"next": target})
    assert answer.url == at("alert", desks.alert.pk)


def test_whoever_comes_second_is_told_who_was_first(desks):
    desks.colleague.post(at("acknowledge", desks.alert.pk))
    answer = desks.nurse.post(at("acknowledge", desks.alert.pk), follow=True)
    assert "Ben Ito has already taken this alert." in text_of(answer)
    desks.alert.refresh_from_db()
    assert str(desks.alert.owner) == "Ben Ito"


def test_pressing_twice_is_not_called_a_colleague(desks):
    desks.nurse.post(at("acknowledge", desks.alert.pk))
    answer = desks.nurse.post(at("acknowledge", desks.alert.pk), follow=True)
    assert "You have already taken this alert." in text_of(answer)


def test_an_attempt_is_noted_and_the_alert_stays(desks):
    form = {"note": "No answer, left a message.", "again_at": "2026-11-21T11:30"}
    answer = desks.nurse.post(at("attempt", desks.alert.pk), form, follow=True)
    assert "No answer, left a message." in text_of(answer)
    assert "Harold Finch" in text_of(desks.nurse.get(at("index")))


@pytest.mark.parametrize("again_at", ["soon", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_attempt_keeps_what_was_typed_when_the_time_is_wrong(desks, again_at):
    form = {"note": "No answer at all", "again_at": again_at}
    answer = desks.nurse.post(at("attempt", desks.alert.pk), form)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "No answer at all" in page
    assert "Give a date and a time" in page


def test_planning_the_next_try_takes_the_alert_until_then(desks):
    form = {"note": "No answer", "again_at": "2026-11-21T11:30"}
    desks.nurse.post(at("attempt", desks.alert.pk), form)
    desks.alert.refresh_from_db()
    assert (desks.alert.owner, desks.alert.due_at) == (desks.nora.user, NOW + timedelta(minutes=90))
    assert "it comes back" in text_of(desks.nurse.get(at("alert", desks.alert.pk)))


@pytest.mark.parametrize(
    ("again_at", "words"),
    [("2026-11-21T09:59", "This time has passed"), ("2026-11-24T09:00", "at most Mon, Nov 23")],
)
def test_a_next_try_that_is_refused_keeps_what_was_typed(desks, again_at, words):
    form = {"note": "No answer at all", "again_at": again_at}
    answer = desks.nurse.post(at("attempt", desks.alert.pk), form)
    assert answer.status_code == 422
    page = text_of(answer)
    assert words in page
    assert "No answer at all" in page
    desks.alert.refresh_from_db()
    assert desks.alert.state == "OPEN"


def test_resolving_needs_an_outcome_and_takes_the_alert_off_the_queue(desks):
    missing = desks.nurse.post(at("resolve", desks.alert.pk), {"note": "talked to her daughter"})
    assert missing.status_code == 422
    assert "talked to her daughter" in text_of(missing)

    form = {"outcome": "VISIT_ARRANGED", "note": "comes at three"}
    answer = desks.nurse.post(at("resolve", desks.alert.pk), form, follow=True)
    page = text_of(answer)
    assert "Resolved." in page
    assert "Harold Finch" not in page
    history = text_of(desks.nurse.get(at("alert", desks.alert.pk)))
    assert "Visit arranged" in history
    assert "comes at three" in history


def test_no_action_needs_a_reason_and_the_choice_is_kept(desks):
    answer = desks.nurse.post(at("resolve", desks.alert.pk), {"outcome": "NO_ACTION", "note": " "})
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Say in the note why no action is needed." in page
    assert 'value="NO_ACTION" id="resolve-outcome_4" aria-invalid' not in page
    assert 'value="NO_ACTION"' in page and "checked" in page
    desks.alert.refresh_from_db()
    assert desks.alert.state == "OPEN"


@pytest.mark.parametrize("outcome", ["CLEAR_RECHECK", "nonsense", ""])
def test_only_the_outcomes_that_staff_may_choose_count(desks, outcome):
    answer = desks.nurse.post(at("resolve", desks.alert.pk), {"outcome": outcome, "note": "x"})
    assert answer.status_code == 422


def test_whoever_resolves_second_keeps_the_note_and_learns_the_outcome(desks):
    first = {"outcome": "VISIT_ARRANGED", "note": ""}
    desks.colleague.post(at("resolve", desks.alert.pk), first)
    second = {"outcome": "REACHED_ADVISED", "note": "my own words"}
    answer = desks.nurse.post(at("resolve", desks.alert.pk), second)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "already resolved: Visit arranged" in page
    assert "my own words" in page


def test_what_the_patient_wrote_is_quoted_and_never_markup(desks):
    text = "<script>alert(1)</script> my foot tingles"
    recorded = a_check_in(desks.patient, other={"text": text, "urgency": "today"})
    page = desks.nurse.get(at("alert", recorded.events[0].alert.pk)).content.decode()
    assert "<script>alert" not in page
    assert "my foot tingles" in page
    assert "wants an answer today" in page


def test_notes_are_limited_and_never_break_the_database(desks):
    for note in ("x" * 2001, "a\x00b"):
        form = {"outcome": "REACHED_ADVISED", "note": note}
        assert desks.nurse.post(at("resolve", desks.alert.pk), form).status_code == 422
