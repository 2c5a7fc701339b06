"""Each mistake of a module: where it stands, what it changes, and how to put it in."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from .mistakes import wrong

# Nothing that a caller could see: how a class is built or shown, and a check on ourselves.
UNSEEN = {"strict", "slots", "frozen", "repr", "init"}
SKIPPED = {"annotation", "returns", "decorator_list", "format_spec"}
SHORT, CONTEXT = 90, 35
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake: `node` stands at `field` of `parent`, and `wrong` takes its place."""

    tree: ast.Module
    parent: ast.AST
    field: str
    index: int | None
    wrong: Any
    file: str
    line: int
    function: str
    """Its dotted name; "" for what runs when the module is imported."""
    called_at: int
    """The line under which Python knows that function; 0 when there is none."""
    change: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.file, self.function, self.change

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.function or 'on import'}: {self.change}"

    def swap(self) -> Any:
        """Put the mistake in, and return what stood there."""
        return _swap(self.parent, self.field, self.index, self.wrong)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the walk through a module stands."""

    statement: ast.stmt
    function: str = ""
    called_at: int = 0


def mutants(file: Path, mistakes: Callable[[ast.AST], Iterable[ast.AST]] = wrong) -> list[Mutant]:
    """Every mistake of one module, in the order of the source."""
    tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
    found = [
        _mutant(tree, str(file), at, place, other)
        for at, place in _walk(tree, Place(ast.Pass()))
        for other in mistakes(_standing(*at))
    ]
    return _numbered(found)


def _numbered(found: list[Mutant]) -> list[Mutant]:
    """Changes that read the same are told apart by a number."""
    seen: Counter[tuple[str, str, str]] = Counter()
    told = []
    for each in found:
        seen[each.key] += 1
        again = seen[each.key]
        told.append(each if again == 1 else replace(each, change=f"{each.change} (no. {again})"))
    return told


At = tuple[ast.AST, str, int | None]


def _walk(node: ast.AST, place: Place) -> Iterator[tuple[At, Place]]:
    for field, value in ast.iter_fields(node):
        if field in SKIPPED:
            continue
        inside = _inside(node, field, place)
        for index, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or _unseen(child):
                continue
            here = replace(inside, statement=child) if isinstance(child, ast.stmt) else inside
            yield (node, field, index if isinstance(value, list) else None), here
            yield from _walk(child, here)


def _inside(node: ast.AST, field: str, place: Place) -> Place:
    """Defaults of arguments belong to the scope around the function, its body to the function."""
    if field != "body" or not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return place
    name = getattr(node, "name", "lambda")
    function = f"{place.function}.{name}" if place.function else name
    if isinstance(node, ast.ClassDef):
        return replace(place, function=function)
    decorators = getattr(node, "decorator_list", [])
    return replace(place, function=function, called_at=(decorators or [node])[0].lineno)


def _unseen(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in UNSEEN
    # Docstrings, and the words after a field.
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _mutant(tree: ast.Module, file: str, at: At, place: Place, other: ast.AST) -> Mutant:
    standing = _standing(*at)
    line = getattr(standing, "lineno", place.statement.lineno)
    before = _text(place.statement)
    right = _swap(*at, other)
    after = other if isinstance(other, ast.stmt) else place.statement
    change = _difference(before, _text(after))
    _swap(*at, right)
    return Mutant(tree, *at, other, file, line, place.function, place.called_at, change)


def _text(statement: ast.stmt) -> str:
    """The statement on one line, without the block below it."""
    if hasattr(statement, "decorator_list"):
        statement = copy.copy(statement)
        statement.decorator_list = []
    whole = ast.unparse(statement)
    return whole.partition("\n")[0] if hasattr(statement, "body") else " ".join(whole.split())


def _difference(before: str, after: str) -> str:
    """The statement before and after; of a long one, what changed and the words around it."""
    if len(before) <= SHORT:
        return f"{before} → {after}"
    start = next(i for i in range(len(before) + 1) if before[:i] != after[:i]) - 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    left, right = max(0, start - CONTEXT), max(0, end - CONTEXT)
    return f"{before[left : len(before) - right]} → {after[left : len(after) - right]}"


def _standing(parent: ast.AST, field: str, index: int | None) -> ast.AST:
    held: Any = getattr(parent, field)
    node: ast.AST = held if index is None else held[index]
    return node


def _swap(parent: ast.AST, field: str, index: int | None, new: Any) -> Any:
    if index is None:
        old = getattr(parent, field)
        setattr(parent, field, new)
        return old
    held = getattr(parent, field)
    old, held[index] = held[index], new
    return old
