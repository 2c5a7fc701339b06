"""What a mistake is: for one piece of the source, the pieces that somebody might have put there."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
NUMERAL = re.compile(r"-?\d+(\.\d+)?")


def wrong(node: ast.AST) -> Iterator[ast.AST]:
    """Each mistake that this piece of the source can be turned into."""
    match node:
        case ast.Compare():
            for index, operator in enumerate(node.ops):
                for other in COMPARISONS[type(operator)]:
                    turned = copy.copy(node)
                    turned.ops = [*node.ops[:index], other(), *node.ops[index + 1 :]]
                    yield turned
        case ast.BoolOp():
            joined = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield ast.copy_location(ast.BoolOp(joined, node.values), node)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp(op=ast.Add() | ast.Sub()) if not _is_text(node.left, node.right):
            sign = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            yield ast.copy_location(ast.BinOp(node.left, sign, node.right), node)
        case ast.Name(id=name) if name in NAMES:
            yield ast.copy_location(ast.Name(NAMES[name], node.ctx), node)
        case ast.Constant():
            for value in _neighbours(node.value):
                yield ast.copy_location(ast.Constant(value), node)


def _is_text(*nodes: ast.expr) -> bool:
    """Whether the plus joins texts or lists: minus would only be a TypeError."""
    texts = (ast.JoinedStr, ast.List, ast.Tuple)
    return any(
        isinstance(node, texts) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        for node in nodes
    )


def _neighbours(value: object) -> Sequence[str | float]:
    """The other truth, or the next numbers up and down, a step being the last digit written."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [float(text) for text in _steps(repr(value))]
    if isinstance(value, str) and NUMERAL.fullmatch(value):
        return _steps(value)
    return []


def _steps(text: str) -> list[str]:
    number = Decimal(text)
    step = Decimal((0, (1,), int(number.as_tuple().exponent)))
    return [str(number + step), str(number - step)]
