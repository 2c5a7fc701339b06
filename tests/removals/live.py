"""Puts other code into functions that are imported already, so that nothing is imported again."""

from __future__ import annotations

import ast
import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType

from tests.mutants.mutations import Mutant

NOTES = "_called_in_a_trial"
Outer = ast.FunctionDef | ast.AsyncFunctionDef


def put(mutant: Mutant) -> None:
    outer = outermost(mutant.tree, mutant.line)
    mutant.swap()
    _replace(mutant.tree, mutant.file, [outer] if outer else [])


def note_calls(tree: ast.Module, file: str, lines: set[int], called: set[str]) -> None:
    """From here on each function with one of these lines says that it was called."""
    found = (outermost(tree, line) for line in lines)
    functions = {outer.lineno: outer for outer in found if outer}
    for outer in functions.values():
        noting = f"{NOTES}.add({place(file, outer)!r})"
        said = ast.parse(noting).body[0]
        outer.body.insert(0, ast.increment_lineno(said, outer.lineno - 1))
    for function in _replace(tree, file, list(functions.values())):
        function.__globals__[NOTES] = called


def place(file: str, function: Outer) -> str:
    return f"{file}:{function.lineno}"


def outermost(tree: ast.Module, line: int) -> Outer | None:
    """The function or method around this line that stands in no other function."""
    around = (each for each in _outer(tree) if _first(each) <= line <= (each.end_lineno or 0))
    return next(around, None)


def _outer(node: ast.Module | ast.ClassDef) -> Iterator[Outer]:
    for each in node.body:
        if isinstance(each, Outer):
            yield each
        if isinstance(each, ast.ClassDef):
            yield from _outer(each)


def _first(function: Outer) -> int:
    return min([function.lineno, *(each.lineno for each in function.decorator_list)])


def _replace(tree: ast.Module, file: str, functions: list[Outer]) -> list[FunctionType]:
    path = str(Path(file).absolute())
    lines = {_first(each) for each in functions}
    code = {
        (each.co_qualname, each.co_firstlineno): each
        for each in _codes(compile(tree, path, "exec"))
        if each.co_firstlineno in lines and "<locals>" not in each.co_qualname
    }
    replaced = []
    for live in _imported()[path]:
        new = code.get((live.__code__.co_qualname, live.__code__.co_firstlineno))
        if new is not None:
            live.__code__ = new
            replaced.append(live)
    if len({each.__code__ for each in replaced}) < len(lines):
        raise LookupError(f"{file}: not the same as its source")
    return replaced


@cache
def _imported() -> Mapping[str, list[FunctionType]]:
    """The functions of each file, however they are wrapped."""
    found = defaultdict[str, list[FunctionType]](list)
    for each in gc.get_objects():
        if type(each) is FunctionType:  # asking a lazy object for its class would wake it
            found[each.__code__.co_filename].append(each)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)
