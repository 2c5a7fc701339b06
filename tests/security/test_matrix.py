"""Every address, by every method, asked by everybody: whoever is let in, a table says so."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID
from zlib import crc32

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.security.addresses import METHODS, Address, every_address, is_known, may
from tests.security.forms import Sent, body_of, forms_of
from tests.security.world import NAMES, Principal, Target, World, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
PART = int(os.environ.get("MATRIX_PART", "6"))
"""One in so many of the decisions; 1 for all of them, as `make security` asks."""
OF_THE_DOOR = {
    "tracker_auditevent", "tracker_trycount", "tracker_sharedvalue", "django_session",
    "tracker_devicesession", "tracker_user",
}  # fmt: skip
"""What is written about whoever knocks: that they did, how often, and when they were last seen."""


@dataclass(slots=True)
class Decision:
    who: str
    address: Address
    method: str
    whose: str
    status: int
    allowed: bool
    wrote: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)

    says: int = 0
    """Bytes of the answer; a class of Django's tells anybody its methods, in a header."""

    @property
    def let_in(self) -> bool:
        return 200 <= self.status < 300 and not (self.method == "OPTIONS" and not self.says)

    def __str__(self) -> str:
        said = f"{self.who}: {self.method} {self.address.route} ({self.whose}) → {self.status}"
        return f"{said} wrote {sorted(self.wrote)}" if self.wrote else said


def test_every_address_is_known():
    assert [each.route for each in every_address() if not is_known(each)] == []
    assert len(every_address()) > 150


@pytest.mark.parametrize("names", [NAMES[:7], NAMES[7:]], ids=["phones", "staff"])
def test_whoever_gets_in_a_table_says_so(names, figures, settings):
    settings.SMS_INBOUND_SECRET = "a secret of twenty characters"
    world = a_world()
    forms = {each.route: each for each in forms_of(world)}
    made = [
        decide(world, who, address, method, target, forms.get(address.route))
        for who in (world.principals[name] for name in names)
        for address in every_address()
        for target in targets_of(world, who, address)
        for method in METHODS
        if in_this_run(who.name, address, method, target)
    ]
    let_in = [each for each in made if each.let_in]
    assert [str(each) for each in let_in if not each.allowed] == []
    assert [str(each) for each in made if each.wrote and not each.allowed] == []
    assert [f"{each}: {each.shown}" for each in made if each.shown] == []
    assert [
        str(each) for each in made if each.status >= 500 and each.address.route != "readyz"
    ] == []
    assert PART > 1 or never_shown(made) == []
    figures("matrix", principals=len(names), decisions=len(made), let_in=len(let_in), unexplained=0)


def in_this_run(name: str, address: Address, method: str, target: Target) -> bool:
    """Spread evenly, and the same each time."""
    return crc32(f"{name} {address.route} {method} {target.whose}".encode()) % PART == 0


def targets_of(world: World, who: Principal, address: Address) -> list[Target]:
    if not address.of_a_row:
        return [world.targets["here"]]
    phones_only = {"neighbour"} if not who.patient else set()
    return [each for whose, each in world.targets.items() if whose not in phones_only]


def decide(
    world: World, who: Principal, address: Address, method: str, target: Target, form: Sent | None
) -> Decision:
    allowed = may(who, address, method, target.whose)
    with taken_back(), written() as wrote:
        answer = ask(who.client(), address, method, target, world.targets["here"], form)
        text = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    said = (text + str(answer.headers).encode()).decode(errors="replace").lower()
    return Decision(
        who.name, address, method, target.whose, answer.status_code, allowed, wrote - OF_THE_DOOR,
        [each for each in world.foreign_words(who) if each in said], len(text),
    )  # fmt: skip


def ask(
    client: Client, address: Address, method: str, target: Target, here: Target, form: Sent | None
) -> HttpResponse:
    """Ask as somebody would whose request is whole: a refusal is then about them."""
    path = address.path(target)
    if address.route.startswith("api/"):
        body: Any = body_of(method, address)
        kind = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method.lower())(path, **kind)
    if method != "POST" or form is None:
        return getattr(client, method.lower())(path)
    fields = dict(form.fields)
    for key, own in here.ids.items():
        if isinstance(own, UUID):  # also inside of a value: alerts are named with a time
            other = str(target.ids[key])
            fields = {name: value.replace(str(own), other) for name, value in fields.items()}
    return client.post(path, fields)


def never_shown(made: list[Decision]) -> list[str]:
    """Whoever may read a page is shown it: a door that is shut to all would prove nothing."""
    best: Counter[str] = Counter()
    for each in made:
        if each.allowed and each.method == "GET":
            best[each.address.route] |= each.status < 400
    return sorted(each for each in best if not best[each] and each not in POSTED_ONLY)


POSTED_ONLY = set[str]()


@contextmanager
def taken_back() -> Iterator[None]:
    """One decision must not change the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def written() -> Iterator[set[str]]:
    """The tables of which rows were written."""
    tables: set[str] = set()

    def note(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        words, answer = str(sql).replace('"', "").split(), execute(sql, params, many, context)
        if words[:1] in (["INSERT"], ["UPDATE"], ["DELETE"]) and context["cursor"].rowcount:
            tables.add(words[1] if words[0] == "UPDATE" else words[2])
        return answer

    with connection.execute_wrapper(note):
        yield tables
