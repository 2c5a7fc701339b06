"""A new model cannot be forgotten: what the database holds is compared with the models."""

from __future__ import annotations

import pytest
from django.db.models import ForeignKey

from tests.isolation.two_clinics import confined, sql
from tracker.models import Clinic

pytestmark = pytest.mark.django_db
MODELS = [*confined(), Clinic]


def keys_between_clinics() -> list[tuple[str, str]]:
    """Every foreign key that leads from a row of a clinic to another row of a clinic."""
    return [
        (model._meta.db_table, field.column)
        for model in confined()
        for field in model._meta.fields
        if isinstance(field, ForeignKey) and field.related_model in confined()
    ]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_table_has_a_policy_for_reading_and_writing(model):
    ((is_on,),) = sql(
        "SELECT relrowsecurity FROM pg_class WHERE relname = %s", model._meta.db_table
    )
    policies = sql(
        "SELECT cmd, permissive, qual, with_check FROM pg_policies WHERE tablename = %s",
        model._meta.db_table,
    )
    assert is_on
    ((command, permissive, shown, taken),) = policies
    assert (command, permissive) == ("ALL", "PERMISSIVE")
    column = "id" if model is Clinic else "clinic_id"
    assert shown == taken
    assert shown.startswith(f"({column} = (") and "app.clinic_id" in shown


@pytest.mark.parametrize(("table", "column"), keys_between_clinics())
def test_a_foreign_key_takes_the_clinic_along(table, column):
    composite = sql(
        """
        SELECT 1 FROM pg_constraint c WHERE contype = 'f' AND conrelid = %s::regclass
            AND (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute
                 WHERE attrelid = conrelid AND attnum = ANY(conkey)) = %s::text[]
        """,
        table,
        sorted([column, "clinic_id"]),
    )
    assert composite, f"{table}.{column} may lead into another clinic: a migration has to say so"


def test_there_are_keys_to_look_at():
    assert len(keys_between_clinics()) > 40


FUNCTIONS = """
    SELECT proname FROM pg_proc WHERE prosecdef AND proname LIKE 'tracker%%' AND (
        NOT 'search_path=public, pg_temp' = ANY(proconfig)
        OR has_function_privilege('public', oid, 'EXECUTE')
    )
"""


def test_functions_of_the_owner_are_for_the_application_alone_and_look_where_they_say(role):
    assert sql(FUNCTIONS) == []
    ((number,),) = sql("SELECT count(*) FROM pg_proc WHERE prosecdef AND proname LIKE 'tracker%%'")
    assert number > 8


MAY = "SELECT has_table_privilege(%s, 'tracker_' || %s, %s)"


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_the_audit_is_not_rewritten(role, verb):
    assert sql(MAY, role, "auditevent", "INSERT") == [(True,)]
    assert sql(MAY, role, "auditevent", verb) == [(False,)]


@pytest.mark.parametrize("table", ["alertevent", "assessment", "checkin", "note"])
def test_what_happened_is_not_rewritten(role, table):
    assert sql(MAY, role, table, "UPDATE") == [(False,)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nothing_is_emptied_and_nobody_else_is_let_in(role, model):
    assert sql(MAY, role, model._meta.model_name, "TRUNCATE") == [(False,)]
    assert sql(MAY, "public", model._meta.model_name, "SELECT") == [(False,)]
