"""One row a patient, in the order of the day's work; filters that hide no emergency."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from tests.admin.people import at, text_of
from tests.admin.test_queue import a_waiting_patient, order_of
from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_phone, a_staff, fever, signed_in
from tracker.models import Alert, CallbackRequest, Membership, Patient, User
from tracker.models.callback_request import CallWindow
from tracker.services import callback_requests, tasks

CHEST = {"symptoms": {"chest_pain": True}}


def a_request(patient, about="may I swim?"):
    return callback_requests.ask(
        phone=a_phone(patient), client_id=uuid.uuid4(), window=CallWindow.ANY, about=about, now=NOW
    ).request


def row_of(page, patient):
    return re.search(f'<tr id="patient-{patient.pk}".*?</tr>', page)[0]


def rows_shown(client):
    return re.findall(r'<tr id="([a-z]+)-', client.get(at("index")).content.decode())


def test_several_signs_of_a_patient_are_one_row_at_the_highest_tier(desks):
    a_check_in(desks.patient, site={"redness": 3}, **CHEST)
    page = text_of(desks.nurse.get(at("index")))
    assert page.count('<tr id="patient-') == 1
    row = row_of(page, desks.patient)
    assert '<span class="badge emergency">Emergency</span>' in row
    for reason in ("Chest pain or pressure", "Fever", "Redness at the injection site"):
        assert reason in row
    assert row.count('<span class="also">Call today</span>') == 2
    assert "<title>Emergency! (1) Queue" in page


def test_a_sign_that_is_put_off_hides_no_emergency(desks):
    desks.nurse.post(
        at("attempt", desks.alert.pk), {"note": "no answer", "again_at": "2026-11-21T10:30"}
    )
    desks.alert.refresh_from_db()
    assert desks.alert.due_at == NOW + timedelta(minutes=30)
    a_check_in(desks.patient, **CHEST)
    page = text_of(desks.nurse.get(at("index")))
    assert '<span class="badge emergency">Emergency</span>' in row_of(page, desks.patient)
    assert "<title>Emergency! (1) Queue" in page


def test_taking_a_row_takes_what_stood_in_it(desks):
    a_check_in(desks.patient, **CHEST)
    page = text_of(desks.nurse.get(at("index")))
    sent = re.search(r'name="alerts" value="([^"]+)" class="button primary take"', page)[1]
    lead = Alert.objects.get(patient=desks.patient, tier=3)
    desks.nurse.post(at("acknowledge", lead.pk), {"alerts": sent})
    assert set(Alert.objects.values_list("state", "owner")) == {
        ("ACKNOWLEDGED", desks.nora.user.pk)
    }
    a_check_in(desks.patient, now=NOW + timedelta(minutes=1), site={"redness": 3})
    row = row_of(text_of(desks.nurse.get(at("index"))), desks.patient)
    assert "new since: nobody yet" in row


def test_a_button_takes_no_other_alerts_than_its_own(desks):
    other = a_waiting_patient(desks.clinic, "Urgent Uma", **CHEST)
    theirs = Alert.objects.get(patient=other)
    sent = {"alerts": f"{theirs.pk}@{theirs.raised_at.isoformat()}"}
    answer = desks.nurse.post(at("acknowledge", desks.alert.pk), sent, follow=True)
    assert "Nothing was taken: load it again." in text_of(answer)
    assert {each.state for each in Alert.objects.all()} == {"OPEN"}


def test_one_call_closes_what_was_ticked(desks):
    signs = [*Alert.objects.all(), a_check_in(desks.patient, site={"redness": 3}).events[0].alert]
    ticked = f"{signs[1].pk}@{signs[1].raised_at.isoformat()}"
    form = {"outcome": "VISIT_ARRANGED", "note": "at three", "alerts": [ticked]}
    desks.nurse.post(at("resolve", signs[0].pk), form)
    assert {each.state for each in Alert.objects.filter(pk=signs[0].pk)} == {"OPEN"}
    assert Alert.objects.get(pk=signs[1].pk).outcome == "VISIT_ARRANGED"


@pytest.mark.parametrize("sent", ["", "nonsense", "nonsense@2026", ",,", "@", "x" * 5000])
def test_what_cannot_be_read_is_about_the_alert_of_the_address(desks, sent):
    desks.nurse.post(at("acknowledge", desks.alert.pk), {"alerts": sent})
    desks.alert.refresh_from_db()
    assert desks.alert.owner == desks.nora.user


def test_sections_stand_in_the_order_of_the_days_work(desks):
    a_waiting_patient(desks.clinic, "Urgent Uma", **CHEST)
    a_waiting_patient(desks.clinic, "Watched Wes", **fever("37.8"))
    caller = a_waiting_patient(desks.clinic, "Calling Cal")
    Alert.objects.filter(patient=caller).delete()
    a_request(caller)
    tasks.open_unreachable(patient=desks.patient, now=NOW)
    silent = a_waiting_patient(desks.clinic, "Silent Sam")
    Alert.objects.filter(patient=silent).update(sign="silence", rule="SI-SILENT", tier=1)
    page = text_of(desks.nurse.get(at("index")))
    titles = [">Emergency <", ">Call today <", ">Asked to be called <", ">Not heard from, and"]
    assert order_of(page, *titles) == titles
    assert page.index("Not heard from, and") < page.index("Silent Sam")
    assert page.index("Calling Cal") < page.index("No message reaches this patient")
    assert "may I swim?" in page


def test_of_one_tier_whoever_is_due_first_stands_first(desks):
    a_waiting_patient(desks.clinic, "Late Larry", minutes=50)
    early = a_waiting_patient(desks.clinic, "Early Edna", minutes=30)
    for alert in Alert.objects.filter(patient=early):
        alert.policy["waits"] = [15]
        alert.save(update_fields=["policy"])
    page = text_of(desks.nurse.get(at("index")))
    assert order_of(page, "Late Larry", "Early Edna") == ["Early Edna", "Late Larry"]


def test_the_trend_is_a_small_drawing_with_words(desks):
    for hours, score in enumerate((7, 5, 4)):
        when = NOW - timedelta(hours=9 - hours)
        a_check_in(desks.patient, now=when, pain={"usual": score, "site": 1})
    row = row_of(text_of(desks.nurse.get(at("index"))), desks.patient)
    assert 'aria-label="Usual pain, the oldest first: 7, 5, 4 of 10"' in row
    assert "style=" not in row


def test_emergencies_say_where_and_whom_to_call(desks):
    known = {"address": "12 Elm Street", "emergency_contact": "Ana Finch"}
    Patient.objects.update(emergency_contact_phone="+15555550177", **known)
    assert "12 Elm Street" not in text_of(desks.nurse.get(at("index")))
    a_check_in(desks.patient, **CHEST)
    lead = Alert.objects.get(tier=3)
    for address in (at("index"), at("alert", lead.pk)):
        page = text_of(desks.nurse.get(address))
        assert "12 Elm Street" in page
        assert "Ana Finch" in page
        assert 'href="tel:+15555550177"' in page


def test_filters_are_kept_for_the_person_and_hide_no_emergency(desks):
    a_waiting_patient(desks.clinic, "Urgent Uma", **CHEST)
    a_waiting_patient(desks.clinic, "Watched Wes", **fever("37.8"))
    desks.nurse.post(at("queue-settings"), {"tier": "watch", "owner": "", "kind": ""})
    page = text_of(desks.nurse.get(at("index")))
    assert "Urgent Uma" in page and "Watched Wes" in page
    assert "Harold Finch" not in page
    assert "hidden by your filters." in page
    assert '<option value="watch" selected>' in page
    assert "<title>Emergency! (3) Queue" in page
    assert "Harold Finch" in text_of(desks.colleague.get(at("index")))


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({}, {"patient", "callback", "task"}),
        ({"kind": "alerts"}, {"patient"}),
        ({"kind": "callbacks"}, {"callback"}),
        ({"kind": "compliance"}, {"task"}),
        ({"owner": "mine"}, {"callback"}),
        ({"owner": "unowned"}, {"patient", "task"}),
        ({"tier": "call_today"}, {"patient"}),
        ({"tier": "nonsense", "owner": "x", "kind": "y"}, {"patient", "callback", "task"}),
    ],
)
def test_what_each_filter_shows(desks, chosen, shown):
    request = a_request(desks.patient)
    callback_requests.take(staff=desks.nora, request_id=request.pk, now=NOW)
    tasks.open_unreachable(patient=desks.patient, now=NOW)
    desks.nurse.post(at("queue-settings"), chosen)
    assert set(rows_shown(desks.nurse)) == shown


def test_keys_and_sound_are_each_persons_own(desks):
    assert "data-keys" in text_of(desks.nurse.get(at("index")))
    assert "data-sound" not in text_of(desks.nurse.get(at("index")))
    desks.nurse.post(at("queue-settings"), {"tier": "watch"})
    desks.nurse.post(at("queue-settings"), {"part": "keys", "sound": "on"})
    page = text_of(desks.nurse.get(at("index")))
    assert "data-sound" in page and "data-keys" not in page
    assert User.objects.get(pk=desks.nora.user.pk).desk["tier"] == "watch"
    assert "data-keys" in text_of(desks.colleague.get(at("index")))


def test_settings_that_nobody_knows_any_more_change_nothing(desks):
    User.objects.update(desk={"tier": "gone", "keys": "yes", "colour": 7, "owner": ["mine"]})
    assert rows_shown(desks.nurse) == ["patient"]


def test_a_tab_of_another_clinic_is_never_given_these_rows(desks):
    twice = a_staff(desks.clinic)
    other = a_clinic()
    Membership.objects.create(clinic=other, user=twice.user, role="NURSE")
    client = signed_in(Client(), twice)
    session = client.session
    session["clinic"] = str(other.pk)
    session.save()
    stale = client.get(at("queue"), {"clinic": str(desks.clinic.pk)})
    assert (stale.status_code, stale.content) == (409, b"")
    assert client.get(at("queue"), {"clinic": str(other.pk)}).status_code == 200


def test_a_call_that_was_asked_for_is_taken_tried_and_made(desks):
    request = a_request(desks.patient)
    desks.nurse.post(at("callback-take", request.pk))
    answer = desks.colleague.post(at("callback-take", request.pk), follow=True)
    assert "Nora Park will call already." in text_of(answer)
    desks.nurse.post(at("callback-tried", request.pk), {"note": ""})
    assert "callback" in rows_shown(desks.nurse)
    refused = desks.nurse.post(at("callback-done", request.pk), {"note": " "}, follow=True)
    assert "Say what came of the call." in text_of(refused)
    desks.nurse.post(at("callback-done", request.pk), {"note": "may swim"})
    found = CallbackRequest.objects.get()
    assert (found.state, found.owner) == ("DONE", desks.nora.user)
    assert found.note.endswith("Nora Park: No answer.\nSat, Nov 21, 10:00 AM, Nora Park: may swim")
    assert "callback" not in rows_shown(desks.nurse)


def test_the_row_says_what_came_of_the_last_call(desks):
    request = a_request(desks.patient)
    for note in ("first <try>", "left a message"):
        desks.nurse.post(at("callback-tried", request.pk), {"note": note})
    page = text_of(desks.colleague.get(at("index")))
    assert "Sat, Nov 21, 10:00 AM, Nora Park: left a message" in page
    assert "&lt;try&gt;" not in page


@pytest.mark.parametrize("verb", ["callback-tried", "callback-done"])
def test_a_note_that_cannot_be_taken_is_refused_and_still_there(desks, verb):
    request = a_request(desks.patient)
    typed = "Spoke with <Clara>. " * 150
    refused = desks.nurse.post(at(verb, request.pk), {"note": typed})
    assert refused.status_code == 422
    assert "at most 2000 characters" in text_of(refused)
    assert escape(typed) in refused.content.decode()
    request.refresh_from_db()
    assert (request.state, request.note) == ("REQUESTED", "")
