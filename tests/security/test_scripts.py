"""Scripts typed into every field there is, then every page shown: all of them stay words."""

from __future__ import annotations

import itertools
import json
import os
from html.parser import HTMLParser

import pytest
from django.db import transaction

from tests.security.addresses import every_address
from tests.security.forms import BODIES, forms_of
from tests.security.hostile import FORMULAS, SCRIPTS, changed, places
from tests.security.test_abuse import who_writes
from tests.security.world import World, a_world
from tracker import phone_policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
ROUNDS = int(os.environ.get("SCRIPT_ROUNDS", "2"))
ENDS_SOMETHING = (
    "patient-erase", "phone-end", "sign-out", "staff-deactivate", "staff-reset", "staff-role",
    "procedure-stop", "logout", "sign_out_everywhere", "person-end", "password",
)  # fmt: skip
"""After these somebody would be out, or the patient gone."""
READERS = ("nurse", "clinician", "manager", "operator", "patient", "caregiver who logs")


class Scripts(HTMLParser):
    """What a browser would run of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.run: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        # A block of data says so; anything else in a script is run.
        if tag == "script" and not known.get("src") and known.get("type") != "application/json":
            self.run.append("script")
        if tag in ("iframe", "object", "embed", "base"):
            self.run.append(tag)
        self.run += [name for name in known if name.startswith("on") or name == "srcdoc"]
        self.run += [
            value for name in ("href", "src", "action", "formaction", "xlink:href")
            if (value := known.get(name, "")).strip().lower().startswith(("javascript:", "vbs"))
        ]  # fmt: skip


def scripts_in(page: str) -> list[str]:
    found = Scripts()
    found.feed(page)
    return found.run


@pytest.mark.parametrize("script", SCRIPTS[:8] + SCRIPTS[9:])
def test_it_would_be_seen(script):
    """Every script but those for other languages runs where nobody escapes it."""
    shapes = (
        f"<p>{script}</p>",
        f'<input value="{script}">',
        f"<a href='{script}'>x</a>",
        f"<textarea>{script}</textarea>",
        f'<script type="application/json">{script}</script>',
    )
    assert any(scripts_in(shape.replace("{0}", "hit")) for shape in shapes)


def type_everywhere(world: World) -> int:
    """Type a script into one field after another, as whoever is shown it; what stays, stays."""
    number, names = 0, itertools.count(1)
    sources = itertools.cycle([*SCRIPTS, *(f"{each}{{0}}" for each in FORMULAS)])
    forms = [each for each in forms_of(world) if not any(end in each.path for end in
             ("erase", "/end/", "sign-out", "deactivate", "reset", "role", "stop", "logout", "2fa",
              "password"))]  # fmt: skip
    for form in (each for each in forms for _ in range(ROUNDS)):
        for name in sorted(form.texts):
            typed = next(sources).format(f"zqhit{next(names)}")
            with transaction.atomic():
                world.principals[form.by].client().post(form.path, {**form.fields, name: typed})
            number += 1
    known = {each.route: each for each in every_address()}
    for (method, route), body in BODIES.items():
        address = known[f"api/v1/{route}"]
        client = world.principals[who_writes(address)].client()
        for place in places(body or {}):
            sent = changed(body or {}, place, next(sources).format(f"zqhit{next(names)}"))
            if method != "DELETE":
                with transaction.atomic():
                    client.generic(method, address.path(world.targets["here"]), sent,
                                   "application/json")  # fmt: skip
                number += 1
    return number


def test_whatever_is_typed_stays_words(figures):
    world = a_world()
    typed = type_everywhere(world)
    pages, ran, seen = 0, [], set[str]()
    for who in (world.principals[name] for name in READERS):
        for address in every_address():
            is_phones = address.route in phone_policy.PHONE
            if address.route.startswith(("api/", "accounts/")) or is_phones == bool(who.role):
                continue
            answer = who.client().get(address.path(world.targets["here"]))
            if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
                continue
            page = answer.content.decode()
            pages += 1
            ran += [(who.name, address.route, each) for each in scripts_in(page)]
            seen |= {word for word in page.replace("(", " ").split() if "zqhit" in word}
    assert ran == []
    assert len(seen) >= 10, f"they were kept, and shown as words: {seen}"
    figures("scripts", typed=typed, pages_shown=pages, shown_as_words=len(seen), run=0)


def test_no_cell_of_a_table_is_a_formula(figures):
    world = a_world()
    patient = world.principals["patient"].client()
    for number, formula in enumerate(FORMULAS):
        told = {"observed_at": f"2026-11-21T1{number}:00:00-05:00".replace("T1", "T0"),
                "other": {"text": formula, "urgency": "can_wait"}}  # fmt: skip
        path = f"/api/v1/check-ins/00000000-0000-4000-8000-0000000000{number:02}/"
        patient.generic("PUT", path, json.dumps(told).encode(), "application/json")
    answer = patient.get("/api/v1/export/check-ins.csv")
    table = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cells = [cell.strip('"') for cell in table.decode("utf-8-sig").replace("\r\n", ",").split(",")]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "@", "＝", "\t") and cell[1:]] == []
    assert sum(cell.startswith("'") for cell in cells) >= 3
    figures("formulas", cells=len(cells), that_would_run=0)
