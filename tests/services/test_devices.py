"""Signed-in phones: how long they are in, how many, and how one is put out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_phone, a_procedure, a_staff, signed_in
from tracker.models import AuditEvent, Caregiver, DeviceSession, Invitation, PushSubscription
from tracker.services import devices, invitations
from tracker.services.invitations import InvitationRefused

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def patient():
    return a_patient(a_clinic())


def closed(patient, at, state="CLOSED"):
    return a_procedure(patient, state=state, closed_at=at)


def me(client) -> int:
    return client.get("/api/v1/me/").status_code


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ([], 200),
        ([("DONE", None)], 200),
        ([("CLOSED", NOW - 7 * DAY + SECOND)], 200),
        ([("CLOSED", NOW - 7 * DAY)], 401),
        ([("CANCELLED", NOW - 8 * DAY)], 401),
        ([("VOID", NOW - 8 * DAY)], 401),
        ([("CLOSED", NOW - 30 * DAY), ("DONE", None)], 200),
        ([("CLOSED", NOW - 30 * DAY), ("SCHEDULED", None)], 200),
        ([("CLOSED", NOW - 30 * DAY), ("CLOSED", NOW - DAY)], 200),
    ],
    ids=str,
)
def test_a_phone_is_in_until_a_week_after_the_last_procedure_closed(patient, rows, status):
    client = Client()
    a_phone(patient, client, now=NOW - 40 * DAY)
    for state, at in rows:
        closed(patient, at, state)
    assert me(client) == status


def test_when_follow_up_is_over_what_was_not_sent_stays_on_the_phone(patient):
    client = Client()
    a_phone(patient, client)
    closed(patient, NOW - 8 * DAY)
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer.headers.get("Clear-Site-Data")) == (401, None)


@pytest.mark.parametrize("who", ["the patient", "staff"])
def test_a_phone_that_is_ended_is_out_with_its_next_request(patient, who):
    lost, kept = Client(), Client()
    session = a_phone(patient, lost).session
    a_phone(patient, kept)
    if who == "staff":
        nurse = signed_in(Client(), a_staff(patient.clinic))
        assert nurse.post(f"/admin/phones/{session.pk}/end/").status_code == 302
    else:
        assert kept.delete(f"/api/v1/devices/{session.pk}/").status_code == 204

    answer = lost.get("/api/v1/me/")
    assert answer.status_code == 401
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert me(kept) == 200
    assert AuditEvent.objects.filter(action="session.end", patient_id=patient.pk).count() == 1


def test_a_page_of_an_ended_phone_says_so_and_clears_it(patient):
    client = Client()
    session = a_phone(patient, client).session
    devices.end_own(phone=a_phone(patient), session_id=session.pk, now=NOW)
    assert client.get("/history/").url == "/join/?ended"
    answer = client.get("/join/?ended")
    assert "This phone was signed out" in answer.content.decode()
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not answer.cookies[settings.PHONE_COOKIE].value
    assert "Clear-Site-Data" not in client.get("/join/?ended")


def test_whoever_is_put_out_may_sign_in_again(patient):
    client = Client()
    session = a_phone(patient, client).session
    devices.end_own(phone=a_phone(patient), session_id=session.pk, now=NOW)
    invited = invitations.invite(patient=patient, invited_by=None, now=NOW)
    answer = client.post(
        "/api/v1/session/", {"code": invited.code}, content_type="application/json"
    )
    # The answer that brings the new cookie must not tell the browser to clear it.
    assert (answer.status_code, answer.headers.get("Clear-Site-Data")) == (201, None)
    assert me(client) == 200


def test_nobody_ends_the_phone_of_somebody_else(patient):
    theirs = a_phone(patient).session
    stranger = Client()
    a_phone(a_patient(patient.clinic), stranger)
    other_desk = signed_in(Client(), a_staff(a_clinic()))
    reader = signed_in(Client(), a_staff(patient.clinic, role="READER"))

    assert stranger.delete(f"/api/v1/devices/{theirs.pk}/").status_code == 404
    assert stranger.post(f"/phones/{theirs.pk}/end/").status_code == 404
    assert other_desk.post(f"/admin/phones/{theirs.pk}/end/").status_code == 404
    assert reader.post(f"/admin/phones/{theirs.pk}/end/").status_code == 403
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_the_fourth_phone_ends_the_first_and_says_so(patient):
    clients = [Client() for _ in range(3)]
    sessions = [
        a_phone(patient, client, now=NOW + number * SECOND).session
        for number, client in enumerate(clients)
    ]
    PushSubscription.objects.create(
        clinic=patient.clinic, patient=patient, device_session=sessions[0], endpoint="https://x.test",
        created_at=NOW,
    )  # fmt: skip
    invited = invitations.invite(patient=patient, invited_by=None, now=NOW)

    fourth = Client()
    body = fourth.post(
        "/api/v1/session/", {"code": invited.code}, content_type="application/json"
    ).json()

    assert body["signed_out"] == [str(sessions[0].pk)]
    assert [me(each) for each in [*clients, fourth]] == [401, 200, 200, 200]
    assert PushSubscription.objects.get().ended_at == NOW


@pytest.mark.parametrize("door", ["the page", "the API"])
def test_signing_in_again_on_a_phone_takes_no_place_of_another(patient, door):
    clients = [Client() for _ in range(3)]
    first, *_ = [a_phone(patient, client).session for client in clients]
    subscription = PushSubscription.objects.create(
        clinic=patient.clinic, patient=patient, device_session=first, endpoint="https://x.test",
        created_at=NOW,
    )  # fmt: skip
    code = {"code": invitations.invite(patient=patient, invited_by=None, now=NOW).code}
    old = Client()
    old.cookies[settings.PHONE_COOKIE] = clients[0].cookies[settings.PHONE_COOKIE].value
    if door == "the page":
        assert clients[0].post("/join/", code).url == "/"
    else:
        answer = clients[0].post("/api/v1/session/", code, content_type="application/json")
        assert answer.json()["signed_out"] == []

    assert [me(each) for each in clients] == [200, 200, 200]
    first.refresh_from_db()
    assert first.revoked_at == NOW
    subscription.refresh_from_db()
    assert subscription.ended_at is None
    assert subscription.device_session in DeviceSession.objects.filter(revoked_at=None)
    # A page that still asks with the old cookie must not make the browser clear the new one.
    answer = old.get("/api/v1/me/")
    assert (answer.status_code, answer.headers.get("Clear-Site-Data")) == (401, None)


@pytest.mark.parametrize("whose", ["another patient", "a helper"])
def test_signing_in_on_the_phone_of_somebody_else_ends_nothing_of_theirs(patient, whose):
    client = Client()
    other = patient if whose == "a helper" else a_patient(patient.clinic)
    session = a_phone(other, client).session
    if whose == "a helper":
        session.caregiver = Caregiver.objects.create(
            clinic=patient.clinic, patient=patient, name="Ana", created_at=NOW
        )
        session.save(update_fields=["caregiver"])
    invited = invitations.invite(patient=patient, invited_by=None, now=NOW)
    client.post("/join/", {"code": invited.code})
    session.refresh_from_db()
    assert session.revoked_at is None


def test_a_typed_code_that_ends_a_phone_leads_to_the_list(patient):
    for number in range(3):
        a_phone(patient, now=NOW + number * SECOND)
    invited = invitations.invite(patient=patient, invited_by=None, now=NOW)
    assert Client().post("/join/", {"code": invited.code}).url == "/phones/"


@pytest.mark.django_db(transaction=True)
def test_phones_that_sign_in_at_once_are_three_in_the_end(patient):
    invited = []
    for _ in range(6):
        invited.append(invitations.invite(patient=patient, invited_by=None, now=NOW))
        Invitation.objects.update(expires_at=NOW + DAY)  # as if each had been used at once

    def enter(each):
        try:
            invitations.sign_in_with_code(code=each.code, label="", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(enter, invited))
    assert DeviceSession.objects.filter(revoked_at=None).count() == devices.MOST_PHONES


def test_when_it_was_last_used_is_kept_to_the_hour(patient, at_now, django_assert_num_queries):
    client = Client()
    session = a_phone(patient, client).session
    at_now.move_to(NOW + timedelta(minutes=50))
    me(client)
    session.refresh_from_db()
    assert session.last_used_at == NOW
    at_now.move_to(NOW + timedelta(minutes=61))
    me(client)
    session.refresh_from_db()
    assert session.last_used_at == NOW + timedelta(hours=1)


def test_a_new_card_makes_the_old_one_worthless(patient):
    other = a_patient(patient.clinic)
    old = invitations.invite(patient=patient, invited_by=None, now=NOW)
    theirs = invitations.invite(patient=other, invited_by=None, now=NOW)
    new = invitations.invite(patient=patient, invited_by=None, now=NOW)

    with pytest.raises(InvitationRefused):
        invitations.sign_in_with_code(code=old.code, label="", now=NOW)
    with pytest.raises(InvitationRefused):
        invitations.sign_in_with_token(token=old.join_url.partition("#")[2], label="", now=NOW)
    invitations.sign_in_with_code(code=new.code, label="", now=NOW)
    invitations.sign_in_with_code(code=theirs.code, label="", now=NOW)


@pytest.mark.parametrize(
    ("token", "ended"), [(None, False), ("", False), ("x" * 5000, False), ("a\x00b", False)]
)
def test_odd_cookies_are_nobodys(token, ended):
    assert devices.was_ended(token=token) is ended
    client = Client()
    client.cookies[settings.PHONE_COOKIE] = token or ""
    assert me(client) == 401


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_1) Version/26.1 Safari/604.1", "iPhone, Safari"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Android, Chrome"),
        ("curl/8", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_phone_is_called_what_people_call_it(label, name):
    assert devices.name_of(label) == name
