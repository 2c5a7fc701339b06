"""One table says who may do what: it is whole, it fails closed, and the document says the same."""

from __future__ import annotations

import pytest
from django.urls import URLPattern, get_resolver
from rest_framework.test import APIRequestFactory

from tests.factories import a_staff
from tracker import policy
from tracker.admin.site import desk
from tracker.api.principals import IsStaff, StaffView
from tracker.management.commands import permissions
from tracker.models.clinic import Role
from tracker.policy import ALLOWED, DESK, Action

ROWS = {  # reader, nurse, clinician, manager, operator
    Action.ACCOUNT_OWN: "rncmo",
    Action.QUEUE_SEE: "rncm",
    Action.ALERT_WORK: "ncm",
    Action.PATIENT_SEE: "rncm",
    Action.PATIENT_ENROL: "ncm",
    Action.PATIENT_CHANGE: "ncm",
    Action.PATIENT_EXPORT: "cm",
    Action.PATIENT_ERASE: "m",
    Action.PROCEDURE_MARK: "ncm",
    Action.PROTOCOL_SEE: "rncm",
    Action.PROTOCOL_PROPOSE: "ncm",
    Action.PROTOCOL_DECIDE: "c",
    Action.STAFF_MANAGE: "m",
    Action.CLINIC_SET: "m",
    Action.REPORT_SEE: "rncm",
    Action.AUDIT_SEE: "m",
    Action.BREAK_GLASS: "o",
    Action.OPERATIONS_SEE: "mo",
}
PATIENT_DATA = set(Action) - {Action.ACCOUNT_OWN, Action.OPERATIONS_SEE, Action.BREAK_GLASS}
# Stock pages that nobody may open.
CLOSED = {"autocomplete", "view_on_site"}


@pytest.mark.parametrize("action", Action, ids=lambda each: each.name)
@pytest.mark.parametrize("role", Role)
def test_the_table(role, action):
    assert policy.may(role, action) is (role.value[0].lower() in ROWS[action])


def test_every_action_has_a_row():
    assert set(ALLOWED) == set(Action)


@pytest.mark.parametrize(
    ("role", "action"),
    [("NURSE", None), ("", Action.QUEUE_SEE), ("JANITOR", Action.QUEUE_SEE), ("NURSE", "unknown")],
)
def test_what_nobody_knows_is_refused(role, action):
    assert policy.may(role, action) is False


def test_an_operator_sees_no_patient():
    assert not any(policy.may(Role.OPERATOR, action) for action in PATIENT_DATA)


def named(patterns) -> set[str]:
    return {each.name for each in patterns if isinstance(each, URLPattern) and each.name}


def test_every_address_of_the_desk_has_its_action():
    assert named(desk.get_urls()) - CLOSED == set(DESK)


@pytest.mark.django_db
def test_an_address_without_an_action_is_closed(client, monkeypatch):
    staff = a_staff(role="MANAGER")
    client.force_login(staff.user)
    session = client.session
    session["second_factor_of"] = str(staff.user.pk)
    session.save()
    assert client.get("/admin/patients/").status_code == 200
    known = {name: action for name, action in DESK.items() if name != "patients"}
    monkeypatch.setattr(policy, "DESK", known)
    assert client.get("/admin/patients/").status_code == 403


def api_views() -> list[type]:
    patterns = get_resolver("tracker.api.urls").url_patterns
    views = [getattr(each.callback, "cls", None) for each in patterns]
    return [each for each in views if isinstance(each, type) and issubclass(each, StaffView)]


def test_every_call_of_staff_names_its_action():
    assert len(api_views()) >= 4
    for view in api_views():
        offered = {
            each for each in ("get", "post", "put", "patch", "delete") if hasattr(view, each)
        }
        assert offered == {each.lower() for each in view.actions}, view
        assert all(isinstance(each, Action) for each in view.actions.values())


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "allowed"), [("GET", True), ("HEAD", True), ("POST", False)])
def test_a_method_without_an_action_is_refused(method, allowed):
    class Shown(StaffView):
        actions = {"GET": Action.QUEUE_SEE}

    request = APIRequestFactory().generic(method, "/")
    request.user = a_staff()
    assert IsStaff().has_permission(request, Shown()) is allowed


def test_the_page_of_permissions_is_what_the_table_says():
    assert permissions.PAGE.read_text() == permissions.page(), "run manage.py permissions"


@pytest.mark.django_db
def test_an_operator_lands_on_their_account(client):
    staff = a_staff(role="OPERATOR")
    client.force_login(staff.user)
    session = client.session
    session["second_factor_of"] = str(staff.user.pk)
    session.save()
    assert client.get("/admin/").url == "/accounts/2fa/"
    assert "Patients" not in client.get("/admin/patients/").content.decode()
    assert client.get("/api/v1/alerts/").status_code == 403
