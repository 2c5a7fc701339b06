"""Delete everything that tells of a patient; what is left names nobody."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from tracker import access
from tracker.access import NotAllowed, Staff
from tracker.models import Alert, CheckIn, Clinic, Patient, Procedure
from tracker.models.alert import AlertTier
from tracker.models.procedure import Kind
from tracker.policy import Action
from tracker.services import audit, devices
from tracker.services.records import BELONGINGS


class StillFollowed(Exception):
    """A procedure stands: somebody relies on the product just now."""


@transaction.atomic
def erase_by_staff(*, staff: Staff, patient_id: UUID, now: datetime) -> None:
    """Erase a patient of this clinic for good; `Patient.DoesNotExist` for any other."""
    if not staff.may(Action.PATIENT_ERASE):
        raise NotAllowed
    patient = access.of_clinic(staff, Patient.objects.all()).get(pk=patient_id)
    erase(patient=patient, actor=staff.audit_name, now=now)


@transaction.atomic
def erase(*, patient: Patient, actor: str, now: datetime) -> None:
    """Delete every row that tells of a patient, keep numbers that tell of nobody, and say so.

    The audit stays: it holds ids only, and who looked must be found when somebody asks later.
    """
    patient = Patient.objects.select_for_update().get(pk=patient.pk)
    if patient.procedures.filter(state__in=devices.STANDING).exists():
        raise StillFollowed("A procedure is not closed yet: stop its monitoring first.")
    _count(patient)
    with connection.cursor() as cursor:
        # Own numbers are never deleted otherwise (migration 0013); it ends with the transaction.
        cursor.execute("SELECT set_config('app.erasing', 'on', true)")
    for belonging in BELONGINGS:
        rows = belonging.rows(patient.pk)
        # In the order of the table, and as one statement each: nothing is collected, nothing kept.
        rows._raw_delete(rows.db)
    audit.record(
        clinic_id=patient.clinic_id,
        actor=actor,
        action="patient.erase",
        subject=f"patient:{patient.pk}",
        patient_id=patient.pk,
        now=now,
    )


def _count(patient: Patient) -> None:
    """Add what is deleted to the clinic's sums: how many, of which kind, of nobody."""
    kinds = Procedure.objects.filter(patient=patient).values_list("kind", flat=True)
    tiers = Alert.objects.filter(patient=patient).values_list("tier", flat=True)
    found = Counter(
        {"patients": 1, "check_ins": CheckIn.objects.filter(patient=patient).count()}
        | {f"procedures_{kind}": list(kinds).count(kind) for kind in Kind.values}
        | {f"alerts_{tier.name.lower()}": list(tiers).count(tier) for tier in AlertTier}
    )
    clinic = Clinic.objects.select_for_update(no_key=True).get(pk=patient.clinic_id)
    clinic.erased = dict(sorted((Counter(clinic.erased) + found).items()))
    clinic.save(update_fields=["erased"])
