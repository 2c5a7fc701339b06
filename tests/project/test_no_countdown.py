"""What is due is a row. Nothing waits in a broker, in a task or in beat, where a crash loses it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import celery_settings
from tracker.services import sweep

ROOT = Path(__file__).resolve().parents[2]
OURS = sorted(path for folder in ("tracker", "config") for path in (ROOT / folder).rglob("*.py"))
WAITING = {"countdown", "eta", "task_always_eager", "crontab", "autoretry_for", "retry_backoff"}
"""Names that let a message wait, run a task where it is called, or tie a time to beat."""
CALLS = {"retry", "apply_async"}
"""A task that calls itself later, and the call that takes an `eta`; `send_task` is all we need."""


def waits(tree: ast.AST) -> Iterator[str]:
    """Name everything in a module that lets something due wait outside of a row."""
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg=str(name)) | ast.Name(id=name) | ast.alias(name=name):
                if name in WAITING:
                    yield name
            case ast.Constant(value=str(name)) if name in WAITING:
                yield name
            case ast.Attribute(attr=name) if name in WAITING:
                yield name
            case ast.Call(func=ast.Attribute(attr=name)) if name in CALLS:
                yield name


def test_nothing_that_is_due_waits_outside_of_a_row():
    found = {str(path): list(waits(ast.parse(path.read_text()))) for path in OURS}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("app.send_task('t', kwargs={}, countdown=5)", ["countdown"]),
        ("app.send_task('t', **{'eta': at})", ["eta"]),
        ("task.apply_async((1,))", ["apply_async"]),
        ("self.retry(exc=error)", ["retry"]),
        ("task_always_eager = True", ["task_always_eager"]),
        ("from celery.schedules import crontab", ["crontab"]),
        ("celery.schedules.crontab(hour=3)", ["crontab"]),
        ("@shared_task(autoretry_for=(Exception,))\ndef f(): ...", ["autoretry_for"]),
        ("app.send_task('t', kwargs={}, expires=30)  # no countdown, no eta", []),
    ],
)
def test_the_lint_sees(code, found):
    assert list(waits(ast.parse(code))) == found


def tasks_by_name() -> dict[str, ast.FunctionDef]:
    """The functions of tracker/tasks.py by the names of their tasks."""
    tree = ast.parse((ROOT / "tracker/tasks.py").read_text())
    return {
        str(argument.value.value): node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for argument in decorator.keywords
        if argument.arg == "name" and isinstance(argument.value, ast.Constant)
    }


OF_ONE_ROW = {"apply_warning_signs"}
"""What a hint with an id asks for; a tick has none."""


@pytest.mark.parametrize("tick", celery_settings.beat_schedule)
def test_beat_does_nothing_that_the_sweep_does_not(tick):
    entry = celery_settings.beat_schedule[tick]
    calls = {
        node.attr
        for node in ast.walk(tasks_by_name()[entry["task"]])
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "sweep"
    }
    assert calls and calls - OF_ONE_ROW <= {step.__name__ for step in sweep.STEPS}
    assert entry["options"]["expires"] < entry["schedule"], "ticks must not pile up"
    assert isinstance(entry["schedule"], int), "an interval; no hour of a wall clock"
