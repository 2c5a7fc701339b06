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

Outer = ast.FunctionDef | ast.AsyncFunctionDef


def put(mutant: Mutant) -> None:
    """From here on its function is one without it, for whoever holds that function already."""
    if outer := outermost(mutant.tree, mutant.line):
        mutant.swap()
        _replace(mutant.tree, mutant.file, outer)


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


def _replace(tree: ast.Module, file: str, outer: Outer) -> None:
    """Also where functions inside of it have been made already, as decorators make them."""
    path = str(Path(file).absolute())
    whole = _codes(compile(tree, path, "exec"))
    mine = next(each for each in whole if _is_of(each, outer))
    held = [
        (live, new)
        for new in (mine, *_codes(mine))
        for live in imported()[path]
        if _is_same(live.__code__, new)
    ]
    if not held:
        raise LookupError(f"{file}: not the same as its source")
    for live, new in held:
        live.__code__ = new


def _is_of(code: CodeType, outer: Outer) -> bool:
    return code.co_firstlineno == _first(outer) and code.co_name == outer.name


def _is_same(old: CodeType, new: CodeType) -> bool:
    return (old.co_qualname, old.co_firstlineno) == (new.co_qualname, new.co_firstlineno)


@cache
def imported() -> Mapping[str, list[FunctionType]]:
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
