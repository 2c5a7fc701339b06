"""What the documents promise is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import get_resolver

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


def test_what_leads_nowhere_is_a_problem_too():
    response = Client().get("/api/v1/dragons/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
