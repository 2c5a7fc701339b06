"""An error is a small page for people and a problem for programs."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory

from tests.factories import a_patient, a_phone
from tests.pages.reading import read
from tracker.pages import errors

HANDLERS = [
    (errors.bad_request, 400),
    (errors.forbidden, 403),
    (errors.not_found, 404),
    (errors.server_error, 500),
    (errors.csrf_failure, 403),
]


@pytest.mark.parametrize(
    ("handler", "status"), HANDLERS, ids=lambda each: getattr(each, "__name__", each)
)
def test_a_person_reads_a_page(handler, status):
    response = handler(RequestFactory().get("/somewhere/"))

    assert response.status_code == status
    page = read(response)
    assert page.links["Go to today"] == "/"
    assert "Call your clinic, or call 911." in page.words


@pytest.mark.parametrize(
    ("handler", "status"), HANDLERS, ids=lambda each: getattr(each, "__name__", each)
)
def test_a_program_reads_a_problem(handler, status):
    response = handler(RequestFactory().get("/api/v1/somewhere/"))

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert b"about:blank" in response.content
    assert HTTPStatus(status).phrase.encode() in response.content


def test_a_page_says_when_the_database_is_away(db):
    def away(*_):
        raise OperationalError("the server closed the connection unexpectedly")

    client = Client(raise_request_exception=False)
    a_phone(a_patient(), client)
    with connection.execute_wrapper(away):
        response = client.get("/")

    # What a phone takes for "no network" is 502 to 504: it shows the form that it keeps.
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert "Call your clinic, or call 911." in read(response).words


def test_a_failure_of_ours_is_not_taken_for_no_network(db):
    def broken(*_):
        raise ValueError("odd")

    client = Client(raise_request_exception=False)
    a_phone(a_patient(), client)
    with connection.execute_wrapper(broken):
        response = client.get("/")

    assert (response.status_code, "Retry-After" in response.headers) == (500, False)


def test_an_unknown_address_is_a_page(db):
    response = Client().get("/nothing-here/")

    assert response.status_code == 404
    assert "There is nothing here." in read(response).words
