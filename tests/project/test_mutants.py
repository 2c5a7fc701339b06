"""Mutation testing, tried on a product of a few lines: what a test notices and what it does not."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.mutations import mutants

ROOT = Path(__file__).resolve().parents[2]
LIMIT = """
HOT = 38

def is_hot(value):
    return value >= HOT
"""
UNTESTED = """
def untested(value):
    return value > 3
"""
CHECKS = """
from product.limits import is_hot

def test_at_the_limit():
    assert is_hot(38)

def test_below_the_limit():
    assert not is_hot(37)
"""
LOOP = """
def until(value):
    while not value:
        pass
    return value
"""
ENDS = """
from product.limits import until

def test_it_ends():
    assert until(3) == 3
"""
SURVIVORS = {
    "return value > 3 → return value >= 3",
    "return value > 3 → return value <= 3",
    "return value > 3 → return value > 4",
    "return value > 3 → return value > 2",
}


@pytest.fixture
def product(tmp_path):
    for name, text in (("product/limits.py", LIMIT + UNTESTED), ("checks/test_limits.py", CHECKS)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
        (tmp_path / name).with_name("__init__.py").touch()
    return tmp_path


def mutate(product, *options):
    command = [sys.executable, "-m", "tests.mutants", "product", "--tests", "checks", "--bare"]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*command, *options], cwd=product, env=env, capture_output=True, text=True
    )


def tree(product):
    return {path: path.read_bytes() for path in product.rglob("*") if path.is_file()}


def survivors(output):
    lines = [line for line in output.splitlines() if "not explained: " in line]
    return {line.rpartition(": ")[2] for line in lines}


def test_a_mistake_that_no_test_notices_survives_and_the_tree_stays_as_it_was(product):
    before = tree(product)
    done = mutate(product)
    assert survivors(done.stdout) == SURVIVORS, done.stdout + done.stderr
    assert "8 mutants: 4 killed, 4 survived: 50.0 %" in done.stdout
    assert done.returncode == 1
    assert tree(product) == before


def test_a_mistake_that_never_ends_is_noticed(product):
    (product / "product/limits.py").write_text(LOOP)
    (product / "checks/test_limits.py").write_text(ENDS)
    assert "1 mutants: 1 killed" in mutate(product, "--least", "100").stdout


def test_survivors_are_written_down_and_pass_once_explained(product):
    (product / "product/limits.py").write_text("def is_hot(value):\n    return value > 37\n")
    (product / "product/more.py").write_text(UNTESTED)
    explained = ("--explained", str(product / "why.toml"), "--least", "50")
    assert mutate(product, *explained, "--write").returncode == 1
    assert mutate(product, *explained).returncode == 1, "nobody has said why"
    why = (product / "why.toml").read_text()
    (product / "why.toml").write_text(why.replace('why = ""', 'why = "nobody calls it"'))
    done = mutate(product, *explained)
    assert done.returncode == 0, done.stdout
    assert mutate(product, *explained, "--least", "80").returncode == 1


def test_an_explanation_of_a_mistake_that_is_noticed_is_refused(product):
    (product / "why.toml").write_text(
        '[[survivor]]\nfile = "product/limits.py"\nfunction = ""\nwhy = "so"\n'
        'change = "HOT = 38 → HOT = 39"\n'
    )
    done = mutate(product, "--explained", "why.toml", "--least", "0")
    assert "killed or gone: product/limits.py ·  · HOT = 38 → HOT = 39" in done.stdout


def test_nothing_is_tried_while_tests_fail_by_themselves(product):
    (product / "checks/test_limits.py").write_text("def test_no():\n    assert False\n")
    done = mutate(product)
    assert (done.returncode, "Tests fail without any mutant" in done.stdout) == (2, True)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("a = x < 1", ["a = x <= 1", "a = x >= 1", "a = x < 2", "a = x < 0"]),
        ("a = x is None", ["a = x is not None"]),
        ("a = not x", ["a = x"]),
        ("a = x and y", ["a = x or y"]),
        ("a = True", ["a = False"]),
        ("a = min(x, y)", ["a = max(x, y)"]),
        ("a = x - y", ["a = x + y"]),
        ("a = Decimal('13.3')", ["a = Decimal('13.4')", "a = Decimal('13.2')"]),
        ("a = timedelta(hours=24)", ["a = timedelta(hours=25)", "a = timedelta(hours=23)"]),
        ("a = 'word' + x", []),
        ("a: Literal[1] = x", []),
        ("'a docstring of 3 words'", []),
    ],
)
def test_the_mistakes_of_a_line(tmp_path, line, wrong):
    (tmp_path / "line.py").write_text(line)
    found = mutants(tmp_path / "line.py")
    assert [mutant.change for mutant in found] == [f"{line} → {other}" for other in wrong]


def test_a_mistake_is_put_in_and_taken_out(tmp_path):
    (tmp_path / "line.py").write_text("a = 1")
    mutant = mutants(tmp_path / "line.py")[0]
    right = mutant.swap()
    assert (ast.unparse(mutant.tree), ast.unparse(right)) == ("a = 2", "1")
