"""The same database as everywhere, seen by the role that serves and sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.db import connection

from tracker import grants, scope

ROLE = "afterblock_tests"


@contextmanager
def _as_the_application() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture(scope="session")
def role(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> str:
    """Owns nothing and bypasses nothing, and may do what the product's role may."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        # Roles belong to the server, which the other processes of this run share.
        cursor.execute("SELECT pg_advisory_lock(7021)")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE} NOSUPERUSER NOBYPASSRLS")
        grants.give(ROLE)
        cursor.execute("SELECT pg_advisory_unlock(7021)")
    return ROLE


@pytest.fixture
def the_application(role: str) -> Callable[[], AbstractContextManager[None]]:
    """Inside of it, whatever is asked is asked as the product asks."""
    return _as_the_application


@pytest.fixture(autouse=True)
def at_no_clinic() -> Iterator[None]:
    with scope.nowhere():
        yield
