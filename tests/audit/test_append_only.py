"""The database itself keeps the audit: its owner may not change it either, but once to seal it."""

from __future__ import annotations

import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, connections, transaction

from tests.audit.chain import a_chain, events_of, problem, some_events, undone, write
from tests.conftest import NOW
from tests.factories import a_clinic
from tracker.models import AuditEvent
from tracker.services import audit, audit_chain, upkeep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tracker_auditevent SET actor = 'user:99'",
        "UPDATE tracker_auditevent SET position = 1, hash = repeat('a', 64), actor = 'user:99'",
        "UPDATE tracker_auditevent SET patient_id = NULL",
        "DELETE FROM tracker_auditevent",
        "TRUNCATE tracker_auditevent CASCADE",
        "INSERT INTO tracker_auditevent SELECT * FROM tracker_auditevent"
        " ON CONFLICT (id) DO UPDATE SET actor = 'user:99'",
    ],
)
@pytest.mark.parametrize("sealed", [False, True])
def test_nobody_changes_it(statement, sealed):
    clinic = a_clinic()
    some_events(clinic, 1)
    if sealed:
        audit_chain.seal_all()
    write("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        write(statement)


def test_a_seal_is_for_ever():
    clinic = a_clinic()
    a_chain(clinic, 2)
    for change in ("position = 9", "hash = repeat('a', 64)", "position = NULL, hash = ''"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            write(f"UPDATE tracker_auditevent SET {change}")
    assert problem() == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": "Nora Park"},
        {"actor": "user:Nora"},
        {"subject": "patient:Harold Finch"},
        {"subject": "phone:+15555550112"},
        {"action": "looked at Harold"},
    ],
)
def test_no_name_fits_into_an_event(wrong):
    event = {"actor": "user:1", "action": "patient.view", "subject": "patient:1"}
    with pytest.raises(IntegrityError, match="names_no_person"), transaction.atomic():
        audit.record(clinic_id=a_clinic().pk, patient_id=None, now=NOW, **{**event, **wrong})


def test_what_changed_is_named_by_our_own_fields_alone():
    clinic = a_clinic()
    event = {"actor": "user:1", "action": "patient.change", "subject": "patient:1"}
    known = {"clinic_id": clinic.pk, "patient_id": None, "now": NOW, **event}
    audit.record(**known, fields=["phone", "name"])
    assert AuditEvent.objects.get().fields == ["name", "phone"]
    with pytest.raises(ValueError, match="no fields of ours") as refused:
        audit.record(**known, fields=["Harold Finch"])
    assert "Harold" not in str(refused.value), "what is refused may be a value"


def test_every_clinic_has_a_chain_of_its_own():
    one, two = a_clinic(), a_clinic()
    some_events(one, 3)
    some_events(two, 2)
    assert audit_chain.seal_all() == 5
    assert [each.position for each in events_of(one)] == [1, 2, 3]
    assert [each.position for each in events_of(two)] == [1, 2]
    assert audit_chain.seal_all() == 0
    assert problem() == ""


def test_the_sweeper_seals():
    clinic = a_clinic()
    some_events(clinic, 3)
    upkeep.do_due_jobs(tell_time=lambda: NOW)
    assert audit_chain.head(clinic_id=clinic.pk).position == 3


@pytest.mark.django_db(transaction=True)
def test_many_sealers_and_writers_make_one_chain(monkeypatch):
    monkeypatch.setattr(audit_chain, "BATCH", 3)
    clinic = a_clinic()
    writing = threading.Event()

    def write_events() -> None:
        some_events(clinic, 25)
        connections.close_all()

    def seal() -> None:
        while not writing.is_set():
            audit_chain.seal_all()
        connections.close_all()

    sealers = [threading.Thread(target=seal) for _ in range(3)]
    writers = [threading.Thread(target=write_events) for _ in range(3)]
    for each in (*sealers, *writers):
        each.start()
    for each in writers:
        each.join()
    writing.set()
    for each in sealers:
        each.join()
    audit_chain.seal_all()
    assert [each.position for each in events_of(clinic)] == list(range(1, 76))
    assert problem() == ""


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_late_is_sealed_later():
    clinic = a_clinic()
    wrote, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            some_events(clinic, 1)
            wrote.set()
            go_on.wait(10)
        connections.close_all()

    thread = threading.Thread(target=slow)
    thread.start()
    assert wrote.wait(10)
    some_events(clinic, 2)
    assert audit_chain.seal_all() == 2, "nobody waits for whoever is slow"
    go_on.set()
    thread.join()
    assert audit_chain.seal_all() == 1
    assert events_of(clinic)[2].pk == min(each.pk for each in events_of(clinic))
    assert problem() == ""


def test_the_commands(tmp_path, capsys):
    clinic = a_clinic()
    some_events(clinic, 4)
    call_command("audit_head")
    kept = tmp_path / "head"
    kept.write_text(capsys.readouterr().out)
    assert str(clinic.pk) in kept.read_text()
    call_command("audit_verify", head=kept.open())
    assert "4 events of 1 clinics hold, and 1 kept heads." in capsys.readouterr().out
    with undone():
        write("DELETE FROM tracker_auditevent WHERE position = 2")
        with pytest.raises(CommandError, match="place 2 is missing, after event") as told:
            call_command("audit_verify", head=kept.open())
        assert told.value.returncode == 1
    with pytest.raises(CommandError, match="something else"):
        call_command("audit_verify", head=["not a head"])


def test_nobody_is_kept_waiting_by_a_seal():
    """Whoever seals holds the clinic so that events can name it still."""
    clinic = a_clinic()
    some_events(clinic, 1)
    with transaction.atomic(), connection.cursor() as cursor:
        audit_chain.seal_batch(clinic_id=clinic.pk)
        locks = (
            "SELECT count(*) FROM pg_locks WHERE relation = 'tracker_auditevent'::regclass"
            " AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')"
        )
        cursor.execute(locks)
        assert cursor.fetchone() == (0,)
