"""A phone joins with a typed code; a code works once; signing out leaves nothing behind."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import NOW
from tests.pages.reading import read
from tracker.models import DeviceSession, Invitation
from tracker.services import invitations


@pytest.fixture
def invited(patient):
    return invitations.invite(patient=patient, invited_by=None, now=NOW)


def test_whoever_is_not_signed_in_is_sent_to_join(db):
    for path in ("/", "/check-in/", "/ice/", "/history/", "/sign-out/"):
        assert Client().get(path).headers["Location"] == "/join/"


@pytest.mark.parametrize("typed", [str, str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_a_typed_code_signs_the_phone_in(invited, typed):
    client = Client()
    response = client.post("/join/", {"code": typed(invited.code)})

    assert response.headers["Location"] == "/"
    cookie = response.cookies[settings.PHONE_COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"
    assert "Ada Quill" in read(client.get("/")).words


def test_looking_at_the_page_does_not_use_the_code_up(invited):
    Client().get("/join/")
    Client().head("/join/")

    assert Invitation.objects.get().used_at is None


def test_a_wrong_code_stays_in_the_box_with_a_friendly_word(invited):
    response = Client().post("/join/", {"code": "ABCD-999999"})

    assert response.status_code == 422
    page = read(response)
    assert page.value_of("code") == "ABCD-999999"
    assert "This code does not work." in page.words
    assert "ask the clinic for a new one" in page.words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Wait 15 minutes, or scan your card."), ("es", "Espere 15 minutos, o lea el código")],
)
def test_who_typed_too_many_codes_is_asked_to_wait(invited, language, words):
    guesser = Client(REMOTE_ADDR="2001:db8::1", headers={"Accept-Language": language})
    for _ in range(30):
        assert guesser.post("/join/", {"code": "ZZZZ-222222"}).status_code == 422
    # The network counts: whoever has one has more addresses than anybody can count.
    guesser.defaults["REMOTE_ADDR"] = "2001:db8::2"
    refused = guesser.post("/join/", {"code": invited.code})

    assert (refused.status_code, refused["Retry-After"]) == (429, "900")
    assert words in read(refused).words
    assert Invitation.objects.get().used_at is None


def test_a_code_works_once(invited):
    Client().post("/join/", {"code": invited.code})

    assert Client().post("/join/", {"code": invited.code}).status_code == 422
    assert DeviceSession.objects.count() == 1


def test_an_empty_code_asks_for_one(db):
    assert "Type the code from your card." in read(Client().post("/join/", {"code": "  "})).words


def test_a_code_from_a_foreign_page_is_refused(invited):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/join/", {"code": invited.code}).status_code == 403
    assert Invitation.objects.get().used_at is None


def test_what_was_typed_is_never_markup(db):
    response = Client().post("/join/", {"code": '"><script>alert(1)</script>'})

    assert b"<script>alert" not in response.content


def test_signing_out_asks_first_and_then_clears_the_phone(phone):
    assert phone.get("/sign-out/").status_code == 200
    assert phone.get("/").status_code == 200

    response = phone.post("/sign-out/")

    assert response.headers["Location"] == "/join/?out"
    assert DeviceSession.objects.get().revoked_at is not None
    assert '"storage"' in phone.get("/join/?out").headers["Clear-Site-Data"]
    assert phone.get("/").headers["Location"] == "/join/"


@pytest.mark.parametrize(
    ("way", "cleared"),
    [("/join/", False), ("/join/?code", False), ("/join/?ended", True), ("/join/?out", True)],
)
def test_what_was_not_sent_goes_only_where_the_way_says_so(phone, way, cleared):
    DeviceSession.objects.update(revoked_at=NOW)
    answer = phone.get(way)
    assert ("Clear-Site-Data" in answer.headers) is cleared
    assert (settings.PHONE_COOKIE in answer.cookies) is cleared


@pytest.mark.parametrize("way", ["/join/?ended", "/join/?out"])
def test_no_way_clears_a_phone_that_is_signed_in(phone, way):
    assert "Clear-Site-Data" not in phone.get(way).headers


def test_a_phone_that_is_signed_in_says_whose_it_is_before_another_code(phone):
    page = read(phone.get("/join/"))

    assert "This phone is signed in as Ada Quill" in page.words
    assert "A new code signs Ada Quill out on this phone." in page.words
    assert "Use this code instead" in page.words
