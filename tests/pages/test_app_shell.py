"""What makes it an app: manifest, service worker, headers; and what it must never keep or load."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

STATIC = Path(settings.ROOT) / "static" / "phone"
TEMPLATES = Path(settings.ROOT) / "tracker" / "templates" / "phone"


def test_the_manifest_names_icons_that_exist(db):
    body = Client().get("/manifest.webmanifest")
    manifest = json.loads(body.content)

    assert body.headers["Content-Type"] == "application/manifest+json"
    assert (manifest["display"], manifest["start_url"], manifest["scope"]) == (
        "standalone",
        "/",
        "/",
    )
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix(settings.STATIC_URL))


def test_the_worker_may_answer_for_every_page_and_keeps_files_only(db):
    response = Client().get("/sw.js")
    shell = json.loads(re.match(r"const SHELL = (.*);\n", response.content.decode())[1])

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Service-Worker-Allowed"] == "/"
    assert response.headers["Cache-Control"] == "no-cache"
    pages = [url for url in shell["urls"] if not url.startswith(settings.STATIC_URL)]
    assert pages == ["/offline/"]
    for url in set(shell["urls"]) - set(pages):
        assert finders.find(url.removeprefix(settings.STATIC_URL)), url


def test_the_kept_page_names_nobody(phone):
    assert "Ada Quill" not in phone.get("/offline/").content.decode()
    assert "Lake Clinic" not in phone.get("/offline/").content.decode()


@pytest.mark.parametrize("path", ["/", "/check-in/", "/ice/", "/history/", "/sign-out/", "/join/"])
def test_pages_are_kept_by_nobody_and_run_only_our_files(phone, path):
    response = phone.get(path)
    policy = response.headers["Content-Security-Policy"]

    assert "no-store" in response.headers["Cache-Control"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    html = response.content.decode()
    assert re.findall(r'<script(?![^>]*(?:\bsrc=|type="application/json"))', html) == []
    assert re.findall(r"\s(?:style|on\w+)=", html) == []
    assert "://" not in html.replace("http://www.w3.org", "")


def test_no_module_writes_markup():
    for module in STATIC.glob("*.js"):
        code = module.read_text()
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert sink not in code, f"{module.name} uses {sink}"


def test_no_module_keeps_health_data_in_the_open():
    for module in STATIC.glob("*.js"):
        assert not re.search(r"localStorage|sessionStorage|indexedDB", module.read_text())


def test_the_pages_stay_light():
    """All modules together, though no page loads them all; as they travel, compressed."""
    assert len(gzip.compress((STATIC / "phone.css").read_bytes())) <= 8 * 1024
    assert sum(len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.js")) <= 12 * 1024


def test_every_sentence_can_be_translated():
    """Words between tags stand in a translate tag, so that Spanish can follow."""
    for template in TEMPLATES.rglob("*.html"):
        html = re.sub(r"(?s){% blocktranslate.*?{% endblocktranslate %}", "", template.read_text())
        html = re.sub(r"(?s){%.*?%}|{{.*?}}|<svg.*?</svg>", "", html)
        loose = re.findall(r">([^<]*[A-Za-z]{2}[^<]*)<", html)
        assert [
            words.strip()
            for words in loose
            if words.strip() not in ("Afterblock", "· Afterblock", ": · Afterblock")
        ] == [], template.name
