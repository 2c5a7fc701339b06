"""Take every filter by clinic out of the product: the database alone still shows one clinic."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import QuerySet

from tests.isolation.two_clinics import confined, sql
from tests.security.addresses import every_address
from tests.security.test_matrix import decide, taken_back
from tests.security.world import World, a_world
from tracker import scope
from tracker.scope import clinic_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
FILTERS = {"clinic", "clinic_id", "patient__clinic", "patient__clinic_id"}
STAFF = ("nurse", "foreign manager")


def forget_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on the product is one whose authors forgot every one of them."""
    honest = QuerySet._filter_or_exclude

    def forgetful(self: Any, negate: bool, args: Any, kwargs: dict[str, Any]) -> Any:
        kept = {key: value for key, value in kwargs.items() if key not in FILTERS or negate}
        return honest(self, negate, args, kept)

    monkeypatch.setattr(QuerySet, "_filter_or_exclude", forgetful)


def foreign_rows_shown(world: World) -> tuple[int, int]:
    """How many of the other clinic's objects a member of staff is shown, of how many asked."""
    shown = asked = 0
    for name in STAFF:
        who = world.principals[name]
        other = world.targets["elsewhere" if who.home == "here" else "here"]
        for address in every_address():
            if not address.of_a_row or not address.route.startswith("admin/"):
                continue
            made = decide(world, who, address, "GET", other, None)
            asked += 1
            shown += bool(made.shown) or made.let_in
    return shown, asked


def test_without_filters_the_database_shows_staff_one_clinic(the_application, monkeypatch, figures):
    world = a_world()
    forget_filters(monkeypatch)
    with the_application(), scope.nowhere():
        shown, asked = foreign_rows_shown(world)
    assert (shown, asked >= 40) == (0, True)
    without_wall, _ = foreign_rows_shown(world)
    assert without_wall > 5, "the owner of the tables is shown them: the filters were gone"
    figures("database alone", foreign_objects_asked_for=asked, shown=shown,
            shown_without_it=without_wall)  # fmt: skip


def test_without_filters_no_table_is_read_or_written_across(the_application, figures):
    world = a_world()
    here, elsewhere = world.targets["here"].patient, world.targets["elsewhere"].patient
    attacks = held = 0
    for model in confined():
        table = model._meta.db_table
        with the_application(), clinic_scope(here.clinic_id):
            for attack in (
                f"SELECT 1 FROM {table} WHERE clinic_id = '{elsewhere.clinic_id}'",
                f"SELECT 1 FROM {table} WHERE clinic_id <> '{here.clinic_id}' OR 1 = 1"
                f" EXCEPT SELECT 1 FROM {table} WHERE clinic_id = '{here.clinic_id}'",
                f"UPDATE {table} SET clinic_id = clinic_id"
                f" WHERE clinic_id = '{elsewhere.clinic_id}' RETURNING 1",
                f"DELETE FROM {table} WHERE clinic_id = '{elsewhere.clinic_id}' RETURNING 1",
            ):
                attacks += 1
                held += attempt(attack) == []
        with the_application(), scope.nowhere():
            attacks += 1
            held += attempt(f"SELECT 1 FROM {table}") == []
    assert held == attacks >= 100
    assert connection.is_usable()
    figures("database alone", attacks_by_sql=attacks, held=held)


def attempt(statement: str) -> list[Any]:
    """What it gives; nothing when it is refused."""
    with taken_back():
        try:
            with transaction.atomic():
                return sql(statement)
        except ProgrammingError:
            return []
