"""Cases of the contract, as somebody sends them: made up, or naming rows that there are."""

from __future__ import annotations

from collections.abc import Callable
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
SHARES = {
    (GenerationMode.POSITIVE, True): 10, (GenerationMode.NEGATIVE, True): 4,
    (GenerationMode.POSITIVE, False): 3, (GenerationMode.NEGATIVE, False): 2,
}  # fmt: skip
OF_A_BODY = {
    "alert": "alert_id", "corrects": "client_id", "receipt": "receipt_id", "endpoint": "endpoint",
}  # fmt: skip
"""Where a body names a row; the id of an answer is made up by whoever sends it."""
Ids = dict[str, object]


@dataclass(slots=True)
class Aimed:
    """A case of the contract, and whose rows its address and its body name."""

    case: Case
    in_path: str
    in_body: str


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


@dataclass(slots=True)
class Slot:
    """One operation, as the contract allows it or as it does not."""

    operation: APIOperation
    cases: st.SearchStrategy[Case]
    share: int
    """How many cases of it a round has."""


def slots_of(schema: BaseSchema, open_to_them: Callable[[APIOperation], bool]) -> list[Slot]:
    """Every operation; more of those that are not shut to whoever asks."""
    return [
        Slot(operation, operation.as_strategy(generation_mode=mode), SHARES[mode, is_open])
        for operation in (each.ok() for each in schema.get_all_operations())
        for is_open in [open_to_them(operation)]
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or takes_something(operation)
    ]


def takes_something(operation: APIOperation) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters)


def ids_of(world: World) -> dict[str, Ids]:
    """What belongs to each target, as an address or a body names it."""
    found: dict[str, Ids] = {}
    for whose, target in world.targets.items():
        owed = Delivery.objects.filter(patient=target.patient).first()
        push = target.patient.push_subscriptions.first()
        assert owed, push
        found[whose] = {**target.ids, "endpoint": push.endpoint, "receipt_id": owed.receipt_id}
    return found


def naming(case: Case, in_path: str, in_body: str, ids: dict[str, Ids]) -> Aimed:
    """The case with the ids of rows that there are, where it has room for them."""
    theirs = {} if _is_broken(case, ParameterLocation.PATH) else ids.get(in_path, {})
    path = {key: _sent(theirs[key]) for key in case.path_parameters or {} if key in theirs}
    if path:
        case.path_parameters = {**case.path_parameters, **path}
    theirs = {} if _is_broken(case, ParameterLocation.BODY) else ids.get(in_body, {})
    given = case.body if isinstance(case.body, dict) else {}
    body = {key: _sent(theirs[OF_A_BODY[key]]) for key in given if OF_A_BODY.get(key) in theirs}
    if body:
        case.body = {**given, **body}
    return Aimed(case, in_path if path else MADE_UP, in_body if body else MADE_UP)


def _is_broken(case: Case, part: ParameterLocation) -> bool:
    """Whether it is this part that the contract does not allow: it stays as it is."""
    return case.meta is not None and case.meta.is_negative_at(part)


def _sent(value: object) -> object:
    return value if isinstance(value, int) else str(value)
