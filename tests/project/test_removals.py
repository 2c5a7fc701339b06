"""What `make removals` takes away, and that it is gone from a function that is imported already."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from tests.mutants.mutations import mutants
from tests.removals import live
from tests.removals.places import AUDIT, LIMITS, PERMISSIONS, SCOPES, Places

RULE = "def rule(limit):\n    if limit.may():\n        return 'kept'\n    return 'gone'\n"


@pytest.mark.parametrize(
    ("line", "removed"),
    [
        ("a = access.of_clinic(staff, rows)", [(SCOPES, "a = (staff, rows)[1]")]),
        ("a = rows.filter(patient_id=b, state=c)", [(SCOPES, "a = rows.filter(state=c)")]),
        ("a = rows.get(pk=b, procedure__patient=c)", [(SCOPES, "a = rows.get(pk=b)")]),
        ("a = rows.filter(patient__name__icontains=b)", []),
        ("a = rows.filter(clinic=b)", [(SCOPES, "a = rows.filter()")]),
        ("a = rows.filter(clinic=b, user=c)", [(SCOPES, "a = rows.filter(clinic=b)")]),
        ("a = rows.filter(tries__lt=5)", [(LIMITS, "a = rows.filter()")]),
        ("a = tries.take(purse, now=now)", [(LIMITS, "a = True")]),
        ("a = staff.may(action)", [(PERMISSIONS, "a = True")]),
        ("if held: raise NotAllowed('no')", [(PERMISSIONS, "pass")]),
        ("if held: raise ValueError('no')", []),
        ("audit.record(actor=a)", [(AUDIT, "pass")]),
        ("_audit(staff, 'alert.take', now)", [(AUDIT, "pass")]),
    ],
)
def test_what_is_taken_from_a_line(tmp_path, line, removed):
    (tmp_path / "line.py").write_text(line)
    found = mutants(tmp_path / "line.py", Places("line.py"))
    assert [(each.wrong.kind, each.change.partition(" → ")[2]) for each in found] == removed


def test_it_is_gone_from_the_function_that_everybody_holds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("rule.py").write_text(RULE)
    rule = imported("rule.py").rule
    live.imported.cache_clear()
    assert rule(Nothing()) == "gone"
    (removal,) = mutants(Path("rule.py"), Places("rule.py"))
    live.put(removal)
    assert rule(Nothing()) == "kept"
    live.imported.cache_clear()


class Nothing:
    def may(self) -> bool:
        return False


def imported(file: str):
    spec = importlib.util.spec_from_file_location("rule", os.path.abspath(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
