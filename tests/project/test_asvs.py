"""The map of ASVS is whole, names what exists, and its page is what the map says."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tracker.management.commands import asvs

ROOT = Path(__file__).resolve().parents[2]
KNOWN = asvs.requirements()
FROZEN = {
    1: (
        "1.1 1.2 2.1* 2.2* 2.3* 2.4* 2.5* 2.6 2.7 2.8 2.9 3.1* 3.2* 3.3 3.4 3.5 3.6 3.7 3.8 "
        "3.9 3.10 3.11 4.1 4.2 4.3 5.1* 5.2"
    ),
    2: "1.1* 1.2 1.3 2.1* 2.2* 2.3 3.1* 3.2 3.3 3.4 4.1",
    3: "2.1* 2.2* 3.1* 3.2 3.3 3.4 4.1* 4.2* 4.3 4.4 4.5 4.6 5.1* 5.2* 5.3* 5.4 5.5 7.1 7.2",
    4: "1.1* 1.2 1.3 2.1 3.1 3.2 4.1* 4.2 4.3 4.4",
    5: "1.1 2.1* 2.2* 2.3 3.1* 3.2* 4.1 4.2 4.3",
    6: (
        "1.1* 1.2 1.3 2.1* 2.2* 2.3* 2.4* 2.5* 2.6* 2.7* 2.8* 2.9 2.10 2.11 2.12 3.1* 3.2* "
        "3.3 3.4 4.1* 4.2* 4.3 4.4 5.1 5.2 5.3 5.4 5.5 6.1 6.2 6.3 8.1 8.2 8.3 8.4"
    ),
    7: "1.1 1.2 1.3 2.1* 2.2* 2.3* 2.4* 3.1 3.2 4.1* 4.2* 4.3 4.4 4.5 5.1 5.2 6.1 6.2",
    8: "1.1* 1.2 2.1* 2.2* 2.3 3.1* 4.1",
    9: "1.1* 1.2* 1.3* 2.1* 2.2 2.3 2.4",
    10: (
        "1.1 1.2 2.1 2.2 3.1 3.2 3.3 3.4 4.1* 4.2* 4.3* 4.4* 4.5* 4.6 4.7 4.8 4.9 4.10 4.11 "
        "5.1 5.2 5.3 5.4 5.5 6.1 6.2 7.1 7.2 7.3"
    ),
    11: "1.1 1.2 2.1 2.2 2.3 3.1* 3.2* 3.3 4.1* 4.2 4.3 4.4 5.1 6.1",
    12: "1.1* 1.2 1.3 2.1* 2.2* 3.1 3.2 3.3 3.4",
    13: "1.1 2.1 2.2 2.3 2.4 2.5 3.1 3.2 4.1* 4.2 4.3 4.4 4.5",
    14: "1.1 1.2 2.1* 2.2 2.3 2.4 3.1* 3.2 3.3",
    15: "1.1* 1.2 1.3 2.1* 2.2 2.3 3.1* 3.2 3.3 3.4 3.5 3.6 3.7",
    16: "1.1 2.1 2.2 2.3 2.4 2.5 3.1 3.2 3.3 3.4 4.1 4.2 4.3 5.1 5.2 5.3",
    17: "1.1 2.1 2.2 2.3 2.4 3.1 3.2",
}
"""Every requirement of levels 1 (with a star) and 2 of OWASP ASVS 5.0.0, by chapter."""


def frozen() -> dict[str, int]:
    return {
        f"V{chapter}.{each.rstrip('*')}": 1 if each.endswith("*") else 2
        for chapter, numbers in FROZEN.items()
        for each in numbers.split()
    }


def test_the_list_is_the_standards():
    levels = [*frozen().values()]
    assert (len(levels), levels.count(1), len(FROZEN)) == (253, 70, 17)


def test_every_requirement_stands_in_the_map_once_with_its_level():
    # TOML refuses a table that is written twice.
    assert {name: each["level"] for name, each in KNOWN.items()} == frozen()
    assert list(KNOWN) == list(frozen()), "in the standard's order"


def wrong_with(each: dict[str, Any]) -> str:
    """What a requirement's lines in the map lack; nothing when they are whole."""
    answers = {kind: each[kind] for kind in asvs.KINDS if kind in each}
    if set(each) - {"level", "asks", *answers}:
        return "a word that nobody knows"
    if not 1 <= len(each["asks"].split()) <= 12:
        return "what it asks is told in twelve words"
    if not answers or not all(answers.values()):
        return "no answer"
    if "not_applicable" in answers and len(answers) > 1:
        return "it applies or it does not"
    if "deviation" in answers and len(each["deviation"].split()) < 12:
        return "say what is not done, and why"
    if "operator" in answers and not re.search(r"\]\(deploy\.md#[a-z-]+\)", each["operator"]):
        return "say where the operator reads more"
    return ""


def test_each_is_told_shortly_and_answered_with_a_reason():
    assert {name: wrong for name, each in KNOWN.items() if (wrong := wrong_with(each))} == {}


WHOLE = {"level": 1, "asks": "No gaps", "test": ["tests/a.py::test_b"]}


@pytest.mark.parametrize(
    "changed",
    [
        {"test": []},
        {"asks": ""},
        {"asks": "word " * 13},
        {"tests": ["tests/a.py::test_b"]},
        {"not_applicable": "there is none"},
        {"deviation": "later"},
        {"operator": "Do it."},
    ],
    ids=str,
)
def test_it_would_be_seen(changed):
    assert wrong_with(WHOLE) == ""
    assert wrong_with({**WHOLE, **changed}) != ""


def named(kind: str) -> list[str]:
    return sorted({answer for each in KNOWN.values() for answer in each.get(kind, ())})


@cache
def functions_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    return {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}


def exists(test: str) -> bool:
    file, _, name = test.partition("::")
    return name.startswith("test_") and name in functions_in(ROOT / file)


def test_each_test_exists():
    assert [each for each in named("test") if not exists(each)] == []
    assert not exists("tests/project/test_asvs.py::test_of_nothing")


@cache
def anchors_of(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), flags=re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", each.lower()) for each in headings]
    return {each.replace(" ", "-") for each in plain}


def links() -> list[str]:
    said = [each.get(kind, "") for each in KNOWN.values() for kind in ("operator", "deviation")]
    linked = {f"docs/{each}" for text in said for each in re.findall(r"\]\(([^)]+)\)", text)}
    return sorted({*named("doc"), *linked})


def is_there(place: str) -> bool:
    page, _, anchor = place.partition("#")
    return (ROOT / page).is_file() and (not anchor or anchor in anchors_of(ROOT / page))


def test_each_place_in_the_documents_exists():
    assert [each for each in links() if not is_there(each)] == []
    assert not is_there("docs/deploy.md#nothing")


def test_the_page_is_what_the_map_says():
    assert asvs.PAGE.read_text() == asvs.page(), "run manage.py asvs"


def test_the_sums_in_the_page_about_security_are_the_maps():
    text = asvs.SUMS.read_text()
    assert text == asvs.with_sums(text), "run manage.py asvs"
    assert "](asvs.md)" in text
