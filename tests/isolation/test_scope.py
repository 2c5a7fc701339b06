"""The scope of a thread, and what its connection was told: never another clinic's than wanted."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from tests.factories import a_clinic, a_patient
from tests.isolation.two_clinics import sql
from tracker import scope
from tracker.models import Clinic, Patient
from tracker.scope import clinic_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clinics() -> tuple[Clinic, Clinic]:
    here, elsewhere = a_clinic(), a_clinic()
    a_patient(here), a_patient(elsewhere)
    return here, elsewhere


def told() -> str:
    """What the database goes by just now."""
    ((clinic,),) = sql("SELECT current_setting('app.clinic_id', true)")
    return clinic or ""


def shown() -> set[object]:
    return set(Patient.objects.values_list("clinic_id", flat=True))


def test_leaving_a_scope_restores_the_one_before(clinics):
    here, elsewhere = clinics
    with clinic_scope(here.pk):
        with clinic_scope(elsewhere.pk):
            assert told() == str(elsewhere.pk)
        assert told() == str(here.pk)
    assert told() == ""


def test_an_error_leaves_the_scope_as_well(clinics):
    with pytest.raises(ZeroDivisionError), clinic_scope(clinics[0].pk):
        _ = 1 / 0
    assert told() == ""


def test_who_enters_is_out_again_when_the_request_is_over(clinics):
    with scope.nowhere():
        scope.enter(clinics[0].pk)
        assert told() == str(clinics[0].pk)
    assert told() == ""


@pytest.mark.parametrize("not_an_id", ["", "1", "' OR 1=1 --", None])
def test_what_is_no_clinic_opens_no_scope(not_an_id):
    with pytest.raises(ValueError, match="UUID"), clinic_scope(not_an_id):
        pass


def test_another_thread_begins_at_no_clinic(clinics):
    seen: list[str] = []
    with clinic_scope(clinics[0].pk):
        thread = threading.Thread(target=lambda: seen.append(scope.current()))
        thread.start()
        thread.join()
    assert seen == [scope.NOWHERE]


def test_after_a_rollback_the_clinic_is_told_again(clinics, the_application):
    here, elsewhere = clinics
    with clinic_scope(elsewhere.pk):
        told()
    with the_application(), clinic_scope(here.pk):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            assert shown() == {here.pk}
            _ = 1 / 0
        assert shown() == {here.pk}
    assert told() == ""


def test_after_a_savepoint_is_rolled_back_too(clinics, the_application):
    here, elsewhere = clinics
    with the_application(), transaction.atomic(), clinic_scope(elsewhere.pk):
        assert shown() == {elsewhere.pk}
        with clinic_scope(here.pk):
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                assert shown() == {here.pk}
                _ = 1 / 0
            assert shown() == {here.pk}
        with pytest.raises(ZeroDivisionError), transaction.atomic(), clinic_scope(here.pk):
            assert shown() == {here.pk}
            _ = 1 / 0
        assert shown() == {elsewhere.pk}


def test_a_failed_statement_can_be_rolled_back_out_of_a_scope(clinics):
    here, _ = clinics
    with pytest.raises(IntegrityError), transaction.atomic(), clinic_scope(here.pk):
        Clinic.objects.create(pk=here.pk, name="again", phone="", created_at=here.created_at)
    assert told() == ""


def test_a_commit_that_rolled_back_in_silence_is_noticed(clinics):
    here, elsewhere = clinics
    with clinic_scope(elsewhere.pk):
        told()
    with clinic_scope(here.pk):
        with transaction.atomic():
            told()
            # Swallowed, so that Django commits; PostgreSQL answers ROLLBACK.
            with pytest.raises(IntegrityError):
                Clinic.objects.create(pk=here.pk, name="x", phone="", created_at=here.created_at)
        assert told() == str(here.pk)


def test_a_new_connection_is_told(clinics):
    with clinic_scope(clinics[0].pk):
        told()
        connection.close()
        assert told() == str(clinics[0].pk)


def test_a_commit_keeps_what_was_told(clinics, the_application):
    here, _ = clinics
    with the_application(), clinic_scope(here.pk):
        with transaction.atomic():
            assert shown() == {here.pk}
        assert shown() == {here.pk}


def test_it_is_told_once_and_not_before_each_statement(clinics):
    with clinic_scope(clinics[0].pk):
        told()
        raw, asked = connection.connection, []
        execute = raw.execute
        raw.execute = lambda *args: asked.append(args) or execute(*args)
        try:
            for _ in range(5):
                told()
        finally:
            del raw.execute
    assert asked == []
