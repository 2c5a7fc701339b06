"""Whose turn it is: which rows are claimed, and how cheaply it is asked whether any is due."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.conftest import NOW
from tests.factories import a_patient
from tracker.models import Delivery
from tracker.models.delivery import Priority
from tracker.services import claims

pytestmark = pytest.mark.django_db
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%tracker_delivery%'"


@pytest.fixture
def patient():
    return a_patient()


def a_row(patient, key, **fields):
    known = {"kind": "CHECK_IN", "channel": "EMAIL", "priority": Priority.REMINDER}
    moments = {"due_at": NOW, "created_at": NOW}
    return Delivery.objects.create(
        clinic=patient.clinic, patient=patient, key=key, **{**known, **moments, **fields}
    )


def claimed(limit=5):
    found = claims.claim_due(now=NOW, priorities=list(Priority), limit=limit)
    return [each.delivery.key for each in found]


def prepared():
    with connection.cursor() as cursor:
        cursor.execute(PREPARED)
        return cursor.fetchone()[0]


def test_a_kind_that_only_newer_code_knows_is_left_to_it(patient):
    unknown = a_row(patient, "unknown", kind="FROM_2031", priority=Priority.ALERT)
    a_row(patient, "known")

    assert claimed(limit=1) == ["known"], "it takes nobody's place"
    assert claims.claim(delivery_id=unknown.pk, now=NOW) is None
    unknown.refresh_from_db()
    assert unknown.attempts == 0, "so no try of newer code is used up"


def test_whether_anything_is_due_is_parsed_and_planned_once(patient):
    before = prepared()
    for _ in range(3):
        assert claimed() == []
    assert prepared() == before + 1


def test_behind_a_transaction_pooler_nothing_is_prepared(patient, monkeypatch):
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    before = prepared()
    a_row(patient, "known")
    assert claimed() == ["known"]
    assert prepared() == before
