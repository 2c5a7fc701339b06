"""Which education cards a patient reads today, and who answers for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tracker import access
from tracker.access import NotAllowed, Staff
from tracker.clinical.sources import named
from tracker.education import cards
from tracker.education.cards import Card
from tracker.models import CardApproval, Clinic, Patient, Procedure
from tracker.policy import Action
from tracker.services import audit


class CardChanged(Exception):
    """The card is not the one that was read, or there is none of this name."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A card as it is read by one patient."""

    key: str
    title: str
    body: str
    source: str
    approved_by: str
    """Empty in a demo, where cards show before anybody approved them."""
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A card, and whether this clinic approved it as it is now."""

    card: Card
    source: str
    approval: CardApproval | None


def lessons(*, patient: Patient, procedure: Procedure, day: int) -> list[Lesson]:
    """The approved cards of this day since the procedure, in the patient's language."""
    found = cards.on_day(
        day,
        diabetes=patient.diabetes,
        ice_is_safe=not patient.ice_contraindicated,
        steroid=procedure.steroid,
    )
    approved = _approvals(patient.clinic)
    shown = [card for card in found if card.digest in approved or settings.DEMO]
    return [_lesson(card, approved.get(card.digest), patient.language) for card in shown]


def _lesson(card: Card, approval: CardApproval | None, language: str) -> Lesson:
    text = card.texts.get(language, card.texts["en"])
    return Lesson(
        key=card.key,
        title=text.title,
        body=text.body,
        source=named(card.source, language),
        approved_by=str(approval.approved_by) if approval else "",
        approved_at=approval.approved_at if approval else None,
    )


def standing(*, staff: Staff) -> list[Standing]:
    """Every card, and who approved it here."""
    approved = _approvals(staff.clinic)
    return [Standing(card, named(card.source), approved.get(card.digest)) for card in cards.CARDS]


def _approvals(clinic: Clinic) -> dict[str, CardApproval]:
    rows = CardApproval.objects.filter(clinic=clinic).select_related("approved_by")
    return {row.digest: row for row in rows}


@transaction.atomic
def approve(*, staff: Staff, key: str, digest: str, now: datetime) -> CardApproval:
    """Answer for a card as it stood on the screen, for this clinic's patients."""
    if not staff.may(Action.PROTOCOL_DECIDE):
        raise NotAllowed
    if not any((card.key, card.digest) == (key, digest) for card in cards.CARDS):
        raise CardChanged("This card was changed meanwhile. Read it again.")
    approval, created = CardApproval.objects.get_or_create(
        clinic=staff.clinic,
        card=key,
        digest=digest,
        defaults={"approved_by": staff.user, "approved_at": now},
    )
    if created:
        _audit(staff, "card.approve", key, now)
    return approval


@transaction.atomic
def withdraw(*, staff: Staff, key: str, now: datetime) -> None:
    """Show a card no longer, whichever of its wordings was approved."""
    if not staff.may(Action.PROTOCOL_DECIDE):
        raise NotAllowed
    gone, _ = access.of_clinic(staff, CardApproval.objects.all()).filter(card=key).delete()
    if gone:
        _audit(staff, "card.withdraw", key, now)


def _audit(staff: Staff, action: str, key: str, now: datetime) -> None:
    audit.record(
        clinic_id=staff.clinic.pk,
        actor=staff.audit_name,
        action=action,
        subject=f"card:{key}",
        patient_id=None,
        now=now,
    )
