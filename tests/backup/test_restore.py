"""A backup comes back whole, from a file that nobody can read; or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_procedure, fever
from tracker.backup import dump, sealing, server
from tracker.management.commands.restore_drill import scratch

pytestmark = pytest.mark.django_db(transaction=True)
PRIVATE, PUBLIC = sealing.new_keys()


@pytest.fixture(autouse=True)
def sealed_to(settings):
    settings.BACKUP_PUBLIC_KEY = PUBLIC


@pytest.fixture
def patient():
    patient = a_patient(a_clinic(), name="Canary Quill")
    a_procedure(patient)
    a_check_in(patient, **fever("38.1"))
    return patient


@pytest.fixture
def key(tmp_path) -> Path:
    file = tmp_path / "key"
    file.write_text(PRIVATE)
    return file


@pytest.fixture
def backup(tmp_path, patient) -> Path:
    file = tmp_path / "backup"
    call_command("backup", str(file))
    return file


def rows(name: str) -> list[tuple]:
    with server.connect(dbname=name) as there:
        return there.execute(
            "SELECT p.name, c.answers FROM tracker_patient p JOIN tracker_checkin c"
            " ON c.patient_id = p.id"
        ).fetchall()


def restored(file: Path, name: str) -> dict:
    with file.open("rb") as source:
        return dump.restore(source=source, key=sealing.private_key(PRIVATE), dbname=name)


def test_a_backup_comes_back_row_by_row(backup):
    own = rows(connection.settings_dict["NAME"])
    with scratch() as name:
        told = restored(backup, name)
        assert rows(name) == own and own[0][0] == "Canary Quill"
        assert told["counts"]["tracker_patient"] == 1


def test_the_file_is_its_owners_and_says_nothing(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert b"Canary" not in backup.read_bytes() and b"tracker_" not in backup.read_bytes()
    assert not list(backup.parent.glob("*.part"))


def test_what_holds_in_the_database_holds_in_the_restored_one(backup):
    with scratch() as name:
        restored(backup, name)
        with server.connect(dbname=name) as there, pytest.raises(psycopg.errors.RestrictViolation):
            there.execute("UPDATE tracker_checkin SET digest = 'x'")
        with server.connect(dbname=name) as there:
            open_to_all = there.execute(
                "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND prosecdef AND has_function_privilege('public', oid, 'execute')"
            )
            assert open_to_all.fetchall() == []


@pytest.mark.parametrize("length", [0, 40, -1, -70_000], ids=str)
def test_a_file_that_is_cut_off_restores_nothing(backup, length):
    cut = backup.with_name("cut")
    cut.write_bytes(backup.read_bytes()[:length])
    with scratch() as name:
        with pytest.raises((sealing.NotABackup, dump.CannotRestore)):
            restored(cut, name)
        with server.connect(dbname=name) as there:
            assert server.counts(there) == {}


def test_a_database_that_holds_something_is_left_alone(backup, key, patient):
    with pytest.raises(CommandError, match="not empty"):
        call_command("restore", str(backup), "--key", str(key))
    patient.refresh_from_db()


def test_counts_that_differ_are_told(backup, monkeypatch):
    counted = server.counts
    monkeypatch.setattr(server, "counts", lambda there: {
        name: number + (name == "tracker_checkin") for name, number in counted(there).items()
    })  # fmt: skip
    with scratch() as name, pytest.raises(dump.CannotRestore, match="tracker_checkin"):
        restored(backup, name)


def test_the_drill_counts_verifies_and_leaves_nothing(backup, key, capsys):
    call_command("restore_drill", str(backup), "--key", str(key))
    told = capsys.readouterr().out
    assert "all there" in told and "events of 1 clinics hold" in told and "took" in told
    with server.connect() as there:
        drills = there.execute("SELECT 1 FROM pg_database WHERE datname LIKE 'afterblock_drill%'")
        assert drills.fetchall() == []


def test_a_wrong_key_and_a_missing_one_are_told(backup, tmp_path, settings):
    other = tmp_path / "other"
    other.write_text(sealing.new_keys()[0])
    with pytest.raises(CommandError, match="another key"):
        call_command("restore_drill", str(backup), "--key", str(other))
    settings.BACKUP_PUBLIC_KEY = ""
    with pytest.raises(CommandError, match="backup_key"):
        call_command("backup", str(tmp_path / "none"))


def test_a_dump_that_fails_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(server, "program", lambda name: "/bin/false")
    file = tmp_path / "backup"
    with pytest.raises(dump.CannotRestore):
        dump.write(path=file, to=sealing.public_key(PUBLIC), now=NOW)
    assert list(tmp_path.iterdir()) == []
