"""Two at once: what waits for whom, and what must not."""

from __future__ import annotations

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.conftest import NOW
from tests.factories import a_patient, a_phone, a_protocol, a_staff
from tests.services.test_acknowledge_against_escalation import STARTED, alone
from tracker.models import Caregiver, Clinic, Patient
from tracker.services import caregivers, clinic_settings, protocols, staff

pytestmark = pytest.mark.django_db(transaction=True)


def how_many_wait_for_a_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        return int(cursor.fetchone()[0])


def test_a_double_tap_lets_one_person_in():
    phone, form = a_phone(a_patient()), uuid.uuid4()

    def tap():
        caregivers.add(phone=phone, name="Ana", may_log=True, now=NOW, client_id=form)

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Patient.objects.select_for_update().get(pk=phone.patient.pk)
            taps = [pool.submit(alone, tap) for _ in range(2)]
            give_up = time.monotonic() + STARTED
            while how_many_wait_for_a_lock() < 2:
                assert time.monotonic() < give_up
        for each in taps:
            each.result(STARTED)
    assert Caregiver.objects.filter(patient=phone.patient).count() == 1


def put_somebody_out(manager):
    nurse = a_staff(manager.clinic)
    staff.deactivate(staff=manager, membership_id=nurse.membership.pk, now=NOW)


def change_the_clinic(manager):
    shown = {"hours": manager.clinic.hours}
    clinic_settings.change_clinic(staff=manager, values={"hours": "Mondays"}, shown=shown, now=NOW)


def propose_numbers(manager):
    a_protocol(manager.clinic, by=a_staff(manager.clinic), persist_h=96)


def begin_a_review(manager):
    propose_numbers(manager)
    protocols.start_review(staff=a_staff(manager.clinic, "CLINICIAN"), number=2, now=NOW)


@pytest.mark.parametrize(
    "work", [put_somebody_out, change_the_clinic, propose_numbers, begin_a_review]
)
def test_a_check_in_may_name_the_clinic_while_somebody_works_on_it(work):
    """It may hold alerts that are wanted here: each would wait for the other for ever."""
    manager = a_staff(role="MANAGER")

    def name_the_clinic():
        with transaction.atomic(), connection.cursor() as cursor:
            table = Clinic._meta.db_table
            cursor.execute(
                f"SELECT id FROM {table} WHERE id = %s FOR KEY SHARE NOWAIT",
                [manager.clinic.pk],
            )

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        work(manager)
        pool.submit(alone, name_the_clinic).result(STARTED)
