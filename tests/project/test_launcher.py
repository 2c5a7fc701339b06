"""`make run` in real processes: it starts, survives its children, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.options import read_options
from config.processes import LaunchError
from tests.journeys.product import ROOT, until
from tests.project.launching import CHILDREN, Run, family, free_port, living, refusal

pytestmark = [
    pytest.mark.journey,
    pytest.mark.xdist_group("launcher"),
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's"),
]


@pytest.fixture(scope="module")
def the_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    run = Run(tmp_path_factory.mktemp("launcher") / "var", free_port())
    yield run
    run.end()


@pytest.fixture
def run(the_run: Run) -> Run:
    return the_run.start()


def test_it_says_where_to_click_and_writes_it_down(run: Run):
    demo = json.loads((run.var / "demo.json").read_text())

    assert run.answers()
    for told in (demo["staff"]["email"], demo["staff"]["password"], f"{demo['base_url']}/admin/"):
        assert told in run.output()
    assert any(each["join_url"] in run.output() for each in demo["patients"])
    assert any(each["code"] in run.output() for each in demo["patients"])
    assert "▄" in run.output()  # the QR code
    assert set(run.told()["pids"]) == {"launcher", *CHILDREN}


def test_secrets_and_sockets_are_for_the_owner_alone(run: Run):
    for name in ("secret_key", "vapid.json", "run.json", "demo.json"):
        assert stat.S_IMODE((run.var / name).stat().st_mode) == 0o600, name
    sockets = Path(run.told()["sockets"]["postgres"])
    for folder in (run.var, run.var / "mail", run.var / "log", run.var / "postgres", sockets):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder


@pytest.mark.parametrize("name", CHILDREN)
def test_a_killed_child_comes_back(run: Run, name: str):
    others = {each: run.pid(each) for each in CHILDREN if each != name}
    pid, before = run.pid(name), family(run.pid(name))

    os.kill(pid, signal.SIGKILL)

    until(lambda: run.pid(name) != pid and run.answers(), seconds=20)
    until(lambda: not living(before), seconds=5)
    assert f"{name} ended (signal SIGKILL); starting it again." in run.output()
    assert {each: run.pid(each) for each in others} == others


def test_a_killed_worker_of_the_web_server_comes_back(run: Run):
    web = run.pid("web")
    (worker,) = family(web) - {web}

    os.kill(worker, signal.SIGKILL)

    until(lambda: not living({worker}) and run.answers(), seconds=20)


def test_a_second_launcher_is_sent_away(run: Run, tmp_path: Path):
    said = refusal(tmp_path, VAR_DIR=str(run.var))

    assert "already runs" in said and str(run.launcher and run.launcher.pid) in said
    assert run.answers()


def test_ctrl_c_stops_everything_and_the_next_run_finds_its_data(run: Run):
    run.query("CREATE TABLE kept AS SELECT 42 AS answer")
    password = json.loads((run.var / "demo.json").read_text())["staff"]["password"]
    assert run.launcher
    everybody = family(run.launcher.pid)

    run.launcher.send_signal(signal.SIGINT)

    assert run.launcher.wait(timeout=10) == 0
    assert not living(everybody)
    assert not (run.var / "run.json").exists()
    run.start()
    assert run.query("SELECT answer FROM kept") == (42,)
    assert json.loads((run.var / "demo.json").read_text())["staff"]["password"] == password


def test_a_killed_launcher_leaves_nobody_behind_and_can_start_again_at_once(run: Run):
    assert run.launcher
    everybody = family(run.launcher.pid)
    assert len(everybody) > len(CHILDREN)

    run.launcher.kill()
    run.launcher.wait()

    until(lambda: not living(everybody), seconds=2)
    run.start()
    assert run.answers()


def test_a_launcher_waits_for_what_a_killed_one_left(run: Run):
    assert run.launcher
    run.launcher.kill()
    run.launcher.wait()

    run.start()  # while the last of them are still ending

    assert run.answers()


def test_it_uses_the_servers_that_the_environment_names(run: Run, tmp_path: Path):
    known = run.told()["settings"]
    urls = {name: known[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")}
    with psycopg.connect(
        host=run.told()["sockets"]["postgres"], user="postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE DATABASE elsewhere OWNER afterblock_owner")
    given = {name: url.replace("/afterblock?", "/elsewhere?") for name, url in urls.items()}
    another = Run(tmp_path / "var", free_port(), **given)
    try:
        another.start()
        assert set(another.told()["pids"]) == {"launcher", "web", "worker", "beat"}
        assert another.answers()
    finally:
        another.end()
    assert run.answers()


def test_a_busy_port_is_one_sentence(tmp_path: Path):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]

        said = refusal(tmp_path, PORT=str(port))

    assert said.count("\n") == 1
    assert f"Port {port} on 127.0.0.1 cannot be used" in said and "set PORT" in said
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "80 80"])
def test_a_wrong_port_is_one_sentence(port: str):
    with pytest.raises(LaunchError, match=f"PORT is '{port}': give a number from 1 to 65535."):
        read_options({"PORT": port})


@pytest.mark.parametrize("workers", ["0", "17", "two", "-1"])
def test_a_wrong_number_of_workers_is_one_sentence(workers: str):
    with pytest.raises(LaunchError, match=f"WORKERS is '{workers}': give a number from 1 to 16."):
        read_options({"WORKERS": workers})


def test_a_wrong_host_is_one_sentence(tmp_path: Path):
    said = refusal(tmp_path, HOST="nowhere.invalid")

    assert said == "afterblock: HOST is 'nowhere.invalid': give an address of this machine.\n"


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").touch()

    said = refusal(tmp_path, VAR_DIR=str(tmp_path / "file" / "var"))

    assert said.count("\n") == 1
    assert "cannot be used (Not a directory)" in said and "set VAR_DIR" in said


def test_a_database_of_another_version_is_one_sentence(tmp_path: Path):
    (tmp_path / "var" / "postgres").mkdir(parents=True)
    (tmp_path / "var" / "postgres" / "PG_VERSION").write_text("15\n")

    said = refusal(tmp_path)

    assert "holds 15 and not a database of PostgreSQL 18" in said and "make reset" in said


def test_reset_is_refused_while_it_runs_and_forgets_everything_afterwards(run: Run):
    reset = [sys.executable, "-m", "config.launcher", "--reset"]
    env = {**os.environ, "VAR_DIR": str(run.var)}

    assert subprocess.run(reset, cwd=ROOT, env=env, check=False).returncode == 1
    assert run.answers()
    run.end()
    assert subprocess.run(reset, cwd=ROOT, env=env, check=False).returncode == 0

    assert [path.name for path in run.var.iterdir()] == ["lock"]
