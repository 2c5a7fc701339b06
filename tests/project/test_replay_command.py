"""The command that replays courses tells what a clinic's numbers would have done to them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django.core.management import call_command

ENDED_AT = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
HIGHER = {"Cel": "38.3", "[degF]": "100.9"}


def test_the_command_tells_what_a_clinics_numbers_do(tmp_path, capsys):
    file, numbers = tmp_path / "courses.json", tmp_path / "numbers.json"
    entry = {"h": 20, "kind": "temperature", "value": "38.1", "unit": "Cel"}
    later = {**entry, "h": 26, "value": "38.4"}
    recorded = {
        "id": "V1",
        "patient": {},
        "procedure": {"kind": "therapeutic", "ended_at": ENDED_AT.isoformat()},
        "entries": [entry, later],
    }
    file.write_text(json.dumps([recorded]))
    numbers.write_text(json.dumps({"fever": HIGHER}))
    call_command("replay", str(file), protocol=str(numbers))
    printed = " ".join(capsys.readouterr().out.split())
    assert "rule gained lost moved same FV-FEVER 0 0 1 0 V1: +6.0 h FV-LOW 1 0 0 0" in printed
