"""What the application may do is given anew as a whole, or stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from tests.isolation.conftest import ROLE
from tracker import grants

_MAY_READ = """
    SELECT relname FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
        AND has_table_privilege(%s, oid, 'SELECT')
"""


def may_read() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_MAY_READ, [ROLE])
        return {name for (name,) in cursor.fetchall()}


def no_grant(execute: Any, sql: Any, *how: Any) -> Any:
    if connection.cursor().mogrify(sql).startswith("GRANT"):
        raise ConnectionError("the server went away")
    return execute(sql, *how)


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_dies_between_taking_and_giving_leaves_the_application_at_work(role):
    before = may_read()
    with connection.execute_wrapper(no_grant), pytest.raises(ConnectionError):
        grants.give(ROLE)
    assert may_read() == before
    assert "tracker_checkin" in before
