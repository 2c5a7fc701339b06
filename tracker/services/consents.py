"""What a patient agreed to: in which words, when, and when they took it back.

An address gets into a record together with the answer, and without one with a refusal, so e-mail
goes to every address until that agreement is taken back. A new address or number is asked about
anew. Texts go to nobody who has not agreed (`Patient.texts_agreed_at` is the moment; the row here
is the record of it), push to phones whose browser was allowed to show it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tracker.models import Consent, Patient, PushSubscription, User
from tracker.models.consent import ConsentKind
from tracker.models.delivery import PATIENTS_OWN
from tracker.services import audit

PHONE, STAFF, STOP = "phone", "staff", "stop"
"""Through what an agreement was taken back."""

WORDINGS: dict[tuple[ConsentKind, str], str] = {
    (ConsentKind.FOLLOW_UP, "en"): (
        "I agree that my clinic follows me with this app after my procedure, and keeps what I send."
    ),
    (ConsentKind.FOLLOW_UP, "es"): (
        "Acepto que mi clínica me siga con esta aplicación después de mi procedimiento y que guarde"
        " lo que envío."
    ),
    (ConsentKind.PUSH, "en"): (
        "I agree to messages on this phone. They say nothing about my health. I can stop them at"
        " any time."
    ),
    (ConsentKind.PUSH, "es"): (
        "Acepto recibir mensajes en este teléfono. No dicen nada de mi salud. Puedo dejarlos cuando"
        " quiera."
    ),
    (ConsentKind.EMAIL, "en"): (
        "I agree to e-mails to the address that I gave. They say nothing about my health. I can"
        " stop them at any time."
    ),
    (ConsentKind.EMAIL, "es"): (
        "Acepto recibir correos en la dirección que di. No dicen nada de mi salud. Puedo dejarlos"
        " cuando quiera."
    ),
    (ConsentKind.SMS, "en"): (
        "I agree to text messages to the number that I gave. They say nothing about my health. My"
        " carrier may charge for them. I can stop them at any time: I answer STOP."
    ),
    (ConsentKind.SMS, "es"): (
        "Acepto recibir mensajes de texto en el número que di. No dicen nada de mi salud. Mi"
        " compañía puede cobrarlos. Puedo dejarlos cuando quiera: respondo ALTO o STOP."
    ),
}


@transaction.atomic
def give(
    *, patient: Patient, kinds: Iterable[ConsentKind], recorded_by: User | None, now: datetime
) -> None:
    """Record what the patient agrees to, in the words of their language; what stands, stands."""
    patient = _held(patient)
    for kind in kinds:
        if standing(patient=patient, kind=kind):
            continue
        Consent.objects.create(
            clinic_id=patient.clinic_id,
            patient=patient,
            kind=kind,
            wording=WORDINGS[kind, patient.language],
            language=patient.language,
            recorded_by=recorded_by,
            given_at=now,
        )
        if kind == ConsentKind.SMS:
            Patient.objects.filter(pk=patient.pk).update(texts_agreed_at=now)
        actor = f"user:{recorded_by.pk}" if recorded_by else f"patient:{patient.pk}"
        _audit(patient, actor, "consent.give", kind, now)


@transaction.atomic
def withdraw(
    *, patient: Patient, kind: ConsentKind, through: str, actor: str, now: datetime
) -> bool:
    """Take an agreement back: the channel stops at once. False when there was none."""
    patient = _held(patient)
    open_rows = Consent.objects.filter(patient=patient, kind=kind, withdrawn_at__isnull=True)
    ended = open_rows.update(withdrawn_at=now, withdrawn_through=through)
    if not ended and kind == ConsentKind.EMAIL and patient.email and not _was_ended(patient, kind):
        ended = _refuse(patient, kind, through, now)  # an address from before agreements were kept
    if kind == ConsentKind.SMS:
        agreed = Patient.objects.filter(pk=patient.pk, texts_agreed_at__isnull=False)
        ended += agreed.update(texts_agreed_at=None)
    if kind == ConsentKind.PUSH:
        live = PushSubscription.objects.filter(PATIENTS_OWN, patient=patient, ended_at__isnull=True)
        ended += live.update(ended_at=now)
    if ended:
        _audit(patient, actor, "consent.withdraw", kind, now)
    return bool(ended)


def standing(*, patient: Patient, kind: ConsentKind) -> Consent | None:
    return Consent.objects.filter(patient=patient, kind=kind, withdrawn_at__isnull=True).first()


def takes_e_mail(patient: Patient) -> bool:
    """Whether e-mail may go to this patient: there is an address, and nobody took it back."""
    if not patient.email:
        return False
    newest = Consent.objects.filter(patient=patient, kind=ConsentKind.EMAIL).order_by("-pk").first()
    return newest is None or newest.withdrawn_at is None


def _was_ended(patient: Patient, kind: ConsentKind) -> bool:
    return Consent.objects.filter(patient=patient, kind=kind).exists()


def _refuse(patient: Patient, kind: ConsentKind, through: str, now: datetime) -> int:
    Consent.objects.create(
        clinic_id=patient.clinic_id, patient=patient, kind=kind, wording="",
        language=patient.language, given_at=now, withdrawn_at=now, withdrawn_through=through,
    )  # fmt: skip
    return 1


def _held(patient: Patient) -> Patient:
    # No key: a check-in that holds an alert must be able to name its patient.
    return Patient.objects.select_for_update(no_key=True).get(pk=patient.pk)


def _audit(patient: Patient, actor: str, action: str, kind: ConsentKind, now: datetime) -> None:
    audit.record(
        clinic_id=patient.clinic_id,
        actor=actor,
        action=action,
        subject=f"consent:{kind.lower()}",
        patient_id=patient.pk,
        now=now,
    )
