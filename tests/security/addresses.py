"""Every address of the product, and what it answers to whom by the tables of permissions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

from tests.security.world import Principal, Target
from tracker import phone_policy, policy

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
READS = {"GET", "HEAD"}
ANY = set(METHODS)

PUBLIC: dict[str, set[str]] = {
    "livez": ANY,  # says that the process answers
    "readyz": ANY,
    "api/schema/": READS,  # the contract, which is public
    "api/v1/session/": {"POST", *READS},  # signing in; nobody is told "nobody"
    "join/": ANY,
    "join/whose/": {"POST"},  # whose card a code or link is, before it is used up
    "manifest.webmanifest": ANY,
    "sw.js": ANY,
    "offline/": ANY,
    "offline/check-in/": ANY,  # the form that the service worker keeps, empty
    "accounts/login/": ANY,
    "accounts/inactive/": ANY,
    "accounts/password/reset/": ANY,
    "accounts/password/reset/done/": ANY,
    "accounts/2fa/webauthn/login/": ANY,  # a challenge for a passkey, of nobody's in particular
    "accounts/welcome/": ANY,
}
"""Who is not signed in gets in here, and nowhere else."""

OWN_ACCOUNT = "accounts/"
"""The rest of it is everybody's own: no address of it names anybody else's."""

OF_A_ROW = {
    "patient_id", "procedure_id", "alert_id", "client_id", "check_in_id", "request_id",
    "session_id", "message_id", "caregiver_id", "task_id", "membership_id",
}  # fmt: skip
PLAIN = {
    "number": 2, "key": "ice", "kind": "EMAIL", "name": "load", "url": "nothing", "pk": 1,
    "secret": "a-guess", "content_type_id": 1, "object_id": 1,
}  # fmt: skip
"""What stands in an address and is no row of anybody's, or a number of one's own clinic."""


@dataclass(frozen=True)
class Address:
    route: str
    name: str
    keys: tuple[str, ...]
    view: type | None
    """What answers, where it is a class of the API's."""

    @property
    def actions(self) -> dict[str, Any]:
        return getattr(self.view, "actions", {})

    @property
    def of_a_row(self) -> bool:
        return any(key in OF_A_ROW for key in self.keys)

    def path(self, target: Target) -> str:
        path = "/" + self.route.replace(r"(?P<url>.*)$", "<url>")
        for key in self.keys:
            value = self._value(key, target)
            path = "".join(_filled(path, key, value))
        return path

    def _value(self, key: str, target: Target) -> object:
        if key not in OF_A_ROW:
            return PLAIN[key]  # a new kind of parameter: say what it is
        if self.route.startswith(("ice/", "call-back/")):
            return target.ids["client_id"]
        return target.ids[key]


def _filled(path: str, key: str, value: object) -> Iterator[str]:
    for part in path.replace("<", "\0<").replace(">", ">\0").split("\0"):
        is_it = part.startswith("<") and part.strip("<>").rpartition(":")[2] == key
        yield str(value) if is_it else part


def every_address() -> list[Address]:
    found = {each.route: each for each in _walk(get_resolver().url_patterns, "")}
    return [*found.values()]


def _walk(patterns: list[Any], before: str) -> Iterator[Address]:
    for each in patterns:
        route = before + str(each.pattern)
        if not isinstance(each, URLPattern):
            yield from _walk(each.url_patterns, route)
            continue
        keys = (*each.pattern.converters, *(["url"] if "(?P<url>" in route else []))
        view = getattr(each.callback, "cls", None)
        yield Address(route, each.name or "", keys, view)


def is_known(address: Address) -> bool:
    """Whether somebody has thought about it: it stands in a table, or it is closed to all."""
    known = {*PUBLIC, *phone_policy.PHONE, *CLOSED}
    return (
        address.route in known
        or address.route.startswith(OWN_ACCOUNT)
        or bool(address.actions)
        or (address.route.startswith("admin/") and address.name in policy.DESK)
    )


CLOSED = {
    "metrics": "for this machine, or who has the token",
    "hooks/sms/<str:secret>/": "for the gateway, which knows the secret",
    "api/": "nothing is there",
    "admin/autocomplete/": "of the stock admin, and no action opens it",
    "admin/r/<path:content_type_id>/<path:object_id>/": "the same",
    "admin/(?P<url>.*)$": "nothing is there",
}


def may(who: Principal, address: Address, method: str, whose: str) -> bool:
    """What the tables say; `whose` is the target that the address names."""
    if method in PUBLIC.get(address.route, ()):
        return True
    if who.patient:
        return _phone_may(who, address, method, whose)
    if who.role:
        return _staff_may(who, address, method, whose)
    return False


def _phone_may(who: Principal, address: Address, method: str, whose: str) -> bool:
    # Who puts something there makes up its id: another patient's is as good as any.
    made_up = method == "PUT" and address.keys == ("client_id",)
    theirs = made_up or not address.of_a_row or whose == who.patient
    listed = address.route in phone_policy.PHONE
    return listed and theirs and phone_policy.may(who.caregiver, address.route, method)


def _staff_may(who: Principal, address: Address, method: str, whose: str) -> bool:
    home = "elsewhere" if whose == "elsewhere" else "here"
    if address.of_a_row and home != who.home:
        return False
    if address.route.startswith(OWN_ACCOUNT):
        return True
    if address.route == "api/v1/session/":
        return method in READS
    if address.route.startswith("admin/"):
        return policy.may(who.role, policy.DESK.get(address.name))
    return policy.may(who.role, address.actions.get("GET" if method == "HEAD" else method))
