"""Two clinics, with one row at least in every table whose rows belong to a clinic."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure, a_staff, fever
from tracker.models import Clinic


def confined() -> list[type[Model]]:
    """The models whose rows belong to a clinic."""
    ours = apps.get_app_config("tracker").get_models()
    return [each for each in ours if each._meta.managed and _has_clinic(each)]


def _has_clinic(model: type[Model]) -> bool:
    return any(field.name == "clinic" for field in model._meta.fields)


def a_lived_in_clinic() -> Clinic:
    clinic = a_clinic()
    a_staff(clinic, on_call_order=1)
    patient = a_patient(clinic, email="patient@home.test")
    a_procedure(patient)
    a_phone(patient)
    a_check_in(patient, **fever("39.2"))
    return clinic


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
