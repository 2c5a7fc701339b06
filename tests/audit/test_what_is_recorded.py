"""Whatever staff open, and whatever is refused to them, leaves an event that names nobody."""

from __future__ import annotations

import uuid

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, resolve

from tests.admin.people import at, nobody
from tests.factories import (
    PASSWORD,
    a_check_in,
    a_patient,
    a_phone,
    a_procedure,
    a_protocol,
    a_staff,
    fever,
    signed_in,
)  # fmt: skip
from tracker.admin import recorded
from tracker.admin.protocol_form import lines
from tracker.admin.recorded import SHOWS_NO_PATIENT
from tracker.admin.site import desk
from tracker.api.principals import StaffView
from tracker.models import AuditEvent, Clinic, Patient
from tracker.policy import DESK
from tracker.services import invitations
from tracker.services.invitations import InvitationRefused

CANARIES = ("Harold Finch", "+15555550112", "harold@home.test", "Nora Park", "Sam Stone")


def latest(count: int = 1) -> list[AuditEvent]:
    return list(AuditEvent.objects.order_by("-pk")[:count])


def events_since(pk: int) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(pk__gt=pk).order_by("pk"))


def last_id() -> int:
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def addresses(desks) -> dict[str, str]:
    """Every address of the desk, with ids that exist where ids belong."""
    ids = {
        "alert_id": desks.alert.pk,
        "patient_id": desks.patient.pk,
        "procedure_id": desks.procedure.pk,
        "session_id": a_phone(desks.patient).session.pk,
    }
    patterns = [each for each in desk.get_urls() if isinstance(each, URLPattern) and each.name]
    return {
        each.name: at(each.name, *(ids.get(key, _any(kind)) for key, kind in _keys(each)))
        for each in patterns
        if each.name in DESK
    }


def _keys(pattern):
    return pattern.pattern.converters.items()


def _any(kind):
    return {"IntConverter": 1, "UUIDConverter": nobody()}.get(type(kind).__name__, "x")


def test_every_get_of_the_desk_is_recorded_or_shows_no_patient(desks):
    """The one test that a new address must pass: it shows nobody, or it leaves a trace."""
    opened = 0
    for name, address in addresses(desks).items():
        client = signed_in(Client(), a_staff(desks.clinic, role="MANAGER", name="Mia Bly"))
        before = last_id()
        response = client.get(address)
        new = events_since(before)
        if response.status_code >= 300:
            continue  # it showed nothing
        page = response.content.decode()
        shown = [each for each in CANARIES[:3] if each in page]
        if name in SHOWS_NO_PATIENT:
            assert shown == [], f"{name} shows a patient: {SHOWS_NO_PATIENT[name]}"
            continue
        assert new, f"{name} recorded nothing"
        if shown:
            opened += 1
            whose = {pk for each in new for pk in (each.patient_id, *each.shown)}
            assert desks.patient.pk in whose, f"{name} does not say whose record it was"
    assert opened >= 4
    assert set(SHOWS_NO_PATIENT) <= set(DESK)


@pytest.mark.parametrize("who", ["nurse", "colleague", "reader"])
def test_opening_a_patient_is_one_event(desks, who):
    before = last_id()
    assert getattr(desks, who).get(at("patient", desks.patient.pk)).status_code == 200
    (event,) = events_since(before)
    assert (event.action, event.outcome) == ("patient.view", "ok")
    assert event.patient_id == desks.patient.pk
    assert event.clinic == desks.clinic


def test_the_stranger_leaves_a_refusal_in_their_own_clinic(desks):
    before = last_id()
    assert desks.stranger.get(at("patient", desks.patient.pk)).status_code == 404
    (event,) = events_since(before)
    assert (event.action, event.outcome) == ("page.refused", "denied")
    assert event.subject == f"patient:{desks.patient.pk}"
    assert event.clinic != desks.clinic
    assert event.patient_id is None, "no patient of that clinic was touched"


def test_what_a_role_may_not_do_is_recorded(desks):
    before = last_id()
    assert desks.reader.post(at("acknowledge", desks.alert.pk)).status_code == 403
    (event,) = events_since(before)
    assert event.outcome == "denied"
    assert event.subject == f"acknowledge:{desks.alert.pk}"


@pytest.mark.parametrize(
    ("name", "row"),
    [("patient", "patient"), ("alert", "alert"), ("procedure-done", "procedure"), ("new", "")],
)
def test_an_address_that_records_nothing_itself_is_recorded_by_the_door(desks, name, row):
    request = RequestFactory().get("/")
    address = at(name, getattr(desks, row).pk) if row else at("index")
    request.resolver_match = resolve(address)
    before = last_id()
    recorded.answered(request, desks.nora, name, HttpResponse)
    (event,) = events_since(before)
    assert event.action == "page.open"
    assert event.patient_id == (desks.patient.pk if row else None)


def test_the_queue_is_recorded_when_others_stand_in_it(desks):
    before = last_id()
    for address in ("index", "queue", "queue", "index", "queue"):
        desks.nurse.get(at(address))
    (event,) = events_since(before)
    assert (event.action, event.shown) == ("queue.list", [desks.patient.pk])

    other = a_patient(desks.clinic)
    a_procedure(other)
    a_check_in(other, **fever())
    before = last_id()
    for _ in range(3):
        desks.nurse.get(at("queue"))
    (event,) = events_since(before)
    assert set(event.shown) == {desks.patient.pk, other.pk}
    desks.colleague.get(at("queue"))
    assert len(events_since(before)) == 2, "each person has seen it for themselves"


