"""What the documents promise is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

from tracker.clinical.protocol import NAMES, settings
from tracker.clinical.provenance import FIXED
from tracker.clinical.sources import SOURCES
from tracker.management.commands import warning_signs

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""env\.\w+\(\s*"([A-Z_]+)\"""")


def settings_read() -> set[str]:
    files = [*(ROOT / "config").glob("*.py")]
    return {name for file in files for name in READ.findall(file.read_text())}


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_every_setting_is_documented(name):
    assert f"`{name}`" in (ROOT / "docs" / "deploy.md").read_text()


def api_paths() -> set[str]:
    found = set()
    for pattern in get_resolver("tracker.api.urls").url_patterns:
        route = str(pattern.pattern)
        if route.startswith("v1/"):
            found.add("/api/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route))
    return found


def test_the_schema_describes_every_address_of_the_api():
    schema = Client().get("/api/schema/").json()
    assert set(schema["paths"]) == api_paths()


def test_the_page_about_the_api_names_every_address():
    page = (ROOT / "docs" / "api.md").read_text()
    for path in api_paths():
        assert re.sub(r"\{\w+\}", "", path).rstrip("/") in re.sub(r"\{\w+\}", "", page), path


def test_the_page_of_warning_signs_is_what_the_catalogue_says():
    assert warning_signs.PAGE.read_text() == warning_signs.page(), "run manage.py warning_signs"


def test_every_number_of_the_protocol_says_where_it_comes_from():
    settable = {setting.name for setting in settings()}
    assert settable | set(FIXED) == NAMES - {"by_kind"}
    for fixed in FIXED.values():
        assert fixed.origin in SOURCES


def test_what_leads_nowhere_is_a_problem_too():
    response = Client().get("/api/v1/dragons/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
