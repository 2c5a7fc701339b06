"""`manage.py check --deploy --fail-level WARNING` is content with a production's settings."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest
from django.core.checks import ERROR, run_checks

from config import env
from tests.project.test_operations import production  # noqa: F401
from tracker.backup import sealing, server
from tracker.management.commands.vapid_keys import make_vapid_keys

SERVING = "afterblock_serves"
pytestmark = pytest.mark.django_db(transaction=True)


def of_production(**changed: str) -> dict[str, str]:
    private, public = make_vapid_keys()
    known = {
        "DATABASE_URL": server.url(user=SERVING),
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "BASE_URL": "https://afterblock.clinic.com",
        "EMAIL_URL": "smtp+tls://user:password@mail.clinic.com:587",
        "EMAIL_FROM": "messages@clinic.com",
        "SMS_URL": "https://token@gateway.clinic.com/send",
        "SMS_INBOUND_SECRET": secrets.token_urlsafe(32),
        "VAPID_PRIVATE_KEY": private,
        "VAPID_PUBLIC_KEY": public,
        "VAPID_SUBJECT": "mailto:oncall@clinic.com",
        "HEARTBEAT_URL": "https://watch.clinic.com/ping",
        "BACKUP_PUBLIC_KEY": sealing.new_keys()[1],
        "METRICS_TOKEN": secrets.token_urlsafe(32),
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, **known, **changed}


@pytest.fixture
def serving_role(db):
    """A role that owns no table, as production has one."""
    with server.connect() as there:
        there.execute(
            f"DO $$ BEGIN CREATE ROLE {SERVING} LOGIN;"
            " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )


def check(environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(argv, env=environ, capture_output=True, text=True, check=False)


def test_a_production_passes(serving_role):
    done = check(of_production())
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"BASE_URL": "http://afterblock.clinic.com"}, "tracker.E008"),
        ({"AFTERBLOCK_DEMO": "1"}, "tracker.E001"),
        ({"BACKUP_PUBLIC_KEY": ""}, "tracker.W004"),
        ({"EMAIL_URL": "smtp://user:password@mail.clinic.com:587"}, "tracker.W005"),
        ({"DEBUG": "1"}, "security.W018"),
    ],
    ids=str,
)
def test_what_is_missing_is_told(serving_role, changed, told):
    done = check(of_production(**changed))
    assert done.returncode == 1
    assert told in done.stderr


def found() -> list[str]:
    checks = run_checks(include_deployment_checks=True)
    return [each.id for each in checks if each.id and each.id.startswith("tracker.")]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HTTPS", False, "tracker.E008"),
        ("PUSH_HOSTS", [], "tracker.E009"),
        ("VAPID_PUBLIC_KEY", make_vapid_keys()[1], "tracker.E010"),
        ("VAPID_PRIVATE_KEY", "not base64", "tracker.E010"),
        ("SMS_INBOUND_SECRET", "short", "tracker.E011"),
        ("SMS_INBOUND_SECRET", "", "tracker.W003"),
        ("SMS", None, "tracker.I001"),
        ("BACKUP_PUBLIC_KEY", "", "tracker.W004"),
    ],
    ids=["http", "no push host", "another key", "no key", "short", "unheard", "no texts", "backup"],
)
def test_what_could_silence_somebody_is_told(production, name, value, told):  # noqa: F811
    before = found()
    setattr(production, name, value)
    assert set(found()) - set(before) == {told}


def test_no_texts_is_a_choice_and_stops_no_deployment(production):  # noqa: F811
    production.SMS = None
    assert not [each for each in run_checks(include_deployment_checks=True)
                if each.id == "tracker.I001" and each.level >= ERROR]  # fmt: skip


@pytest.mark.parametrize("level", ["loud", "TRACE"])
def test_a_log_level_that_nobody_knows_stops_the_start(level, monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", level)
    with pytest.raises(Exception, match="LOG_LEVEL is not understood"):
        env.one_of("LOG_LEVEL", ["DEBUG", "INFO"], default="INFO")


@pytest.mark.parametrize(
    ("given", "read"), [("a,b", ["a", "b"]), (" a , b\t", ["a", "b"]), (" , ", []), ("", [])]
)
def test_a_list_may_have_spaces(given, read, monkeypatch):
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", given)
    assert env.texts("SECRET_KEY_FALLBACKS", "former keys", default=[]) == read


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS"])
def test_a_key_that_is_cut_short_stops_the_start(name):
    kept = secrets.token_urlsafe(50)
    short = {"SECRET_KEY": kept[:39], "SECRET_KEY_FALLBACKS": f"{kept},{kept[:39]}"}
    done = check(of_production(**{name: short[name]}))
    assert done.returncode == 1
    assert f"{name} has a key" in done.stderr
    assert kept[:39] not in done.stderr
