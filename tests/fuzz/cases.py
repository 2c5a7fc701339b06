"""Cases of the contract, as somebody sends them: made up, or naming rows that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import APIOperation, AuthContext, Case, GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.schemas import BaseSchema

from tests.security.world import Principal, World
from tracker.models import Delivery

MADE_UP = "made up"
MORE = 4
OF_A_BODY = {
    "alert": "alert_id", "corrects": "client_id", "receipt": "receipt_id", "endpoint": "endpoint",
    "id": "client_id",
}  # fmt: skip
"""Where a body names a row."""
Ids = dict[str, object]


@dataclass(slots=True)
class Aimed:
    """A case of the contract; `whose` rows it names, in its address or its body."""

    case: Case
    whose: str = MADE_UP
    in_path: bool = False
    in_body: bool = False


def the_contract(application: Callable[..., Any], who: Principal) -> BaseSchema:
    """As it is served, with each case sent by them; for nobody it makes up credentials."""
    schema = schemathesis.openapi.from_wsgi(
        "/api/schema/", application, config=schemathesis.Config()
    )
    if not who.cookies:
        return schema
    client = who.client()
    token = client.get("/api/v1/session/").json()["csrf_token"]
    cookies = {name: each.value for name, each in client.cookies.items()}

    @schema.auth(refresh_interval=None)
    class SignedIn:
        def get(self, case: Case, context: AuthContext) -> dict[str, str]:
            return cookies

        def set(self, case: Case, data: dict[str, str], context: AuthContext) -> None:
            case.cookies = {**(case.cookies or {}), **data}
            case.headers["X-CSRFToken"] = token

    return schema


def aimed_cases(
    schema: BaseSchema, world: World, open_to_them: Callable[[APIOperation], bool]
) -> st.SearchStrategy[Aimed]:
    """Cases of every operation; more of those that are not shut to whoever asks."""
    ids = ids_of(world)
    whose = st.sampled_from([MADE_UP, *ids])
    operations = [each.ok() for each in schema.get_all_operations()]
    open_ones = [each for each in operations if open_to_them(each)]
    cases = st.one_of([*_of(operations), *[*_of(open_ones)] * MORE])
    return st.builds(lambda case, name: _naming(case, name, ids.get(name, {})), cases, whose)


def _of(operations: list[APIOperation]) -> Iterator[st.SearchStrategy[Case]]:
    """What the contract allows, and what it does not."""
    for each in operations:
        yield each.as_strategy(generation_mode=GenerationMode.POSITIVE)
        if each.body or each.query or each.path_parameters:
            yield each.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def ids_of(world: World) -> dict[str, Ids]:
    """What belongs to each target, as an address or a body names it."""
    found: dict[str, Ids] = {}
    for whose, target in world.targets.items():
        owed = Delivery.objects.filter(patient=target.patient).first()
        push = target.patient.push_subscriptions.first()
        assert owed, push
        found[whose] = {**target.ids, "endpoint": push.endpoint, "receipt_id": owed.receipt_id}
    return found


def _naming(case: Case, whose: str, ids: Ids) -> Aimed:
    broken_path = case.meta is not None and case.meta.is_negative_at(ParameterLocation.PATH)
    keys = {} if broken_path else case.path_parameters or {}
    path = {key: _sent(ids[key]) for key in keys if key in ids}
    given = case.body if isinstance(case.body, dict) else {}
    body = {key: _sent(ids[OF_A_BODY[key]]) for key in given if OF_A_BODY.get(key) in ids}
    if path:
        case.path_parameters = {**case.path_parameters, **path}
    if body:
        case.body = {**given, **body}
    return Aimed(case, whose, bool(path), bool(body))


def _sent(value: object) -> object:
    return value if isinstance(value, int) else str(value)
