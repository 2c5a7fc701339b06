"""What is done for one patient leaves every other alone: their rows, and who asks with their ids.

The wall in the database is off here, and stands between clinics only, not between two patients.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from tests.conftest import NOW
from tests.isolation.two_clinics import confined
from tests.security.deeds import BY_PHONE, BY_STAFF, TO_ONE_PATIENT
from tests.security.test_matrix import taken_back
from tests.security.world import World, a_world
from tracker.models import Patient
from tracker.models.consent import ConsentKind
from tracker.services import consents, reminder_plans

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
EVERYTHING = set(ConsentKind)
LOOKS_ONLY = ["read an alert", "open a patient", "export", "plan the reminders"]
"""What changes no row; the reminders are planned already."""
WHOSE = {"patient": "patient", "procedure": "procedure__patient", "alert": "alert__patient"}


@pytest.fixture
def world() -> World:
    world = a_world()
    for each in world.targets.values():
        consents.give(patient=each.patient, kinds=EVERYTHING, recorded_by=None, now=NOW)
        reminder_plans.plan_patient(patient=each.patient, now=NOW)
    return world


def rows_of(patient: Patient) -> dict[str, Any]:
    """Every row that belongs to this patient, as it stands in the database."""
    found = {"Patient": list(Patient.objects.filter(pk=patient.pk).values())}
    for model in confined():
        names = [field.name for field in model._meta.fields]
        path = next((path for name, path in WHOSE.items() if name in names), None)
        if path is not None:
            rows = model._base_manager.filter(**{path: patient.pk}).order_by("pk")
            found[model.__name__] = list(rows.values())
    return found


def changed(before: dict[str, Any], patient: Patient) -> list[str]:
    after = rows_of(patient)
    return [name for name, rows in before.items() if after[name] != rows]


def others(world: World) -> Iterator[tuple[str, Patient]]:
    return ((name, each.patient) for name, each in world.targets.items() if name != "here")


def done(deed: Callable[..., Any], *who: Any) -> str:
    """What came of it: "" when it was done, else why not."""
    try:
        with transaction.atomic():
            deed(*who)
    except ObjectDoesNotExist:
        return "not there"
    except Exception as error:
        return repr(error)
    return ""


def test_what_is_done_for_one_patient_changes_nothing_of_another(world):
    before = {name: rows_of(patient) for name, patient in others(world)}
    here, own, wrong = world.targets["here"], rows_of(world.targets["here"].patient), []
    idle = []
    for name, deed in TO_ONE_PATIENT.items():
        with taken_back():
            refused = done(deed, here, world.staff["MANAGER"])
            theirs = {who: changed(before[who], patient) for who, patient in others(world)}
            wrong += [f"{name}: {who} {rows}" for who, rows in theirs.items() if rows]
            wrong += [f"{name}: {refused}"] if refused else []
            idle += [] if changed(own, here.patient) else [name]
    assert wrong == []
    assert idle == LOOKS_ONLY


def test_the_ids_of_another_clinic_name_nothing(world):
    """Also where no page stands before the service."""
    here, stranger = world.targets["here"], world.staff["FOREIGN MANAGER"]
    before, wrong = rows_of(here.patient), []
    for name, deed in BY_STAFF.items():
        with taken_back():
            refused = done(deed, here, stranger)
            wrong += [f"{name}: {refused or 'done'}"] if refused != "not there" else []
            wrong += [f"{name}: {rows}" for rows in changed(before, here.patient)]
    assert wrong == []


@pytest.mark.parametrize("who", ["neighbour", "elsewhere"])
def test_the_ids_of_another_patient_change_nothing(world, who):
    here = world.targets["here"]
    before, wrong = rows_of(here.patient), []
    for name, deed in BY_PHONE.items():
        with taken_back():
            refused = done(deed, world.targets[who], here)
            wrong += [f"{name}: {refused}"] if refused not in ("", "not there") else []
            wrong += [f"{name}: {rows}" for rows in changed(before, here.patient)]
    assert wrong == []
