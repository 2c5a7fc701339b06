"""The product against its contract: it answers as it says, to whoever may ask, and no more."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings

pytest.importorskip("schemathesis", reason="`make fuzz` installs schemathesis, and runs this")

from schemathesis import APIOperation, Response
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup

from tests.fuzz.cases import Aimed, aimed_cases, the_contract
from tests.security.addresses import Address, every_address, may
from tests.security.test_matrix import taken_back
from tests.security.world import Principal, World, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
CASES = int(os.environ.get("CASES", "600"))
SEED = int(os.environ.get("SEED", "7"))
WHO = ("nobody", "patient", "neighbour", "foreign patient", "nurse", "foreign nurse")
EACH = -(-CASES // len(WHO))

KINDS = {"ServerError": "server errors", "IgnoredAuth": "ignored authentication"}
OBJECT_LEVEL, OFF_CONTRACT = "object-level findings", "answers off the contract"
# A time in the future and a push service that nobody knows fit the contract, and are refused.
NOT_ASKED = ["positive_data_acceptance"]


@dataclass(slots=True)
class Told:
    """What one of them was answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    served: set[str] = field(default_factory=set)
    """Operations that were answered with what was asked for."""
    foreign: int = 0
    """Cases that named a row of somebody else."""
    findings: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, aimed: Aimed, response: Response, foreign: bool) -> None:
        label = aimed.case.operation.label
        self.statuses[response.status_code] += 1
        self.operations.add(label)
        self.foreign += foreign
        if response.status_code < 300:
            self.served.add(label)

    def figures(self) -> dict[str, int]:
        limited = self.statuses[429]
        kinds = [*KINDS.values(), OBJECT_LEVEL, OFF_CONTRACT]
        return {
            "cases": self.statuses.total() - limited,
            "naming somebody else's row": self.foreign,
            **{each: len(self.findings[each]) for each in kinds},
            "answered 429 and not counted": limited,
        }


class KeepingTheConnection:
    """The application as a server calls it, in the one transaction that a test takes back."""

    def __init__(self) -> None:
        self.application = get_wsgi_application()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        for each in (request_started, request_finished):
            each.disconnect(close_old_connections)
        return self.application(environ, start_response)


@pytest.mark.parametrize("name", WHO)
def test_the_product_keeps_its_contract(name, figures):
    world = a_world()
    who = world.principals[name]
    schema = the_contract(KeepingTheConnection(), who)
    told, known, own = Told(), by_path(), who.patient or who.home

    def open_to_them(operation: APIOperation) -> bool:
        return may(who, known[operation.path], operation.method.upper(), own)

    @seed(SEED)
    @settings(max_examples=EACH, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(aimed_cases(schema, world, open_to_them))
    def ask(aimed: Aimed) -> None:
        with taken_back():  # also what was counted against guessing: nobody is limited
            judge(told, world, who, known[aimed.case.operation.path], aimed)

    ask()
    assert not any(told.findings.values()), "\n".join(said(told))
    assert EACH < 1000 or len(told.operations) == len(list(schema.get_all_operations()))
    counted = told.figures()
    figures("fuzz", **counted)
    statuses = {f"answered {status}": told.statuses[status] for status in sorted(told.statuses)}
    figures(f"fuzz as {name}", **counted, **statuses, operations_served=len(told.served))


def by_path() -> dict[str, Address]:
    return {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", each.route): each for each in every_address()}


def judge(told: Told, world: World, who: Principal, address: Address, aimed: Aimed) -> None:
    case, own = aimed.case, who.patient or who.home
    response = case.call()
    whose = aimed.whose if aimed.in_path else own
    let_in = response.status_code < 300
    foreign = (aimed.in_path or aimed.in_body) and not is_theirs(who, aimed.whose)
    told.note(aimed, response, foreign)
    what = f"{who.name}: {case.operation.label} ({aimed.whose}) → {response.status_code}"
    if let_in and not may(who, address, case.method, whose):
        told.findings[OBJECT_LEVEL if who.home else KINDS["IgnoredAuth"]].append(what)
    if let_in and aimed.in_body and not is_theirs(who, aimed.whose):
        told.findings[OBJECT_LEVEL].append(f"{what}, by its body {case.body}")
    shown = f"{response.text} {response.headers}".lower()
    words = [each for each in world.foreign_words(who) if each in shown]
    told.findings[OBJECT_LEVEL] += [f"{what}, which shows {each}" for each in words]
    try:
        case.validate_response(response, excluded_checks=[*map(CHECKS.get_one, NOT_ASKED)])
    except FailureGroup as failures:
        for each in failures.exceptions:
            kind = KINDS.get(type(each).__name__, OFF_CONTRACT)
            told.findings[kind].append(f"{what}: {each}")


def is_theirs(who: Principal, whose: str) -> bool:
    if who.role:
        return who.home == ("elsewhere" if whose == "elsewhere" else "here")
    return whose == who.patient


def said(told: Told) -> Iterable[str]:
    for kind, found in told.findings.items():
        yield f"{kind}: {len(found)}"
        yield from sorted(set(found), key=len)[:20]
