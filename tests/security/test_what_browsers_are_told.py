"""What every answer carries where the product runs in earnest: production's settings, by https."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project.test_deploy import of_production

ROOT = Path(__file__).resolve().parents[2]
HOST = "afterblock.clinic.com"
ASK = f"""
import json, sys, django
django.setup()
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tracker.accounts import devices
from tracker.models import User
from tracker.phone_cookie import set_phone_cookie
told = []
for method, path, secure in json.load(sys.stdin):
    client = Client(raise_request_exception=False)
    answer = client.generic(method, path, secure=secure, headers={{"host": "{HOST}"}})
    told.append([method, path, answer.status_code, dict(answer.headers),
                 [each.OutputString() for each in answer.cookies.values()]])
signed_in = HttpResponse()
set_phone_cookie(signed_in, "token")
devices.remember(RequestFactory().get("/"), signed_in, User(email="a@b.test"))
print(json.dumps({{
    "answers": told,
    "cookies": [each.OutputString() for each in signed_in.cookies.values()],
    "desk": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
             settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE],
    "messages": settings.MESSAGE_STORAGE,
    "password": make_password("a much longer phrase"),
}}))
"""
PAGES = ("/join/", "/accounts/login/", "/offline/", "/nothing/", "/.git/config", "/static/")
PROGRAMS = ("/livez", "/api/v1/session/", "/api/v1/me/", "/api/nothing/", "/api/schema/")
FILES = ("/sw.js", "/manifest.webmanifest", "/static/phone/app.js", "/static/phone/icon.svg")
EVERYTHING = (*PAGES, *PROGRAMS, *FILES)


@dataclass(frozen=True, slots=True)
class Answer:
    method: str
    path: str
    status: int
    headers: dict[str, str]
    cookies: list[str]


@dataclass(frozen=True, slots=True)
class Product:
    answers: list[Answer]
    cookies: list[str]
    desk: list[object]
    messages: str
    password: str

    def over_https(self, *paths: str) -> list[Answer]:
        return [each for each in self.answers if each.path in paths and each.method == "GET"]


def asked(*questions: tuple[str, str, bool]) -> Product:
    """Start the product with production's settings, and ask it in its own process."""
    environ = of_production(DJANGO_SETTINGS_MODULE="config.settings")
    argv = [sys.executable, "-W", "ignore", "-c", ASK]
    done = subprocess.run(
        argv, cwd=ROOT, env=environ, input=json.dumps(questions), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return Product(**{**told, "answers": [Answer(*each) for each in told["answers"]]})


@pytest.fixture(scope="module")
def product(django_db_setup) -> Product:
    traced = [("TRACE", path, True) for path in EVERYTHING]
    return asked(*[("GET", path, True) for path in EVERYTHING], *traced)


@pytest.fixture(scope="module")
def in_the_clear(django_db_setup) -> Product:
    return asked(*[("GET", path, False) for path in (*EVERYTHING, "/hooks/sms/secret/")])


def test_browsers_keep_to_https_for_a_year(product):
    for each in product.over_https(*EVERYTHING):
        told = each.headers["Strict-Transport-Security"]
        assert told == "max-age=31536000; includeSubDomains; preload", each.path


def test_every_answer_says_what_may_run_and_who_may_frame_it(product):
    for each in product.over_https(*EVERYTHING):
        policy = each.headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "object-src 'none'", "base-uri 'none'",
                     "frame-ancestors 'none'", "script-src 'self'"):  # fmt: skip
            assert rule in policy, each.path
        assert "unsafe" not in policy and "http" not in policy and "*" not in policy, each.path


def test_no_answer_is_taken_for_another_kind_or_tells_where_one_came_from(product):
    for each in product.over_https(*EVERYTHING):
        assert each.headers["X-Content-Type-Options"] == "nosniff", each.path
        assert each.headers["Referrer-Policy"] == "same-origin", each.path


def test_no_other_site_may_read_an_answer(product):
    for each in product.over_https(*EVERYTHING):
        assert not [name for name in each.headers if name.startswith("Access-Control")], each.path


def test_text_says_its_letters(product):
    for each in product.over_https(*EVERYTHING):
        kind = each.headers["Content-Type"]
        assert "json" in kind or "utf-8" in kind or kind == "image/svg+xml", each.path


def test_what_is_written_between_tags_of_xml_says_its_letters(client, settings):
    settings.SMS_INBOUND_SECRET = "a secret of twenty characters"
    answer = client.post(
        f"/hooks/sms/{settings.SMS_INBOUND_SECRET}/", {"from": "+15555550100", "text": "hi"},
        content_type="application/json",
    )  # fmt: skip
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")


def test_only_this_host_over_https_gets_a_cookie_and_no_script_reads_one(product):
    cookies = [*product.cookies, *(each for answer in product.answers for each in answer.cookies)]
    assert len({each.partition("=")[0] for each in cookies}) == 3
    for each in cookies:
        assert each.startswith("__Host-"), each
        for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert word in each, each
        assert "Domain" not in each
    assert product.desk == ["__Host-afterblock_desk", True, True, "Lax"]
    assert "cookie" not in product.messages, "what is said to staff travels in no cookie"


def test_nothing_lists_files_or_shows_how_it_was_made(product):
    for each in product.over_https("/static/", "/.git/config", "/nothing/"):
        assert each.status == 404


def test_nothing_answers_a_trace(product):
    traced = [each for each in product.answers if each.method == "TRACE"]
    assert {each.path for each in traced} == set(EVERYTHING)
    assert [each.path for each in traced if each.status < 400] == []


def test_people_are_led_to_https_and_programs_are_refused(in_the_clear):
    told = {each.path: each for each in in_the_clear.answers}
    for path in ("/join/", "/accounts/login/"):
        assert told[path].headers["Location"] == f"https://{HOST}{path}"
    for path in ("/api/v1/session/", "/api/v1/me/", "/api/schema/", "/hooks/sms/secret/"):
        assert (told[path].status, told[path].headers.get("Location")) == (403, None), path
        assert told[path].cookies == []
        assert told[path].headers["X-Content-Type-Options"] == "nosniff"


def test_a_password_is_kept_so_that_guessing_it_is_dear(product):
    """OWASP names scrypt with N=2^14, r=8, p=5 among what is enough."""
    kind, work, salt, block, parallel, _ = product.password.split("$")
    assert (kind, int(work) >= 2**14, int(block) >= 8, int(parallel) >= 5) == (
        "scrypt", True, True, True,
    )  # fmt: skip
    assert len(salt) >= 22
