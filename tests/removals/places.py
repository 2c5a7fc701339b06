"""Where the source narrows a query, asks whether, counts a try or writes into the audit."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path

from tests.mutants.mutations import mutants

from .live import outermost, put

SCOPES, PERMISSIONS, LIMITS, AUDIT = "scopes", "permissions", "limits", "audit"
KINDS = (SCOPES, PERMISSIONS, LIMITS, AUDIT)
ASKING = {"filter", "get", "Q", "get_object_or_404"}
WHOSE = {"clinic", "patient", "user", "caregiver", "procedure"}
EXACTLY = {*WHOSE, "id", "pk", "in"}
COUNTS = {"tries.take", "tries.take_from_all"}
REFUSING = {"NotAllowed", "PermissionDenied"}
RECORDS = {"_audit", "write_down", "note"}
RECORDED_BY = (
    "audit.record",
    "signals.note",
    "looking.refused",
    "looking.opened",
    "looking.listed",
)


@dataclass(slots=True)
class Places:
    """What may be taken away in one module, and what then stands in its place."""

    file: str

    def __call__(self, node: ast.AST) -> Iterator[ast.AST]:
        for kind, instead in self._removed(node):
            instead.kind = kind  # type: ignore[attr-defined]
            yield ast.fix_missing_locations(ast.copy_location(instead, node))

    def _removed(self, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
        match node:
            case ast.Call(func=ast.Attribute(attr="of_clinic" | "of_patient")):
                # The rows as they came; who asks is still read, as a closure may hold it.
                pair = ast.Tuple(node.args, ast.Load())
                yield SCOPES, ast.Subscript(pair, ast.Constant(1), ast.Load())
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in ASKING:
                for narrowing in self._narrowing(node):
                    kept = [each for each in node.keywords if each is not narrowing]
                    counts = str(narrowing.arg).startswith("tries__")
                    yield LIMITS if counts else SCOPES, ast.Call(node.func, node.args, kept)
            case ast.Call(func=ast.Attribute(attr="may" | "allows")):
                yield PERMISSIONS, ast.Constant(True)
            case ast.If(body=[ast.Raise(exc=exc)], orelse=[]) if _name(exc) in REFUSING:
                if not any(_name(each).endswith(".may") for each in ast.walk(node.test)):
                    yield PERMISSIONS, ast.Pass()
            case ast.Call() if _name(node) in COUNTS:
                yield LIMITS, ast.Constant(True)
            case ast.Expr(value=ast.Call() as call) if _records(_name(call)):
                yield AUDIT, ast.Pass()

    def _narrowing(self, call: ast.Call) -> Iterator[ast.keyword]:
        """One at a time; a clinic that stands beside a patient says nothing more, and stays."""
        if self.file == "tracker/access.py":
            yield from call.keywords
            return
        whose = [each for each in call.keywords if _says_whose(str(each.arg))]
        for each in whose:
            if len(whose) == 1 or not str(each.arg).startswith("clinic"):
                yield each


def _says_whose(argument: str) -> bool:
    first, *more = argument.replace("_id", "__id").split("__")
    return (first in WHOSE and set(more) <= EXACTLY) or argument == "tries__lt"


def _records(name: str) -> bool:
    return name in RECORDS or name.endswith(RECORDED_BY)


def _name(node: ast.AST | None) -> str:
    match node:
        case ast.Call(func=func):
            return _name(func)
        case ast.Attribute(value=value, attr=attr):
            return f"{_name(value)}.{attr}"
        case ast.Name(id=name):
            return name
    return ""


@dataclass(frozen=True, slots=True)
class Removal:
    kind: str
    key: tuple[str, str, str]
    """The file, what it stands in, and the change, as a survivor is explained by them."""
    line: int
    put: Callable[[], object]
    """Takes it away, for as long as this process lives."""
    tests: tuple[str, ...] = ()
    """Where to look for a test that notices; () for anywhere."""

    def __str__(self) -> str:
        file, function, change = self.key
        return f"{file}:{self.line} {function}: {change}"


def in_file(file: Path) -> Iterator[Removal]:
    import_module(".".join(file.with_suffix("").parts).removesuffix(".__init__"))
    for each in mutants(file, Places(str(file))):
        if outermost(each.tree, each.line):
            yield Removal(each.wrong.kind, each.key, each.line, partial(put, each))
