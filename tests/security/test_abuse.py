"""What nobody honest sends: every answer is a refusal in order, and tells of nobody else."""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest
from django.test import Client

from tests.security import hostile
from tests.security.addresses import Address, every_address
from tests.security.forms import BODIES, Sent, forms_of
from tests.security.hostile import Shot
from tests.security.test_matrix import taken_back
from tests.security.world import Principal, World, a_world
from tracker import phone_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
INPUTS = int(os.environ.get("ABUSE_INPUTS", "2000"))
"""How many are sent, drawn evenly from all addresses; 0 sends all that can be made."""
SEED = int(os.environ.get("SEED", "7"))
Aimed = tuple[Principal, Shot]


def aimed(world: World, forms: list[Sent]) -> dict[str, list[Aimed]]:
    """All that can be made, by address."""
    by_route: dict[str, list[Aimed]] = {}
    known = {each.route: each for each in every_address()}
    target = world.targets["here"]
    for (method, route), body in BODIES.items():
        address = known[f"api/v1/{route}"]
        who = world.principals[who_writes(address)]
        shots = hostile.at_api(method, address.path(target), body)
        by_route[f"{method} {address.route}"] = [(who, each) for each in shots]
    for form in forms:
        who = world.principals[form.by]
        shots = hostile.at_form(form.path, form.fields)
        by_route[f"POST {form.route} {form.by}"] = [(who, each) for each in shots]
    for address in every_address():
        who = world.principals[who_writes(address)]
        by_route[f"GET {address.route}"] = [
            (who, each) for each in hostile.at_reading(address.path(target))
        ]
    nurse, phone = world.principals["nurse"], world.principals["patient"]
    by_route["paths"] = [(who, each) for each in hostile.at_paths() for who in (nurse, phone)]
    return by_route


def who_writes(address: Address) -> str:
    if address.route in phone_policy.PHONE or not address.route.startswith(("admin/", "api/")):
        return "patient"
    return "manager"


def drawn(by_route: dict[str, list[Aimed]]) -> list[Aimed]:
    """As many of each address as there are, up to an even share."""
    dice = random.Random(SEED)
    if not INPUTS:
        return [each for shots in by_route.values() for each in shots]
    shuffled = [dice.sample(shots, len(shots)) for shots in by_route.values()]
    found: list[Aimed] = []
    while len(found) < INPUTS and any(shuffled):
        found += [shots.pop() for shots in shuffled if shots]
    return found[:INPUTS]


def test_every_writing_address_of_the_api_has_a_body_here():
    written = {
        (method.upper(), each.route.removeprefix("api/v1/"))
        for each in every_address()
        if each.route.startswith("api/v1/")
        for method in ("post", "put", "patch", "delete")
        if hasattr(each.view, method)
    }
    assert written == set(BODIES)


def test_nothing_that_can_be_sent_breaks_anything(figures):
    world = a_world()
    by_route = aimed(world, forms_of(world))
    shots, broken, leaked = drawn(by_route), [], []
    statuses: Counter[int] = Counter()
    for who, shot in shots:
        with taken_back():
            answer = send(who, shot)
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        statuses[answer.status_code] += 1
        told = f"{who.name}: {shot.method} {shot.path[:90]} {shot.what} → {answer.status_code}"
        if answer.status_code >= 500 and "readyz" not in shot.path:
            broken.append(told)
        said = (content + str(answer.headers).encode()).decode(errors="replace").lower()
        leaked += [told for word in world.foreign_words(who) if word in said]
    assert broken == []
    assert leaked == []
    assert len(statuses) > 5, f"they were answered in many ways: {statuses}"
    figures("hostile input", inputs=len(shots), addresses=len(by_route), could_be_made=sum(
        map(len, by_route.values())), answers_of_500=0, foreign_words=0)  # fmt: skip


@pytest.mark.parametrize("length", ["x", "-1", "1.5", "１"])
def test_a_length_that_is_no_number_is_refused(length):
    client = Client(raise_request_exception=False)
    for path in ("/accounts/login/", "/join/", "/api/v1/session/"):
        assert client.post(path, {"code": "x"}, CONTENT_LENGTH=length).status_code == 400


def send(who: Principal, shot: Shot):
    client = who.client()
    path, _, query = shot.path.partition("?")
    headers = {key: value for key, value in shot.headers.items() if key != "Cookie"}
    if "Cookie" in shot.headers:
        client.cookies.clear()
        headers["Cookie"] = shot.headers["Cookie"]
    return client.generic(
        shot.method, path, shot.body(), shot.kind, QUERY_STRING=query, headers=headers
    )
