"""`manage.py` joins the product that runs in var/, and some commands need no product at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from config.processes import ROOT
from config.running import adopt_settings, shared_settings


def test_commands_join_the_running_product_but_the_environment_wins(tmp_path):
    told = {"DATABASE_URL": "postgres://x/y", "BASE_URL": "http://a.test", "HOME": "/root"}
    (tmp_path / "run.json").write_text(json.dumps({"settings": shared_settings(told)}))
    env = {"VAR_DIR": str(tmp_path), "BASE_URL": "http://b.test"}
    adopt_settings(["manage.py", "demo_links"], env)
    assert env["DATABASE_URL"] == "postgres://x/y"
    assert env["BASE_URL"] == "http://b.test"
    assert "HOME" not in env


def test_with_a_database_of_ones_own_nothing_is_adopted(tmp_path):
    (tmp_path / "run.json").write_text(json.dumps({"settings": {"SECRET_KEY": "x"}}))
    env = {"VAR_DIR": str(tmp_path), "DATABASE_URL": "postgres://mine/db"}
    adopt_settings(["manage.py", "migrate"], env)
    assert "SECRET_KEY" not in env


def test_replay_runs_on_a_bare_machine_as_the_readme_says(tmp_path):
    bare = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    replayed = subprocess.run(
        [sys.executable, "manage.py", "replay", "tests/vignettes.json"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
    )
    assert replayed.returncode == 0, replayed.stderr
    assert replayed.stdout.strip().endswith("60 of 60 labelled courses agree.")


@pytest.mark.parametrize("name", ["SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL"])
def test_every_process_is_told_what_all_must_agree_on(name):
    assert shared_settings({name: "x", "PATH": "/bin"}) == {name: "x"}
