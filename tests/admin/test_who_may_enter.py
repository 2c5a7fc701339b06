"""Who gets into the desk, and what a stranger finds there: nothing, and not even a hint."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.admin.people import Desks, at, nobody, text_of, without_tokens
from tests.factories import PASSWORD, a_phone, a_staff, signed_in
from tracker.admin.site import desk
from tracker.models import Membership, User


def every_address(desks: Desks) -> list[str]:
    """Every address of the desk, with ids that exist where ids belong."""
    ids = {
        "alert_id": desks.alert.pk,
        "patient_id": desks.patient.pk,
        "procedure_id": desks.procedure.pk,
        "request_id": nobody(),
        "session_id": nobody(),
        "number": 1,
        "membership_id": 1,
        "task_id": nobody(),
        "key": "ice",
        "name": "load",
        "content_type_id": 1,
        "object_id": 1,
        "url": "whatever",
    }
    patterns = [each for each in desk.get_urls() if isinstance(each, URLPattern)]
    routes = [(each.name, each.pattern.converters) for each in patterns]
    named = [at(name, *(ids[key] for key in keys)) for name, keys in routes if name]
    return [*named, "/admin/whatever/"]


def test_the_list_of_addresses_is_whole(desks):
    assert len(every_address(desks)) >= 17
    assert not any(isinstance(each, URLResolver) for each in desk.get_urls())


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_patients_phone_must_sign_in_as_staff(desks, method):
    phone = Client()
    a_phone(desks.patient, phone)
    for address in every_address(desks):
        response = getattr(phone, method)(address)
        assert response.status_code == 302, address
        assert response.url.startswith(("/accounts/login/?next=/admin/", "/admin/")), address
        if address != "/admin/login/":
            assert response.url.startswith("/accounts/login/"), address


def test_after_signing_in_one_is_where_one_wanted_to_be(desks):
    wanted = at("alert", desks.alert.pk)
    client = Client()
    login = client.get(wanted, follow=True)
    assert "Sign in to the desk" in text_of(login)
    answer = client.post(
        "/accounts/login/",
        {"login": desks.nora.user.email, "password": PASSWORD, "next": wanted},
    )
    assert answer.status_code == 302
    assert answer.url == wanted


def test_a_wrong_password_says_no_more_than_that(desks):
    known = Client().post("/accounts/login/", {"login": desks.nora.user.email, "password": "no"})
    unknown = Client().post("/accounts/login/", {"login": "who@clinic.test", "password": "no"})
    assert "not correct" in text_of(known)
    assert without_tokens(known).replace(desks.nora.user.email.encode(), b"") == (
        without_tokens(unknown).replace(b"who@clinic.test", b"")
    )


def test_signing_in_never_leads_to_another_site(desks):
    answer = Client().post(
        "/accounts/login/",
        {"login": desks.nora.user.email, "password": PASSWORD, "next": "https://evil.test/"},
    )
    assert answer.url == settings.LOGIN_REDIRECT_URL


@pytest.mark.parametrize("path", ["signup/", "email/", "confirm-email/", "password/set/"])
def test_nobody_signs_up(path):
    assert Client().get(f"/accounts/{path}").status_code == 404


def test_signing_out_ends_the_session(desks):
    assert desks.nurse.post("/accounts/logout/").url == "/accounts/login/"
    assert desks.nurse.get("/admin/").status_code == 302


def test_one_may_change_ones_own_password(desks):
    new = "a much longer phrase"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert desks.nurse.get(at("password_change")).url == "/accounts/password/"
    assert desks.nurse.post("/accounts/password/", form).status_code == 302
    assert desks.nurse.get("/admin/").status_code == 200, "still signed in here"
    desks.nora.user.refresh_from_db()
    assert desks.nora.user.check_password(new)


def test_a_user_without_a_clinic_sees_nothing_and_is_told_why():
    user = User.objects.create_user("new@clinic.test", PASSWORD)
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    response = client.get("/admin/")
    assert response.status_code == 403
    assert "you belong to no clinic" in text_of(response)


def test_whoever_leaves_the_clinic_is_out_at_once(desks):
    Membership.objects.filter(user=desks.nora.user).delete()
    assert desks.nurse.get("/admin/").status_code == 403


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("alert", "get"),
        ("acknowledge", "post"),
        ("attempt", "post"),
        ("resolve", "post"),
        ("patient", "get"),
        ("invite", "post"),
        ("procedure-done", "post"),
    ],
)
def test_what_is_not_yours_looks_like_what_never_was(desks, name, method):
    row = {"alert": desks.alert, "patient": desks.patient, "invite": desks.patient}
    owned = row.get(name, desks.procedure if name == "procedure-done" else desks.alert)
    form = {"note": "x", "outcome": "REACHED_ADVISED", "ended_at": "2026-11-20T09:00"}
    foreign = getattr(desks.stranger, method)(at(name, owned.pk), form)
    absent = getattr(desks.nurse, method)(at(name, nobody()), form)
    own_absent = getattr(desks.stranger, method)(at(name, nobody()), form)
    assert foreign.status_code == absent.status_code == 404
    assert without_tokens(foreign) == without_tokens(own_absent)
    assert "Harold Finch" not in foreign.content.decode()


@pytest.mark.parametrize("name", ["acknowledge", "attempt", "resolve", "invite", "procedure-done"])
def test_a_reader_may_look_and_not_act(desks, name):
    owned = {"invite": desks.patient, "procedure-done": desks.procedure}.get(name, desks.alert)
    response = desks.reader.post(at(name, owned.pk), {"note": "x", "outcome": "REACHED_ADVISED"})
    assert response.status_code == 403
    assert "Your role lets you read" in text_of(response)


def test_a_reader_sees_the_queue_without_buttons_that_act(desks):
    page = text_of(desks.reader.get(at("index")))
    assert "Harold Finch" in page
    assert "Acknowledge" not in page
    assert desks.reader.get(at("enrol")).status_code == 403
    assert "/admin/enrol/" not in page


@pytest.mark.parametrize("name", ["acknowledge", "attempt", "resolve"])
def test_looking_at_an_action_changes_nothing(desks, name):
    assert desks.nurse.get(at(name, desks.alert.pk)).status_code == 405
    desks.alert.refresh_from_db()
    assert desks.alert.state == "OPEN"


def test_every_answer_stays_out_of_caches_and_forbids_inline_code(desks):
    for address in ["/admin/", at("alert", desks.alert.pk), at("enrol"), "/accounts/login/"]:
        response = desks.nurse.get(address)
        assert "no-store" in response["Cache-Control"], address
        assert "unsafe-inline" not in response["Content-Security-Policy"], address
        page = response.content.decode()
        assert " style=" not in page, address
        assert "<style" not in page, address


def test_no_script_of_the_desk_may_turn_text_into_markup(desks):
    for name in ("index", "patients", "enrol"):
        policy = desks.nurse.get(at(name))["Content-Security-Policy"]
        assert "require-trusted-types-for 'script'" in policy
        assert "trusted-types 'none'" in policy


def test_the_desk_keeps_one_address_for_signing_in():
    assert get_resolver().resolve("/admin/login/").url_name == "login"
    assert Client().get("/admin/login/", follow=True).redirect_chain[-1][0].startswith("/accounts/")


def test_an_operator_who_is_refused_is_shown_the_way_in(desks):
    operator = signed_in(Client(), a_staff(desks.clinic, role="OPERATOR"))
    for address in (at("patients"), at("patient", desks.patient.pk)):
        refused = operator.get(address)
        assert refused.status_code == 403
        assert f'<a href="{at("break-glass")}">open that record' in text_of(refused)
    assert at("break-glass") not in text_of(desks.reader.get(at("clinic")))
