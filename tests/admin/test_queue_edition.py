"""An open queue asks every few seconds: what is new is in the next answer, nothing costs little."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.people import at
from tests.admin.test_queue import a_waiting_patient
from tests.admin.test_queue_by_patient import a_request
from tests.conftest import NOW
from tests.factories import a_check_in
from tracker.admin.queue_edition import LOOKS_AGAIN
from tracker.models import Alert, Patient
from tracker.services import tasks


def polled(client, tag, *, after=timedelta()):
    with time_machine.travel(NOW + after, tick=False):
        return client.get(at("queue"), headers={"If-None-Match": tag})


def test_while_nothing_is_written_a_poll_asks_little(desks):
    first = polled(desks.nurse, "")
    with CaptureQueriesContext(connection) as whole:
        later = polled(desks.nurse, first["ETag"], after=LOOKS_AGAIN)
    assert later.status_code == 304
    assert later["ETag"] != first["ETag"]
    with CaptureQueriesContext(connection) as little:
        again = polled(desks.nurse, later["ETag"], after=LOOKS_AGAIN + timedelta(seconds=3))
    assert (again.status_code, again["ETag"]) == (304, later["ETag"])
    assert len(little) < len(whole) - 3


@pytest.mark.parametrize(
    "write",
    [
        lambda desks: a_waiting_patient(desks.clinic, "Urgent Uma"),
        lambda desks: a_check_in(desks.patient, pain={"usual": 2}),
        lambda desks: Patient.objects.filter(pk=desks.patient.pk).update(phone="+15555550199"),
        lambda desks: tasks.open_unreachable(patient=desks.patient, now=NOW),
        lambda desks: a_request(desks.patient),
        lambda desks: desks.colleague.post(at("acknowledge", desks.alert.pk)),
        lambda desks: desks.nurse.post(at("queue-settings"), {"owner": "mine"}),
        lambda desks: Alert.objects.all().delete(),
    ],
    ids=["alert", "check-in", "phone", "task", "call", "taken", "filter", "gone"],
)
def test_whatever_is_written_is_in_the_next_answer(desks, write):
    a_check_in(desks.patient, pain={"usual": 7})
    first = polled(desks.nurse, "")
    assert polled(desks.nurse, first["ETag"]).status_code == 304
    write(desks)
    changed = polled(desks.nurse, first["ETag"])
    assert changed.status_code == 200
    assert changed.content != first.content


@pytest.mark.parametrize(
    "tag",
    ["", '"', '"..', '"x.y.z"', f'"{"9" * 400}"', '"a.b.99999999999999999999"', "W/"],
)
def test_a_tag_that_we_never_wrote_gets_the_rows(desks, tag):
    assert b"Harold Finch" in polled(desks.nurse, tag).content


def test_nobody_vouches_for_a_day_ahead(desks):
    content, mark, _ = polled(desks.nurse, "")["ETag"].strip('"').split(".")
    far = int((NOW + timedelta(days=1)).timestamp())
    Alert.objects.update(raised_at=NOW - timedelta(minutes=55))
    mark = polled(desks.nurse, "")["ETag"].split(".")[1]
    late = polled(desks.nurse, f'"{content}.{mark}.{far}"', after=timedelta(minutes=6))
    assert late.status_code == 200
