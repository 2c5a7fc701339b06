"""What makes it an app: manifest, service worker, headers; and what it must never keep or load."""

from __future__ import annotations

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
    assert sorted(pages) == ["/offline/", "/offline/check-in/"]
    assert set(pages) == set(shell["pages"].values())
    for url in set(shell["urls"]) - set(pages):
        assert finders.find(url.removeprefix(settings.STATIC_URL)), url


@pytest.mark.parametrize("path", ["/offline/", "/offline/check-in/", "/sw.js"])
def test_what_is_kept_names_nobody(phone, patient, path):
    kept = phone.get(path).content.decode()
    for whose in ("Ada Quill", "Lake Clinic", str(patient.pk), "csrf"):
        assert whose not in kept.replace("csrfmiddlewaretoken", "").replace(
            "csrf_token", ""
        ).replace('data-csrf=""', "")


def test_pages_are_kept_anew_for_whoever_speaks_another_language_or_calls_another_number(
    phone, patient
):
    def version() -> str:
        return json.loads(
            re.match(r"const SHELL = (.*);\n", phone.get("/sw.js").content.decode())[1]
        )["version"]

    english = version()
    patient.language = "es"
    patient.save(update_fields=["language"])
    spanish = version()
    patient.clinic.emergency_number = "112"
    patient.clinic.save(update_fields=["emergency_number"])
    assert len({english, spanish, version()}) == 3
    assert "tel:112" in phone.get("/offline/").content.decode()
    assert "tel:911" not in phone.get("/offline/check-in/").content.decode()


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


def test_only_the_encrypted_store_keeps_anything():
    for module in STATIC.glob("*.js"):
        code = module.read_text()
        assert not re.search(r"localStorage|sessionStorage|document\.cookie", code), module.name
        assert "indexedDB" not in code or module.name == "store.js"


def test_the_plan_is_for_the_phone_that_asks_and_for_nobody_else(phone, patient):
    plan = phone.get("/offline/plan/").json()
    assert (plan["patient"], plan["clinic"]["name"]) == (str(patient.pk), "Lake Clinic")
    assert Client().get("/offline/plan/").status_code == 302


SAME_EVERYWHERE = ("Afterblock", "· Afterblock", ": · Afterblock", "(JSON)", "(CSV)")


def test_every_sentence_can_be_translated():
    """Words between tags stand in a translate tag, so that Spanish can follow."""
    for template in TEMPLATES.rglob("*.html"):
        html = re.sub(r"(?s){% blocktranslate.*?{% endblocktranslate %}", "", template.read_text())
        html = re.sub(r"(?s){%.*?%}|{{.*?}}|<svg.*?</svg>", "", html)
        loose = re.findall(r">([^<]*[A-Za-z]{2}[^<]*)<", html)
        assert [words.strip() for words in loose if words.strip() not in SAME_EVERYWHERE] == [], (
            template.name
        )
