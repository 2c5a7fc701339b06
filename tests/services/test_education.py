"""Cards for the days after a block: the right ones, readable, and approved by a clinician."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.admin.people import at, text_of
from tests.clinical.test_wording import DISEASES, grade
from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_procedure, a_staff, signed_in
from tracker.clinical.sources import SOURCES
from tracker.education import cards
from tracker.models import AuditEvent, CardApproval
from tracker.services import education


def keys(day: int, **about: bool) -> set[str]:
    told = {"diabetes": False, "ice_is_safe": True, "steroid": True, **about}
    return {card.key for card in cards.on_day(day, **told)}


@pytest.mark.parametrize(
    ("day", "about", "with_it", "without"),
    [
        (0, {}, {"numb", "soreness", "ice", "activity"}, {"exercise", "lasting", "sugar"}),
        (3, {}, {"soreness", "ice", "exercise"}, {"activity", "lasting"}),
        (4, {}, {"exercise"}, {"soreness", "ice"}),
        (1, {"ice_is_safe": False}, {"soreness"}, {"ice"}),
        (1, {"diabetes": True}, {"sugar", "steroid"}, set()),
        (1, {"diabetes": True, "steroid": False}, set(), {"sugar", "steroid"}),
        (14, {}, {"lasting", "posture"}, {"numb"}),
        (201, {}, set(), {"lasting", "exercise"}),
        (-1, {}, set(), {"numb"}),
    ],
)
def test_each_day_has_its_cards(day, about, with_it, without):
    found = keys(day, **about)
    assert with_it <= found
    assert not without & found


@pytest.mark.parametrize("card", cards.CARDS, ids=lambda card: card.key)
def test_a_card_is_short_readable_and_has_a_source(card):
    assert card.source in SOURCES
    assert set(card.texts) == {"en", "es"}
    assert grade(card.texts["en"].body) <= 6, grade(card.texts["en"].body)
    for text in card.texts.values():
        assert len(text.body.split()) <= 45
        assert not any(disease in text.body.lower() for disease in DISEASES)


@pytest.fixture
def people(db):
    clinic = a_clinic()
    patient = a_patient(clinic, language="es")
    return a_staff(clinic, role="CLINICIAN"), patient, a_procedure(patient)


def shown(patient, procedure) -> list[str]:
    found = education.lessons(patient=patient, procedure=procedure, day=1)
    return [lesson.key for lesson in found]


def test_only_what_the_clinic_approved_is_shown(people):
    doctor, patient, procedure = people
    assert shown(patient, procedure) == []
    card = next(card for card in cards.CARDS if card.key == "soreness")
    education.approve(staff=doctor, key=card.key, digest=card.digest, now=NOW)
    lesson = education.lessons(patient=patient, procedure=procedure, day=1)[0]
    assert lesson.title == card.texts["es"].title
    assert lesson.approved_by == str(doctor.user)
    education.withdraw(staff=doctor, key=card.key, now=NOW)
    assert shown(patient, procedure) == []
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert {"card.approve", "card.withdraw"} <= set(actions)


def test_what_another_clinic_approved_is_not_shown_here(people):
    _, patient, procedure = people
    card = cards.CARDS[0]
    other = a_staff(a_clinic(), role="CLINICIAN")
    education.approve(staff=other, key=card.key, digest=card.digest, now=NOW)
    assert shown(patient, procedure) == []


def test_a_demo_shows_every_card(people, settings):
    settings.DEMO = True
    _, patient, procedure = people
    assert "soreness" in shown(patient, procedure)


def test_a_card_that_was_changed_meanwhile_is_not_approved_unread(people):
    doctor, _, _ = people
    with pytest.raises(education.CardChanged):
        education.approve(staff=doctor, key="soreness", digest="0" * 64, now=NOW)
    assert not CardApproval.objects.exists()


@pytest.mark.parametrize(("role", "status"), [("CLINICIAN", 302), ("NURSE", 403)])
def test_only_a_clinician_approves(people, role, status):
    doctor, _, _ = people
    desk = signed_in(Client(), a_staff(doctor.clinic, role=role))
    card = cards.CARDS[0]
    answer = desk.post(at("card-approve", card.key), {"digest": card.digest})
    assert answer.status_code == status
    assert CardApproval.objects.exists() is (status == 302)
    page = text_of(desk.get(at("cards")))
    assert card.texts["es"].title in page
