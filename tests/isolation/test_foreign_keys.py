"""Foreign keys alone: not even the owner of the tables joins two clinics."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.isolation.test_lists import keys_between_clinics
from tests.isolation.two_clinics import a_lived_in_clinic, sql
from tracker.models import Alert, Delivery, Patient, Procedure, Task

pytestmark = pytest.mark.django_db
LIVED_IN = {
    "tracker_alert", "tracker_assessment", "tracker_checkin", "tracker_delivery",
    "tracker_devicesession", "tracker_invitation", "tracker_procedure", "tracker_reminder",
}  # fmt: skip
"""Tables in which a lived-in clinic has rows that may be moved."""
NEVER_CHANGED = {"tracker_assessment", "tracker_checkin"}
KEYS = [each for each in keys_between_clinics() if each[0] in LIVED_IN - NEVER_CHANGED]


@pytest.fixture
def clinics():
    return a_lived_in_clinic(), a_lived_in_clinic()


@pytest.mark.parametrize(("table", "column"), KEYS)
def test_a_row_does_not_move_to_another_clinic_than_what_it_points_to(clinics, table, column):
    here, elsewhere = clinics
    moved = f"UPDATE {table} SET clinic_id = %s WHERE clinic_id = %s AND {column} IS NOT NULL"
    ((has_rows,),) = sql(
        f"SELECT count(*) FROM {table} WHERE clinic_id = %s AND {column} IS NOT NULL", here.pk
    )
    if not has_rows:
        pytest.skip("no such row here")
    with pytest.raises(IntegrityError, match="_in_clinic"), transaction.atomic():
        sql(moved, elsewhere.pk, here.pk)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("model", [Alert, Delivery, Procedure, Task], ids=lambda m: m.__name__)
def test_a_row_does_not_name_a_patient_of_another_clinic(clinics, now, model):
    here, elsewhere = clinics
    theirs = Patient.objects.get(clinic=elsewhere)
    if model is Task:
        Task.objects.create(
            clinic=here, patient=Patient.objects.get(clinic=here), kind="NO_RELIEF", opened_at=now
        )
    rows = model.objects.filter(clinic=here, patient__isnull=False)
    assert rows.exists()
    with pytest.raises(IntegrityError, match="patient_in_clinic"), transaction.atomic():
        rows.update(patient=theirs)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