def test_a_list_and_a_search_hold_ids_and_not_the_words(desks):
    before = last_id()
    desks.nurse.get(at("patients"))
    desks.nurse.post(at("patients"), {"text": "finch"})
    desks.nurse.post(at("patients"), {"text": "zzz"})
    listed, found, nothing = events_since(before)
    assert (listed.action, listed.shown) == ("patients.list", [desks.patient.pk])
    assert (found.action, found.shown) == ("search.list", [desks.patient.pk])
    assert nothing.shown == []
    assert "finch" not in repr([vars(each) for each in (listed, found, nothing)])


def test_a_form_that_comes_back_refused_has_shown_its_patient(desks):
    before = last_id()
    answer = desks.nurse.post(at("procedure-add", desks.patient.pk), {})
    assert answer.status_code == 422 and "Harold Finch" in answer.content.decode()
    (event,) = events_since(before)
    assert (event.action, event.patient_id) == ("page.open", desks.patient.pk)


def test_what_cannot_be_asked_for_has_shown_nobody(desks):
    before = last_id()
    assert desks.nurse.get(at("acknowledge", desks.alert.pk)).status_code == 405
    assert events_since(before) == []


@pytest.mark.parametrize("by", ["the form", "the review"])
def test_trying_numbers_out_records_whom_it_showed(desks, by):
    warmer = {"fever": {"Cel": "38.5", "[degF]": "101.3"}}
    number = a_protocol(desks.clinic, **warmer).number
    standing = {line.field: line.default for line in lines()}
    fields = {**standing, "fever_celsius": "38.5", "fever_fahrenheit": "101.3", "do": "try"}
    before = last_id()
    if by == "the form":
        answer = desks.nurse.post(at("protocol-new"), fields)
    else:
        answer = desks.nurse.get(at("protocol", number), {"try": "1"})
    assert "Harold Finch" in answer.content.decode()
    (event,) = events_since(before)
    assert (event.action, event.shown) == ("tryout.list", [desks.patient.pk])


def test_the_api_is_no_way_around(desks):
    before = last_id()
    assert desks.nurse.get("/api/v1/alerts/").status_code == 200
    assert desks.nurse.get("/api/v1/alerts/").status_code == 200
    (event,) = events_since(before)
    assert event.shown == [desks.patient.pk]
    address = f"/api/v1/alerts/{desks.alert.pk}/acknowledge/"
    desks.stranger.post(address, {}, content_type="application/json")
    desks.reader.post(address, {}, content_type="application/json")
    assert [each.outcome for each in latest(2)] == ["denied", "denied"]


def test_every_call_of_staff_goes_through_the_same_door():
    views = [
        getattr(each.callback, "cls", None)
        for each in get_resolver("tracker.api.urls").url_patterns
    ]
    staff_views = [each for each in views if isinstance(each, type) and issubclass(each, StaffView)]
    assert len(staff_views) >= 4
    assert all("dispatch" not in vars(each) for each in staff_views)


def test_a_phone_that_asks_for_what_is_not_theirs_is_recorded(desks):
    phone, other = Client(), a_patient(desks.clinic)
    a_procedure(other)
    foreign = a_check_in(other).check_in.client_id
    a_phone(desks.patient, phone)
    before = last_id()
    assert phone.get(f"/check-in/{foreign}/").status_code == 404
    assert phone.get("/api/v1/alerts/").status_code == 403
    first, second = events_since(before)
    assert first.actor == second.actor == f"patient:{desks.patient.pk}"
    assert first.subject == f"phone-care-card:{foreign}"
    assert {first.outcome, second.outcome} == {"denied"}


def test_signing_in_out_and_failing_to(desks):
    client, email = Client(), desks.nora.user.email
    before = last_id()
    client.post("/accounts/login/", {"login": email, "password": "wrong"})
    client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    client.post("/accounts/logout/")
    told = [(each.action, each.outcome) for each in events_since(before)]
    assert told == [
        ("staff.sign_in.wrong", "denied"),
        ("staff.sign_in", "ok"),
        ("staff.sign_out", "ok"),
    ]


def test_a_wrong_code_of_a_card_is_recorded(desks, now):
    invited = invitations.invite(patient=desks.patient, invited_by=None, now=now)
    locator = invited.code.split("-")[0]
    with pytest.raises(InvitationRefused):
        invitations.sign_in_with_code(code=f"{locator}-222222", label="", now=now)
    event = latest()[0]
    assert (event.actor, event.action, event.outcome) == ("unknown", "session.wrong_code", "denied")
    assert event.patient_id == desks.patient.pk


def test_a_working_day_leaves_no_name_and_no_value(desks):
    """Canaries: whatever is done, the events hold ids and our own words only."""
    Clinic.objects.update(name="Canary Clinic")
    Patient.objects.filter(pk=desks.patient.pk).update(name="Canary Bird", phone="+15555559999")
    for address in addresses(desks).values():
        desks.nurse.get(address)
        desks.stranger.get(address)
        desks.nurse.post(
            address, {"text": "Canary Bird", "note": "Canary note", "reason": "Canary"}
        )
    desks.nurse.get(f"/admin/patients/{uuid.uuid4()}/")
    desks.nurse.get("/admin/Canary/")
    desks.nurse.post(at("attempt", desks.alert.pk), {"note": "Canary note"})
    rows = repr(list(AuditEvent.objects.values_list()))
    assert AuditEvent.objects.count() > 40
    for canary in ("Canary", "5555559999", *CANARIES):
        assert canary not in rows
