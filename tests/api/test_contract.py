"""What /api/schema/ promises: every answer is described, and every refusal has one shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

Described = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def answers() -> list[Described]:
    """Operation, status, answer."""
    return [*_answers(Client().get("/api/schema/").json())]


def _answers(schema: dict[str, Any]) -> Iterator[Described]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                yield f"{method.upper()} {path}", status, answer


def test_every_refusal_is_a_problem(answers):
    refusals = [each for each in answers if each[1] >= "400"]
    assert [
        each for each in refusals if [*each[2]["content"]] != ["application/problem+json"]
    ] == []
    assert {status for _, status, _ in refusals} >= {
        "400",
        "401",
        "403",
        "404",
        "409",
        "415",
        "503",
    }


FREE = {("GET /api/v1/export/", "200")}
"""Everything that is known about somebody, table by table."""


def test_every_answer_says_which_keys_it_has(answers):
    objects = [
        (operation, status)
        for operation, status, answer in answers
        if status < "300"
        for body in answer.get("content", {}).values()
        if body["schema"].get("type") == "object" and "required" not in body["schema"]
    ]
    assert set(objects) == FREE


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("GET /api/v1/me/", "401"),
        ("GET /api/v1/me/", "403"),
        ("PUT /api/v1/check-ins/{client_id}/", "415"),
        ("DELETE /api/v1/push-subscriptions/", "415"),
        ("DELETE /api/v1/devices/{session_id}/", "404"),
        ("POST /api/v1/session/", "429"),
    ],
)
def test_what_refuses_a_request_stands_in_the_contract(answers, operation, status):
    assert (operation, status) in {each[:2] for each in answers}


def test_signing_in_asks_for_no_session(answers):
    assert ("POST /api/v1/session/", "403") not in {each[:2] for each in answers}


def test_a_body_with_unknown_keys_is_off_the_contract():
    known = Client().get("/api/schema/").json()["components"]["schemas"]
    requests = {name: each for name, each in known.items() if name.endswith("Request")}
    assert len(requests) > 10
    assert [name for name, each in requests.items() if each["additionalProperties"]] == []


def test_no_view_speaks_of_its_insides():
    paths = Client().get("/api/schema/").json()["paths"]
    operations = [each for methods in paths.values() for each in methods.values()]
    assert [each["description"] for each in operations if each.get("description")] == []
