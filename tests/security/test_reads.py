"""What one patient, or one clinic, is shown stays as it is while much is done for another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from tests.conftest import NOW
from tests.factories import a_check_in, fever
from tests.security.deeds import LATER, TO_ONE_PATIENT
from tests.security.world import Target, World, a_world
from tracker.access import Staff
from tracker.models.answer_to_advice import Did
from tracker.models.consent import ConsentKind
from tracker.services import (
    access_report,
    answers_to_advice,
    break_glass,
    callback_requests,
    caregivers,
    consents,
    cover,
    devices,
    education,
    exports,
    ice_sessions,
    messages,
    outcomes_board,
    patient_record,
    progress,
    protocols,
    reachability,
    reports,
    staff,
    tasks,
    therapies,
    today,
    triage_queue,
    viewing,
    who_looked,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
LONG_AGO, SOON = NOW - timedelta(days=90), NOW + timedelta(days=1)

OF_A_PATIENT: dict[str, Callable[[Target, Staff], Any]] = {
    "the table": lambda t, s: exports.check_ins_table(t.patient),
    "the day": lambda t, s: today.today_of(patient=t.patient, now=LATER),
    "the progress": lambda t, s: progress.progress_of(patient=t.patient, now=LATER),
    "who looked": lambda t, s: {each.patient_id for each in who_looked.looks_at(t.phone)},
    "the phones": lambda t, s: devices.phones_of(phone=t.phone),
    "the people": lambda t, s: caregivers.caregivers_of(patient=t.patient),
    "the messages": lambda t, s: messages.of_phone(t.phone),
    "the requests": lambda t, s: callback_requests.of_phone(t.phone),
    "the therapies": lambda t, s: therapies.of_phone(t.phone),
    "the answers": lambda t, s: answers_to_advice.latest(patient=t.patient, since=LONG_AGO),
    "the ice": lambda t, s: ice_sessions.times_today(patient=t.patient, now=LATER),
    "e-mail": lambda t, s: consents.takes_e_mail(t.patient),
    "push": lambda t, s: consents.standing(patient=t.patient, kind=ConsentKind.PUSH),
    "how to reach": lambda t, s: reachability.reachability(patient=t.patient, now=LATER),
    "the page at the desk": lambda t, s: patient_record.view_patient(
        staff=s, patient_id=t.patient.pk, now=NOW
    ),
}
OF_A_CLINIC: dict[str, Callable[[Staff], Any]] = {
    "alerts": triage_queue.clinic_alerts,
    "the queue": lambda s: triage_queue.waiting_patients(staff=s, now=LATER),
    "tasks": tasks.clinic_tasks,
    "requests": lambda s: callback_requests.open_callbacks(staff=s, now=LATER),
    "patients": lambda s: viewing.search_patients(staff=s, text=""),
    "the report": lambda s: reports.report(staff=s, since=LONG_AGO, until=SOON),
    "the outcomes": lambda s: outcomes_board.board(staff=s, since=LONG_AGO, until=SOON),
    "who opened what": lambda s: access_report.access_report(staff=s, days=30, now=LATER),
    "the numbers": lambda s: protocols.versions(staff=s, now=LATER),
    "the staff": lambda s: staff.members(staff=s),
    "who may be on call": lambda s: cover.who_can_be_on_call(staff=s),
    "the cards": lambda s: education.standing(staff=s),
}


def told(shown: Any) -> str:
    rows = list(shown) if isinstance(shown, QuerySet) else shown
    return repr(rows)


def shown(world: World) -> dict[str, str]:
    here, nurse = world.targets["here"], world.staff["NURSE"]
    stranger = world.staff["FOREIGN MANAGER"]
    found = {name: told(read(here, nurse)) for name, read in OF_A_PATIENT.items()}
    return found | {name: told(read(stranger)) for name, read in OF_A_CLINIC.items()}


def test_nothing_that_is_done_for_a_neighbour_is_shown_here_or_elsewhere(world):
    neighbour, manager = world.targets["neighbour"], world.staff["MANAGER"]
    shown(world)  # looking leaves a trace of its own
    before = shown(world)
    a_check_in(neighbour.patient, now=LATER, pain={"usual": 9, "site": 9}, **fever("40.1"))
    break_glass.break_glass(
        staff=world.staff["OPERATOR"], phone=neighbour.patient.phone, reason="x" * 20, now=NOW
    )
    answers_to_advice.answer(
        phone=neighbour.phone, client_id=uuid.uuid4(), did=Did.CALLED, now=LATER
    )
    for deed in TO_ONE_PATIENT.values():
        # After one the next may come too late: that does not matter here.
        with suppress(Exception), transaction.atomic():
            deed(neighbour, manager)
    after = shown(world)
    assert [name for name in before if before[name] != after[name]] == []
    export = exports.export_own(phone=world.targets["here"].phone, now=LATER)
    assert neighbour.word not in export and str(neighbour.patient.pk) not in export


@pytest.fixture
def world() -> World:
    return a_world()
