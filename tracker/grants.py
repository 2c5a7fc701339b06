"""What the application's role may do, given anew after each migration by the owner of the tables.

Roles belong to a server and not to a database, so no migration can name them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
LESS = {
    # What happened is never rewritten: triggers refuse it to everybody, this to us.
    "tracker_auditevent": "SELECT, INSERT, UPDATE (position, hash)",  # sealing gives them, once
    "tracker_protocolversion": "SELECT, INSERT, UPDATE",
    # Erasing a patient ends these as well; nothing else does.
    "tracker_alertevent": "SELECT, INSERT, DELETE",
    "tracker_answertoadvice": "SELECT, INSERT, DELETE",
    "tracker_assessment": "SELECT, INSERT, DELETE",
    "tracker_checkin": "SELECT, INSERT, DELETE",
    "tracker_note": "SELECT, INSERT, DELETE",
    "tracker_protocoloverride": "SELECT, INSERT, DELETE",
    # Clinics are made on the server.
    "tracker_clinic": "SELECT, UPDATE",
    "django_migrations": "SELECT",
}
_OURS = """
    SELECT relname, relkind FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v')
"""
_FUNCTIONS = """
    SELECT proname FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prosecdef
"""


def after_migrating(**_signal: Any) -> None:
    role = settings.APPLICATION_ROLE
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        # An installation with one role for everything has nothing to give, and is told so by
        # `check --deploy`.
        if role and role != cursor.fetchone()[0]:
            give(role)


@transaction.atomic  # whoever serves meanwhile sees the old rights or the new ones, never none
def give(role: str) -> None:
    """Take everything back first, so that what stands here is all that holds."""
    to = Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute(_OURS)
        tables = cursor.fetchall()
        cursor.execute(_FUNCTIONS)
        functions = [name for (name,) in cursor.fetchall()]
        for name, kind in tables:
            may = "SELECT" if kind == "v" else LESS.get(name, EVERYTHING)
            table = Identifier(name)
            cursor.execute(SQL("REVOKE ALL ON {} FROM {}").format(table, to))
            cursor.execute(SQL("GRANT {} ON {} TO {}").format(SQL(may), table, to))
        for name in functions:
            cursor.execute(SQL("GRANT EXECUTE ON FUNCTION {} TO {}").format(Identifier(name), to))
