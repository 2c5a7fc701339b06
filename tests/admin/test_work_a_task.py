"""Tasks stand in the queue's last section until somebody says what was done."""

from __future__ import annotations

import pytest

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tests.factories import a_patient, a_procedure
from tracker.models import AuditEvent, Task
from tracker.models.task import TaskKind
from tracker.services import tasks


@pytest.fixture
def task(desks):
    patient = a_patient(desks.clinic, name="Mai Tran", phone="+15555550113", diabetes=True)
    Task.objects.all().delete()
    tasks.check_baseline(procedure=a_procedure(patient), now=NOW)
    return Task.objects.get()


def test_it_shows_who_why_and_whom_to_call_below_every_alert(desks, task):
    page = text_of(desks.nurse.get(at("index")))
    assert "A baseline is missing" in page
    assert "Usual blood sugar is not known." in page
    assert 'href="tel:+15555550113"' in page
    assert page.index("Harold Finch") < page.index("Mai Tran")
    assert "<title>(1) Queue" in page  # a task calls nobody away from their alerts


@pytest.mark.parametrize("kind", TaskKind)
def test_every_kind_says_why(desks, task, kind):
    Task.objects.update(kind=kind)
    page = text_of(desks.nurse.get(at("index")))
    assert TaskKind(kind).label in page
    assert '<span class="because"></span>' not in page


def test_done_takes_a_note_and_it_off_the_queue(desks, task):
    page = text_of(
        desks.nurse.post(at("task-done", task.pk), {"note": "150, she says"}, follow=True)
    )
    assert "Mai Tran" not in page
    task.refresh_from_db()
    assert (task.note, task.done_by, task.done_at) == ("150, she says", desks.nora.user, NOW)
    assert AuditEvent.objects.get(action="task.done").subject == f"task:{task.pk}"


@pytest.mark.parametrize("note", ["", "  ", "x" * 2001, "a\x00b"])
def test_without_a_note_that_can_be_kept_it_stays(desks, task, note):
    answer = desks.nurse.post(at("task-done", task.pk), {"note": note})
    assert answer.status_code == 422
    assert "Nothing was saved yet." in text_of(answer)
    task.refresh_from_db()
    assert task.done_at is None


def test_whoever_comes_second_keeps_the_note_and_learns_what_was_done(desks, task):
    desks.colleague.post(at("task-done", task.pk), {"note": "asked her"})
    answer = desks.nurse.post(at("task-done", task.pk), {"note": "my own words"})
    assert answer.status_code == 409
    assert "This was done already, by Ben Ito: asked her" in text_of(answer)
    assert "my own words" in text_of(answer)
    task.refresh_from_db()
    assert task.note == "asked her"


def test_a_stranger_sees_and_closes_nothing_and_a_reader_only_looks(desks, task):
    assert "Mai Tran" not in text_of(desks.stranger.get(at("index")))
    assert desks.stranger.post(at("task-done", task.pk), {"note": "x"}).status_code == 404
    assert "Mai Tran" in text_of(desks.reader.get(at("index")))
    assert desks.reader.post(at("task-done", task.pk), {"note": "x"}).status_code == 403
    task.refresh_from_db()
    assert task.done_at is None


def test_the_fragment_changes_with_the_tasks(desks, task):
    first = desks.nurse.get(at("queue"))
    again = {"headers": {"If-None-Match": first["ETag"]}}
    assert desks.nurse.get(at("queue"), **again).status_code == 304
    Task.objects.update(done_at=NOW)
    assert desks.nurse.get(at("queue"), **again).status_code == 200
