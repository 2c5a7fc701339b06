"""Two people have the same page open: whoever saves last undoes nothing of the other's."""

from __future__ import annotations

from datetime import time

import pytest
from django.test import Client

from tests.admin.as_sent import as_sent
from tests.admin.people import at, text_of
from tests.factories import a_staff, signed_in
from tracker.models import AuditEvent, Membership
from tracker.services import consents

MEANWHILE = "A colleague has changed this meanwhile."


@pytest.fixture
def page(desks):
    return at("patient-change", desks.patient.pk)


@pytest.fixture
def managers(desks):
    return [signed_in(Client(), a_staff(desks.clinic, role="MANAGER")) for _ in range(2)]


def test_a_page_that_was_open_longer_puts_nothing_back(desks, page):
    opened = desks.nurse.get(page)
    desks.colleague.post(page, as_sent(desks.colleague.get(page), anticoagulant="on"))
    saved = desks.nurse.post(page, as_sent(opened, address="1 Main St"))
    desks.patient.refresh_from_db()
    assert saved.status_code == 302
    assert (desks.patient.anticoagulant, desks.patient.address) == (True, "1 Main St")
    assert list(
        AuditEvent.objects.filter(action="patient.change").values_list("fields", flat=True)
    ) == [["anticoagulant"], ["address"]]


def test_the_same_field_changed_by_both_is_refused_by_name_and_what_was_typed_stays(desks, page):
    opened = desks.nurse.get(page)
    desks.colleague.post(page, as_sent(desks.colleague.get(page), address="2 Elm St"))
    refused = desks.nurse.post(page, as_sent(opened, address="1 Main St", allergies="Latex"))
    told = text_of(refused)
    desks.patient.refresh_from_db()
    assert refused.status_code == 422
    assert f"Address</a>: {MEANWHILE} It is now: 2 Elm St." in told
    assert 'value="1 Main St"' in told and 'value="Latex"' in told
    assert (desks.patient.address, desks.patient.allergies) == ("2 Elm St", "")

    again = desks.nurse.post(page, as_sent(refused))
    desks.patient.refresh_from_db()
    assert again.status_code == 302
    assert (desks.patient.address, desks.patient.allergies) == ("1 Main St", "Latex")


def test_both_saying_the_same_is_no_quarrel(desks, page):
    opened = desks.nurse.get(page)
    desks.colleague.post(page, as_sent(opened, insulin="on"))
    assert desks.nurse.post(page, as_sent(opened, insulin="on")).status_code == 302


def test_insulin_and_diabetes_are_one_answer(desks, page):
    opened = desks.nurse.get(page)
    desks.colleague.post(page, as_sent(desks.colleague.get(page), diabetes="on"))
    told = desks.colleague.get(page)
    desks.nurse.post(page, as_sent(opened, insulin="on"))
    desks.patient.refresh_from_db()
    assert (desks.patient.insulin, desks.patient.diabetes) == (True, True)
    refused = desks.colleague.post(page, as_sent(told, diabetes=None))
    assert refused.status_code == 422
    assert f"Uses insulin</a>: {MEANWHILE} It is now: yes." in text_of(refused)


@pytest.mark.parametrize("sent", ["", "{", "[]", '{"address": 7}', "[" * 5000], ids=str)
def test_a_page_that_does_not_say_what_it_showed_is_read_against_what_stands(desks, page, sent):
    typed = as_sent(desks.nurse.get(page), shown=sent, allergies="Latex")
    assert desks.nurse.post(page, typed).status_code in {302, 422}


def test_a_baseline_is_not_put_back(desks):
    page = at("procedure-change", desks.procedure.pk)
    opened = desks.nurse.get(page)
    desks.colleague.post(page, as_sent(desks.colleague.get(page), baseline_pain="8"))
    assert desks.nurse.post(page, as_sent(opened, side="left", steroid="yes")).status_code == 302
    desks.procedure.refresh_from_db()
    assert (desks.procedure.baseline_pain, desks.procedure.side) == (8, "left")


def test_a_sugar_is_not_stored_under_another_unit(desks):
    page = at("procedure-change", desks.procedure.pk)
    opened = desks.nurse.get(page)
    desks.colleague.post(page, as_sent(opened, baseline_glucose_unit="mmol/L"))
    refused = desks.nurse.post(page, as_sent(opened, baseline_glucose="110"))
    assert refused.status_code == 422
    assert f"Its unit</a>: {MEANWHILE} It is now: mmol/L." in text_of(refused)


def test_the_clinics_settings_are_not_put_back(desks, managers):
    first, second = managers
    page = at("clinic")
    opened = first.get(page)
    second.post(page, as_sent(second.get(page), sms_allowed=None, digest_at="07:30"))
    assert first.post(page, as_sent(opened, hours="Weekdays")).status_code == 302
    desks.clinic.refresh_from_db()
    assert (desks.clinic.sms_allowed, desks.clinic.digest_at) == (False, time(7, 30))
    assert desks.clinic.hours == "Weekdays"
    refused = first.post(page, as_sent(opened, digest_at="06:00"))
    assert f"{MEANWHILE} It is now: 07:30" in text_of(refused)


def test_hours_and_who_is_on_call_are_not_put_back(desks, managers):
    first, second = managers
    page, place = at("cover"), f"order-{desks.nora.membership.pk}"
    opened = first.get(page)
    second.post(page, as_sent(second.get(page), mon="08:00-17:00", **{place: "1"}))
    assert first.post(page, as_sent(opened, holidays="2026-12-25")).status_code == 302
    desks.clinic.refresh_from_db()
    assert desks.clinic.opening_hours == {"mon": [["08:00", "17:00"]]}
    assert Membership.objects.get(pk=desks.nora.membership.pk).on_call_order == 1

    refused = first.post(page, as_sent(opened, mon="09:00-12:00", tue="10:00-11:00"))
    assert refused.status_code == 422
    assert f"Monday</a>: {MEANWHILE} It is now: 08:00-17:00." in text_of(refused)
    assert first.post(page, as_sent(refused)).status_code == 302
    desks.clinic.refresh_from_db()
    assert desks.clinic.opening_hours["mon"] == [["09:00", "12:00"]]


def test_the_answer_about_a_new_address_is_recorded_beside_it(desks, page):
    desks.nurse.post(page, as_sent(desks.nurse.get(page), email="new@home.test"))
    desks.patient.refresh_from_db()
    assert not consents.takes_e_mail(desks.patient)
    assert "They have agreed" not in text_of(desks.nurse.get(page))
    desks.nurse.post(page, as_sent(desks.nurse.get(page), email_agreed="on"))
    assert "They have agreed. A new address ends that" in text_of(desks.nurse.get(page))
    assert consents.takes_e_mail(desks.patient)
    refused = desks.nurse.post(page, as_sent(desks.nurse.get(page), email="", email_agreed="on"))
    assert "Give the address first." in text_of(refused)
