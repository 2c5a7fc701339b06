"""What the terminal says once the product answers."""

import contextlib
import sys
from pathlib import Path
from typing import Any

from config.folders import read_json


def say(text: str) -> None:
    """Speak to the terminal; a terminal that is gone must not end the product."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


def complain(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(f"afterblock: {text}", file=sys.stderr, flush=True)


def greet(base_url: str, var: Path) -> None:
    told = read_json(var / "demo.json")
    say(f"\nAfterblock is ready.\n\n  The desk    {base_url}/admin/")
    if staff := told.get("staff"):
        say(f"              {staff['email']}\n              {staff['password']}")
    if patients := told.get("patients"):
        _show_phone(patients[-1])
        say(f"\n  {len(patients)} fictional patients, each with a link: {var / 'demo.json'}")
    say(f"  Logs are in {var / 'log'}. Ctrl-C stops everything.\n")


def _show_phone(patient: dict[str, Any]) -> None:
    say(f"\n  A phone     {patient['name']}: {patient['story']}")
    say(f"              {patient['join_url']}\n              or type the code {patient['code']}\n")
    import segno  # late: everything before it starts sooner

    # A terminal without these characters gets the link alone.
    with contextlib.suppress(OSError, ValueError):
        segno.make(patient["join_url"], error="l").terminal(compact=True, border=2)
