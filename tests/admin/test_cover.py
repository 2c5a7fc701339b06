"""A manager says when the clinic is open and who is told of an alert."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tests.factories import a_clinic, a_staff, signed_in
from tracker.models import AuditEvent, Clinic, Membership, User
from tracker.services import cover, on_call

pytestmark = pytest.mark.django_db
OPEN = {"mon": "8:00-12:00, 13:00 – 17:00", "fri": "08:00-24:00"}


@pytest.fixture
def people():
    clinic = a_clinic(phone="+15555550100", opening_hours={})
    manager = a_staff(clinic, role="MANAGER", on_call_order=None)
    nurse = a_staff(clinic, role="NURSE", on_call_order=None)
    a_staff(clinic, role="READER", on_call_order=None)
    a_staff(a_clinic(), role="NURSE", on_call_order=None)
    return manager, nurse


@pytest.fixture
def desk(people):
    return signed_in(Client(), people[0])


def sent(desk: Client, **typed: str):
    return desk.post(at("cover"), typed)


def test_hours_and_days_off_are_set_as_they_are_written(desk, people):
    assert sent(desk, **OPEN, holidays="2026-12-25\n2026-12-24").status_code == 302

    clinic = Clinic.objects.get(pk=people[0].clinic.pk)
    assert clinic.opening_hours == {
        "mon": [["08:00", "12:00"], ["13:00", "17:00"]],
        "fri": [["08:00", "24:00"]],
    }
    assert clinic.holidays == [date(2026, 12, 24), date(2026, 12, 25)]
    assert AuditEvent.objects.filter(action="clinic.cover").count() == 1


def test_what_to_do_when_closed_is_said_in_both_languages(desk, people):
    texts = {"after_hours_text": "Call the hospital.", "after_hours_text_es": "Llame al hospital."}
    assert sent(desk, **texts).status_code == 302
    clinic = Clinic.objects.get(pk=people[0].clinic.pk)
    assert [clinic.after_hours_in(each) for each in ("en", "es")] == [*texts.values()]
    page = text_of(desk.get(at("cover")))
    assert all(words in page for words in texts.values())


def test_who_has_a_place_is_on_call_from_now_on(desk, people):
    manager, nurse = (each.membership.pk for each in people)
    assert "Nobody is on call." in text_of(desk.get(at("cover")))

    sent(
        desk, **{f"order-{nurse}": "1", f"order-{manager}": "2", f"mobile-{nurse}": "555-555-0123"}
    )

    told = on_call.on_call_now(people[0].clinic.pk)
    assert [(each.pk, each.user.mobile) for each in told] == [
        (nurse, "+15555550123"),
        (manager, ""),
    ]
    assert "Nobody is on call." not in text_of(desk.get(at("cover")))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"mon": "8-17"}, "Give hours such as 08:00-12:00"),
        ({"mon": "17:00-08:00"}, "Give hours such as 08:00-12:00"),
        ({"mon": "08:00Z-17:00"}, "Give hours such as 08:00-12:00"),
        ({"holidays": "Christmas"}, "Give one date a line, such as 2026-12-25."),
        ({"after_hours_phone": "ask Ben"}, "This is not a phone number."),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_and_kept(desk, people, typed, says):
    answer = sent(desk, **{"tue": "09:00-10:00", **typed})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page and next(iter(typed.values())) in page and "09:00-10:00" in page
    assert Clinic.objects.get(pk=people[0].clinic.pk).opening_hours == {}


def test_a_place_is_a_number_from_one(desk, people):
    name = f"order-{people[1].membership.pk}"
    assert sent(desk, **{name: "0"}).status_code == 422
    assert not Membership.objects.filter(on_call_order__isnull=False).exists()


def test_only_who_may_take_an_alert_is_listed(desk, people):
    names = {f"order-{each.membership.pk}" for each in people}
    page = desk.get(at("cover")).content.decode()
    listed = {
        f"order-{each.pk}" for each in Membership.objects.all() if f'"order-{each.pk}"' in page
    }

    assert listed == names


def test_a_nurse_does_not_set_it(people):
    nurse = signed_in(Client(), people[1])
    assert nurse.get(at("cover")).status_code == 403
    assert sent(nurse, **OPEN).status_code == 403
    assert not AuditEvent.objects.filter(action="clinic.cover").exists()


def test_whoever_does_not_stand_on_the_page_that_was_sent_keeps_their_place(desk, people):
    nurse = people[1]
    Membership.objects.filter(pk=nurse.membership.pk).update(on_call_order=1)
    User.objects.filter(pk=nurse.user.pk).update(mobile="+15555550123")

    assert sent(desk, **OPEN).status_code == 302

    nurse.membership.refresh_from_db()
    nurse.user.refresh_from_db()
    assert (nurse.membership.on_call_order, nurse.user.mobile) == (1, "+15555550123")


def test_the_mobile_of_somebody_who_works_elsewhere_too_is_not_one_managers_to_change(desk, people):
    nurse = people[1]
    Membership.objects.create(clinic=a_clinic(), user=nurse.user, role="NURSE")
    User.objects.filter(pk=nurse.user.pk).update(mobile="+15555550123")
    order, mobile = (f"{each}-{nurse.membership.pk}" for each in ("order", "mobile"))
    page = desk.get(at("cover")).content.decode()
    field = re.search(f'<input[^>]*name="{mobile}"[^>]*>', page)[0]
    assert "disabled" in field and 'value="+15555550123"' in field

    assert sent(desk, **{order: "1", mobile: "+15555550199"}).status_code == 302
    told = {order: 1, mobile: "+15555550199"}
    cover.change_cover(staff=people[0], fields=told, shown={}, now=NOW)

    nurse.membership.refresh_from_db()
    nurse.user.refresh_from_db()
    assert (nurse.membership.on_call_order, nurse.user.mobile) == (1, "+15555550123")
