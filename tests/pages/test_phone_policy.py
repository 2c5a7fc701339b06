"""What a caregiver's phone may do: every address of a phone, by who holds it."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.conftest import NOW
from tests.factories import a_phone, some_answers
from tracker import phone_policy
from tracker.api.principals import StaffView
from tracker.models import Caregiver, CheckIn
from tracker.phone_policy import PHONE, may
from tracker.services import caregivers, invitations

pytestmark = pytest.mark.django_db
READER, LOGGER = Caregiver(may_log=False), Caregiver(may_log=True)
OPEN_TO_ALL = {
    "join/", "join/whose/", "manifest.webmanifest", "sw.js", "offline/", "offline/check-in/",
    "api/schema/",
}  # fmt: skip
SEE, LOG, ALONE = "all", "log", "patient"
ROWS = {
    ("", "GET"): SEE,
    ("sign-out/", "POST"): SEE,
    ("check-in/", "GET"): LOG,
    ("check-in/", "POST"): LOG,
    ("check-in/<uuid:check_in_id>/", "GET"): SEE,
    ("check-in/<uuid:check_in_id>/change/", "GET"): LOG,
    ("check-in/<uuid:check_in_id>/answer/", "POST"): LOG,
    ("one-tap/", "POST"): LOG,
    ("advice/answer/", "POST"): LOG,
    ("ice/", "GET"): SEE,
    ("ice/", "POST"): LOG,
    ("ice/<uuid:session_id>/stop/", "POST"): LOG,
    ("ice/offers/", "POST"): ALONE,
    ("call-back/", "GET"): SEE,
    ("call-back/", "POST"): LOG,
    ("call-back/<uuid:request_id>/withdraw/", "POST"): LOG,
    ("from-the-clinic/", "GET"): SEE,
    ("from-the-clinic/<int:message_id>/read/", "POST"): LOG,
    ("therapies/", "GET"): SEE,
    ("therapies/", "POST"): LOG,
    ("people/", "GET"): ALONE,
    ("people/", "POST"): ALONE,
    ("people/<uuid:caregiver_id>/invite/", "POST"): ALONE,
    ("people/<uuid:caregiver_id>/end/", "POST"): ALONE,
    ("reminders/", "GET"): SEE,
    ("reminders/", "POST"): ALONE,
    ("phones/", "GET"): SEE,
    ("phones/<uuid:session_id>/end/", "POST"): SEE,
    ("my-data/", "GET"): ALONE,
    ("my-data/who-looked/", "GET"): ALONE,
    ("progress/", "GET"): SEE,
    ("progress/for-the-doctor/", "GET"): SEE,
    ("consents/<str:kind>/", "POST"): ALONE,
    ("history/", "GET"): SEE,
    ("api/v1/session/", "DELETE"): SEE,
    ("api/v1/me/", "GET"): SEE,
    ("api/v1/check-ins/", "GET"): SEE,
    ("api/v1/check-ins/<uuid:client_id>/", "PUT"): LOG,
    ("api/v1/advice-answers/", "POST"): LOG,
    ("api/v1/ice-sessions/", "GET"): SEE,
    ("api/v1/ice-sessions/<uuid:client_id>/", "GET"): SEE,
    ("api/v1/ice-sessions/<uuid:client_id>/", "PUT"): LOG,
    ("api/v1/ice-sessions/<uuid:client_id>/stop/", "POST"): LOG,
    ("api/v1/callback-requests/", "GET"): SEE,
    ("api/v1/callback-requests/<uuid:client_id>/", "GET"): SEE,
    ("api/v1/callback-requests/<uuid:client_id>/", "PUT"): LOG,
    ("api/v1/callback-requests/<uuid:client_id>/", "DELETE"): LOG,
    ("api/v1/messages/", "GET"): SEE,
    ("api/v1/messages/<int:message_id>/read/", "POST"): LOG,
    ("api/v1/therapies/", "GET"): SEE,
    ("api/v1/therapies/<uuid:client_id>/", "PUT"): LOG,
    ("api/v1/caregivers/", "GET"): ALONE,
    ("api/v1/caregivers/", "POST"): ALONE,
    ("api/v1/caregivers/<uuid:caregiver_id>/", "DELETE"): ALONE,
    ("api/v1/caregivers/<uuid:caregiver_id>/invitation/", "POST"): ALONE,
    ("api/v1/push-subscriptions/", "POST"): SEE,
    ("api/v1/push-subscriptions/", "DELETE"): SEE,
    ("api/v1/push-subscriptions/test/", "POST"): SEE,
    ("api/v1/devices/", "GET"): SEE,
    ("api/v1/devices/<uuid:session_id>/", "DELETE"): SEE,
    ("api/v1/receipts/", "POST"): SEE,
    ("api/v1/export/", "GET"): ALONE,
    ("api/v1/export/check-ins.csv", "GET"): ALONE,
}


@pytest.mark.parametrize(("route", "method"), ROWS, ids=str)
def test_the_table(route, method):
    needed = ROWS[route, method]
    assert may(None, route, method)
    assert may(LOGGER, route, method) is (needed != ALONE)
    assert may(READER, route, method) is (needed == SEE)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_address_that_nobody_thought_about_is_the_patients_alone(method):
    assert may(None, "dragons/", method)
    assert not may(LOGGER, "dragons/", method)


def phone_routes() -> set[str]:
    pages = {
        str(each.pattern)
        for each in get_resolver("tracker.pages.urls").url_patterns
        if isinstance(each, URLPattern)
    }
    return (pages | api_routes()) - OPEN_TO_ALL


def api_routes() -> set[str]:
    found = set()
    for each in get_resolver("tracker.api.urls").url_patterns:
        view = getattr(each.callback, "cls", None)
        if view is not None and not issubclass(view, StaffView) and str(each.pattern):
            found.add(f"api/{each.pattern}")
    return found


def test_every_address_of_a_phone_has_its_line():
    assert phone_routes() - set(PHONE) == set()
    assert {route for route, _ in ROWS} <= set(PHONE)


def let_in(patient, may_log) -> Client:
    phone = a_phone(patient)
    added = caregivers.add(phone=phone, name="Ana", may_log=may_log, now=NOW)
    signed_in = invitations.sign_in_with_code(code=added.invited.code, label="Ana's phone", now=NOW)
    client = Client()
    client.cookies[settings.PHONE_COOKIE] = signed_in.token
    return client


def test_the_pages_ask_the_table(patient, monkeypatch):
    reader, logger = let_in(patient, False), let_in(patient, True)
    assert [each.get("/people/").status_code for each in (reader, logger)] == [403, 403]
    assert [each.get("/check-in/").status_code for each in (reader, logger)] == [403, 200]
    assert [each.get("/").status_code for each in (reader, logger)] == [200, 200]
    monkeypatch.setitem(phone_policy.PHONE, "", (phone_policy.ALONE, phone_policy.ALONE))
    assert logger.get("/").status_code == 403


def test_the_api_asks_the_table(patient):
    path, answers = f"/api/v1/check-ins/{uuid.uuid4()}/", some_answers(NOW)
    put = {"data": answers, "content_type": "application/json"}
    assert let_in(patient, False).put(path, **put).status_code == 403
    assert not CheckIn.objects.exists()
    assert let_in(patient, True).put(path, **put).status_code == 201


def test_who_may_only_read_is_offered_nothing_to_fill_in(patient):
    page = let_in(patient, False).get("/").content.decode()
    assert "You are helping Ada Quill." in page
    for word in ("I feel worse", "Start 20 minutes", "Ask for a call back", "People who help me"):
        assert word not in page
