"""How long enrolling takes, as an estimate by keystrokes: 0.28 s a key, 1.1 s a tap."""

from __future__ import annotations

import re
import sys

import pytest

from tests.admin.people import at

KEY, TAP, LIMIT = 0.28, 1.1, 60.0
PICKER = 7
"""Tab stops inside a browser's own field for a date and a time."""
USUAL = {
    "name": "Harold Finch",
    "phone": "5555550112",
    "side": "space",
    "kind": "space",
    "steroid": "space",
    "baseline_pain": "6",
}
"""What differs from one patient to the next; the rest is filled in, or does not apply."""
COMPLETE = {
    **USUAL,
    "email": "harold@home.test",
    "address": "12 Lake Street, Springfield",
    "emergency_contact": "June Finch",
    "emergency_contact_phone": "5555550177",
    "guidance": "u",
    "diabetes": "space",
    "insulin": "space",
    "baseline_glucose": "150",
}
PRINT = 2 * TAP
"""The button of the card page, and the browser's."""


def stops(page: str) -> list[tuple[str, int]]:
    """The form's fields in the order of the Tab key, with how many stops each has."""
    form = re.search(r'<form [^>]*class="enrol".*?</form>', page, re.S)[0]
    found: dict[str, int] = {}
    for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", form):
        name = re.search(r'name="(\w+)"', tag)[1]
        kind = (re.search(r'type="([\w-]+)"', tag) or [None, "text"])[1]
        if kind == "hidden" or (kind == "radio" and name in found):
            continue  # a group of radio buttons is one stop
        found[name] = found.get(name, 0) + (PICKER if kind == "datetime-local" else 1)
    return list(found.items())


def keys(page: str, typed: dict[str, str]) -> int:
    """Every stop up to the last field that is filled in, what is typed there, and Enter."""
    order = stops(page)
    last = max(place for place, (name, _) in enumerate(order) if name in typed)
    # The first field has the focus already.
    tabs = sum(count for _, count in order[: last + 1]) - 1
    pressed = sum(1 if text == "space" else len(text) for text in typed.values())
    return tabs + pressed + 1


@pytest.mark.parametrize(
    ("case", "typed"), [("the usual case", USUAL), ("a complete one", COMPLETE)]
)
def test_enrolling_takes_less_than_a_minute(desks, case, typed, capsys):
    page = desks.nurse.get(at("enrol")).content.decode()
    assert not typed.keys() - dict(stops(page)).keys()
    assert "autofocus" in page
    pressed = keys(page, typed)
    seconds = TAP + pressed * KEY + PRINT
    with capsys.disabled():
        said = f"\nEnrolling, {case}: {pressed} keys, {seconds:.0f} s with the printed card\n"
        sys.stdout.write(said)
    assert seconds <= LIMIT
