"""Getting a phone in: a link's token or a typed code, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.conftest import NOW
from tests.factories import a_patient, a_phone
from tracker.models import DeviceSession, Invitation
from tracker.services import invitations

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def invited():
    return invitations.invite(patient=a_patient(), invited_by=None, now=NOW)


def post(body, client=None):
    return (client or Client()).post("/api/v1/session/", body, content_type="application/json")


def token_of(invited) -> str:
    return invited.join_url.partition("#")[2]


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: code.replace("-", " ")])
def test_a_typed_code_signs_in(invited, typed):
    client = Client()

    response = post({"code": typed(invited.code)}, client)

    assert response.status_code == 201
    assert client.get("/api/v1/me/").json()["patient"]["name"] == invited.invitation.patient.name


def test_a_link_signs_in_and_its_token_is_nowhere_in_the_database(invited):
    assert post({"token": token_of(invited)}).status_code == 201
    invitation = Invitation.objects.get()
    assert token_of(invited) not in str(invitation.__dict__)
    assert invited.code not in str(invitation.__dict__)


def test_either_secret_uses_up_both(invited):
    post({"token": token_of(invited)})

    used_code, used_link = post({"code": invited.code}), post({"token": token_of(invited)})

    assert used_code.status_code == used_link.status_code == 400
    assert DeviceSession.objects.count() == 1


def test_wrong_used_expired_and_burned_answer_alike(invited):
    wrong = post({"code": invited.code[:5] + "222222"}).content
    unknown = post({"code": "ZZZZ-222222"}).content
    post({"code": invited.code})
    used = post({"code": invited.code}).content

    assert wrong == unknown == used


def test_five_wrong_tries_burn_the_code(invited):
    for _ in range(5):
        post({"code": invited.code[:5] + "222222"})
    assert post({"code": invited.code}).status_code == 400
    assert Invitation.objects.get().tries == 5


def test_one_address_does_not_burn_the_codes_of_a_whole_clinic(invited):
    there = Client(REMOTE_ADDR="203.0.113.7")
    for _ in range(30):
        assert post({"code": "ZZZZ-222222"}, there).status_code == 400
    refused = post({"code": invited.code[:5] + "222222"}, there)
    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert "Wait 15 minutes" in refused.json()["detail"]
    assert Invitation.objects.get().tries == 0, "what is refused is not looked at"
    assert post({"code": invited.code}, there).status_code == 429
    assert post({"token": "x"}, there).status_code == 400, "links are not counted"

    assert post({"code": invited.code}, Client(REMOTE_ADDR="203.0.113.8")).status_code == 201
    with time_machine.travel(NOW + timedelta(minutes=15), tick=False):
        assert post({"code": invited.code}, there).status_code == 400


def test_whoever_gets_in_has_used_up_no_try():
    for _ in range(31):
        again = invitations.invite(patient=a_patient(), invited_by=None, now=NOW)
        assert post({"code": again.code}).status_code == 201


def test_a_code_expires_after_72_hours(invited):
    with time_machine.travel(NOW + timedelta(hours=72), tick=False):
        assert post({"code": invited.code}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [{}, {"code": 123456}, {"code": None}, {"code": ["a"]}, {"code": "x" * 41},
     {"code": "a", "token": "b"}, {"pin": "1"}, {"code": "a\x00b"}, []],
    ids=str,
)  # fmt: skip
def test_odd_bodies_are_refused(body):
    assert post(body).status_code == 400


def test_nobody_is_signed_in_but_there_is_a_csrf_token():
    response = Client().get("/api/v1/session/")
    assert response.status_code == 401
    assert response.json()["csrf_token"]


def test_signing_out_ends_the_session_and_clears_the_phone():
    client = Client()
    a_phone(a_patient(), client)
    kept = client.cookies[settings.PHONE_COOKIE].value

    response = client.delete("/api/v1/session/")

    assert response.status_code == 204
    assert "storage" in response["Clear-Site-Data"]
    client.cookies[settings.PHONE_COOKIE] = kept
    assert client.get("/api/v1/me/").status_code == 401
