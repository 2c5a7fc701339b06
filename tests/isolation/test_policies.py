"""Policies alone: no filter, and still nobody sees or writes a row of another clinic."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from tests.factories import a_patient
from tests.isolation.two_clinics import a_lived_in_clinic, confined, sql
from tracker.models import AlertMoment, Clinic, Membership, Patient, Task
from tracker.scope import clinic_scope

pytestmark = pytest.mark.django_db
MODELS = confined()
NOW = "2026-11-21T15:00:00+00:00"


@pytest.fixture
def here() -> Clinic:
    return a_lived_in_clinic()


@pytest.fixture(autouse=True)
def elsewhere(here) -> Clinic:
    return a_lived_in_clinic()


def test_the_owner_sees_both(here, elsewhere):
    assert {each.clinic_id for each in Patient.objects.all()} == {here.pk, elsewhere.pk}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_forgotten_filter_shows_one_clinic(the_application, here, model):
    own = model._default_manager.filter(clinic=here).count()
    with the_application(), clinic_scope(here.pk):
        found = [each.clinic_id for each in model._default_manager.all()]
    assert found == [here.pk] * own


@pytest.mark.parametrize("model", [*MODELS, Clinic], ids=lambda model: model.__name__)
def test_no_clinic_shows_nothing(the_application, model):
    with the_application():
        assert not model._default_manager.exists()
        assert sql(f"SELECT 1 FROM {model._meta.db_table}") == []


def test_what_is_shown_is_somebody_s(the_application, here):
    with the_application(), clinic_scope(here.pk):
        assert [each.pk for each in Clinic.objects.all()] == [here.pk]
        assert Patient.objects.exists()
        assert Membership.objects.exists()
        ((events,),) = sql("SELECT count(*) FROM tracker_alertevent")
    assert events > 0


def test_joins_and_sums_show_one_clinic(the_application, here, elsewhere):
    with the_application(), clinic_scope(here.pk):
        assert Patient.objects.filter(clinic=elsewhere).count() == 0
        names = set(Patient.objects.values_list("clinic__name", flat=True))
        assert sql("SELECT count(DISTINCT clinic_id) FROM tracker_checkin") == [(1,)]
    assert names == {here.name}


@pytest.mark.parametrize("moved", [True, False], ids=["insert", "update"])
def test_no_row_is_written_into_another_clinic(the_application, here, elsewhere, moved):
    with the_application(), clinic_scope(here.pk):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            if moved:
                a_patient(elsewhere)
            else:
                Patient.objects.update(clinic=elsewhere)
        assert Patient.objects.filter(name="changed").update(name="again") == 0
        assert Patient.objects.update(name="changed") == 1
    assert Patient.objects.filter(name="changed").get().clinic == here


def test_nothing_is_changed_or_deleted_elsewhere(the_application, here, elsewhere):
    theirs = Patient.objects.get(clinic=elsewhere)
    with the_application(), clinic_scope(here.pk):
        assert Patient.objects.filter(pk=theirs.pk).update(name="changed") == 0
        assert Task.objects.filter(clinic=elsewhere).delete()[0] == 0
        assert not Patient.objects.select_for_update().filter(pk=theirs.pk).exists()


def test_at_no_clinic_nothing_is_written(the_application, here):
    with the_application():
        assert Patient.objects.update(name="changed") == 0
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Patient.objects.create(clinic=here, name="New", created_at=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "SET row_security = off",
        "ALTER TABLE tracker_patient DISABLE ROW LEVEL SECURITY",
        "DROP POLICY one_clinic ON tracker_patient",
        "ALTER ROLE afterblock_tests BYPASSRLS",
        "TRUNCATE tracker_patient CASCADE",
        "CREATE TABLE mine (id int)",
    ],
)
def test_the_wall_is_not_taken_down_from_inside(the_application, here, statement):
    refused = pytest.raises(ProgrammingError)
    with the_application(), clinic_scope(here.pk), refused, transaction.atomic():
        sql(statement)
        sql("SELECT 1 FROM tracker_patient")  # without the policies: refused, not shown


def test_a_clinic_that_does_not_exist_shows_nothing(the_application):
    with the_application(), clinic_scope(uuid4()):
        assert sql("SELECT count(*) FROM tracker_patient") == [(0,)]


def test_moments_tell_of_every_clinic_and_of_nobody(the_application, here, elsewhere):
    with the_application():
        assert {each.clinic_id for each in AlertMoment.objects.all()} == {here.pk, elsewhere.pk}
    views = sql(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name LIKE 'tracker%%moment' AND table_schema = 'public'"
    )
    told = {name for (name,) in views}
    assert not told & {"patient_id", "name", "because", "answers", "user_id", "key", "endpoint"}


def test_moments_are_not_written(the_application):
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with the_application(), refused, transaction.atomic():
        AlertMoment.objects.update(due_at=None)
