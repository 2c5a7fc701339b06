"""The tables: each line of the permissions open to everybody, each limit out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from functools import partial
from importlib import import_module
from typing import Any

from .places import AUDIT, LIMITS, PERMISSIONS, Removal

NO_LIMIT = 10**6
ROLES = ("tests/accounts", "tests/admin", "tests/api", "tests/security", "tests/services")
PHONES = ("tests/pages", "tests/api", "tests/security", "tests/audit", "tests/services")
TRIES = ("tests/accounts", "tests/api", "tests/pages", "tests/security", "tests/services")
DOORS = ("tests/audit", "tests/security", "tests/admin")
BUDGETS = {
    "tracker.services.invitations": ("AT_AN_ADDRESS",),
    "tracker.accounts.devices": (
        "FROM_A_KNOWN_BROWSER", "AT_AN_ADDRESS_FOR_AN_ACCOUNT", "AT_AN_ADDRESS", "FOR_AN_ACCOUNT",
    ),
}  # fmt: skip
COUNTS = {
    "tracker.services.invitations": ("TRIES",),
    "tracker.services.callback_requests": ("MOST_OPEN",),
    "tracker.services.caregivers": ("MOST",),
    "tracker.services.devices": ("MOST_PHONES",),
    "tracker.services.push_subscriptions": ("MOST_PER_PHONE",),
}


def in_tables() -> Iterator[Removal]:
    yield from _permissions()
    yield from _limits()
    yield from _records()


def _permissions() -> Iterator[Removal]:
    from tracker import phone_policy, policy

    everybody, see = policy.ALLOWED[policy.Action.ACCOUNT_OWN], phone_policy.SEE
    file = "tracker/policy.py"
    for action, roles in policy.ALLOWED.items():
        if roles != everybody:
            yield _line(file, "ALLOWED", policy.ALLOWED, action, everybody, ROLES)
    for name, action in policy.DESK.items():
        if policy.ALLOWED[action] != everybody:
            yield _line(file, "DESK", policy.DESK, name, policy.Action.ACCOUNT_OWN, ROLES)
    file = "tracker/phone_policy.py"
    for route, needs in phone_policy.PHONE.items():
        for wide in {(see, needs[1]), (needs[0], see)} - {needs}:
            yield _line(file, "PHONE", phone_policy.PHONE, route, wide, PHONES)
    mine = policy.Action.ACCOUNT_OWN
    for view, actions in _calls_of_staff():
        file = view.__module__.replace(".", "/") + ".py"
        for method in actions:
            yield _line(file, f"{view.__name__}.actions", actions, method, mine, ROLES)


def _calls_of_staff() -> Iterator[tuple[Any, dict[Any, Any]]]:
    addresses = import_module("tests.security.addresses").every_address()
    views = {each.view: None for each in addresses if getattr(each.view, "actions", None)}
    # What several inherit is one table.
    yield from {id(view.actions): (view, view.actions) for view in views}.values()


def _limits() -> Iterator[Removal]:
    from django.conf import settings

    for name, budgets in BUDGETS.items():
        for budget in budgets:
            held = getattr(import_module(name), budget)
            file = name.replace(".", "/") + ".py"
            put = partial(object.__setattr__, held, "limit", NO_LIMIT)
            yield _removal(LIMITS, file, budget, "no limit", put, TRIES)
    for name, counts in COUNTS.items():
        for count in counts:
            put = partial(setattr, import_module(name), count, NO_LIMIT)
            yield _removal(LIMITS, name.replace(".", "/") + ".py", count, "no limit", put, TRIES)
    for name, limit in settings.ACCOUNT_RATE_LIMITS.items():
        if limit is not None:
            put = partial(settings.ACCOUNT_RATE_LIMITS.__setitem__, name, None)
            yield _removal(LIMITS, "config/settings.py", "ACCOUNT_RATE_LIMITS", name, put, TRIES)


def _records() -> Iterator[Removal]:
    """Each address of the desk among those whose opening is not written down."""
    from tracker import policy
    from tracker.admin import recorded

    for name in policy.DESK:
        if name not in recorded.SHOWS_NO_PATIENT and name not in recorded.POLLED:
            put = partial(recorded.SHOWS_NO_PATIENT.__setitem__, name, "nobody")
            file, change = "tracker/admin/recorded.py", f"{name!r} is not recorded"
            yield _removal(AUDIT, file, "SHOWS_NO_PATIENT", change, put, DOORS)


def _line(
    file: str,
    table: str,
    held: MutableMapping[Any, Any],
    key: Any,
    wide: Any,
    tests: tuple[str, ...],
) -> Removal:
    change = f"{_said(key)}: {_said(held[key])} → {_said(wide)}"
    return _removal(PERMISSIONS, file, table, change, partial(held.__setitem__, key, wide), tests)


def _said(value: Any) -> str:
    if isinstance(value, tuple):
        return "(" + ", ".join(each.name for each in value) + ")"
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(each.name for each in value)) + "}"
    return str(getattr(value, "name", repr(value)))


def _removal(
    kind: str, file: str, table: str, change: str, put: Callable[[], object], tests: tuple[str, ...]
) -> Removal:
    return Removal(kind, (file, table, change), 0, put, tests=tests)
