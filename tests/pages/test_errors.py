"""An error is a small page for people and a problem for programs."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.test import Client, RequestFactory

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


def test_an_unknown_address_is_a_page(db):
    response = Client().get("/nothing-here/")

    assert response.status_code == 404
    assert "There is nothing here." in read(response).words
