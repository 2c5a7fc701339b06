"""The product against its contract: it answers as it says, to whoever may ask, and no more."""

from __future__ import annotations

import itertools
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings

pytest.importorskip("schemathesis", reason="`make fuzz` installs schemathesis, and runs this")

from schemathesis import APIOperation, Case, Response
from schemathesis.checks import CHECKS
from schemathesis.core.failures import FailureGroup

from tests.fuzz.cases import MADE_UP, Aimed, Slot, ids_of, naming, slots_of, the_contract
from tests.security.addresses import Address, every_address, may
from tests.security.test_matrix import OF_THE_DOOR, taken_back, written
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
    asking = Asking(world, world.principals[name])
    told, rounds = asking.told, itertools.count(SEED)
    while told.statuses.total() < EACH:
        asking.a_round(next(rounds))
    assert not any(told.findings.values()), "\n".join(said(told))
    assert told.operations == asking.operations or EACH < 1000
    counted = told.figures()
    figures("fuzz", **counted)
    statuses = {f"answered {status}": told.statuses[status] for status in sorted(told.statuses)}
    figures(f"fuzz as {name}", **counted, **statuses, operations_served=len(told.served))


class Asking:
    """One of them, who sends cases of every operation in rounds."""

    def __init__(self, world: World, who: Principal) -> None:
        self.world, self.who, self.told = world, who, Told()
        self.own = who.patient or who.home
        self.known, self.ids = by_path(), ids_of(world)
        self.slots = slots_of(the_contract(KeepingTheConnection(), who), self.open_to_them)
        self.operations = {each.operation.label for each in self.slots}

    def open_to_them(self, operation: APIOperation) -> bool:
        address = self.known[operation.path]
        return may(self.who, address, operation.method.upper(), self.own)

    def a_round(self, number: int) -> None:
        dice = random.Random(number)
        for slot in dice.sample(self.slots, len(self.slots)):
            if self.told.statuses.total() < EACH:
                self.send(slot, number, dice)

    def send(self, slot: Slot, number: int, dice: random.Random) -> None:
        @seed(number)
        @settings(max_examples=slot.share, deadline=None, database=None, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        @given(slot.cases)
        def ask(case: Case) -> None:
            in_path, in_body = dice.choices([MADE_UP, *self.ids, *self.ids], k=2)
            aimed = naming(case, in_path, in_body, self.ids)
            with taken_back():  # also what was counted against guessing: nobody is limited
                judge(self.told, self.world, self.who, self.known[case.operation.path], aimed)

        ask()


def by_path() -> dict[str, Address]:
    return {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", each.route): each for each in every_address()}


def judge(told: Told, world: World, who: Principal, address: Address, aimed: Aimed) -> None:
    case = aimed.case
    with written() as wrote:
        response = case.call()
    let_in = response.status_code < 300 or bool(wrote - OF_THE_DOOR)
    told.note(
        aimed, response, not all(map(partial(is_theirs, who), (aimed.in_path, aimed.in_body)))
    )
    names = f"{aimed.in_path}, {aimed.in_body}"
    what = f"{who.name}: {case.operation.label} ({names}) → {response.status_code}"
    whose = (who.patient or who.home) if aimed.in_path == MADE_UP else aimed.in_path
    if let_in and not may(who, address, case.method, whose):
        told.findings[OBJECT_LEVEL if who.home else KINDS["IgnoredAuth"]].append(what)
    if let_in and not is_theirs(who, aimed.in_body):
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
    if whose == MADE_UP:
        return True  # nobody's
    if who.role:
        return who.home == ("elsewhere" if whose == "elsewhere" else "here")
    return whose == who.patient


def said(told: Told) -> Iterable[str]:
    for kind, found in told.findings.items():
        yield f"{kind}: {len(found)}"
        yield from sorted(set(found), key=len)[:20]
