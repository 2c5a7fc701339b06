"""Every page of the desk, who opens it, and what they do there before it is looked at."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.factories import (
    a_check_in,
    a_clinic,
    a_patient,
    a_phone,
    a_procedure,
    a_protocol,
    a_staff,
    fever,
)
from tracker import clock
from tracker.access import Staff
from tracker.models import Patient, Task
from tracker.models.callback_request import CallWindow
from tracker.models.clinic import Role
from tracker.services import alerts, callback_requests, caregivers, messages, patients

PAGES: dict[str, tuple[str, str]] = {
    "admin/": ("NURSE", "/admin/"),
    "admin/alerts/<uuid:alert_id>/": ("NURSE", "/admin/alerts/{alert_id}/"),
    "admin/patients/": ("NURSE", "/admin/patients/"),
    "admin/patients/<uuid:patient_id>/": ("NURSE", "/admin/patients/{patient_id}/"),
    "admin/patients/<uuid:patient_id>/change/": ("NURSE", "/admin/patients/{patient_id}/change/"),
    "admin/patients/<uuid:patient_id>/check-in/": (
        "NURSE",
        "/admin/patients/{patient_id}/check-in/",
    ),
    "admin/patients/<uuid:patient_id>/procedures/": (
        "NURSE",
        "/admin/patients/{patient_id}/procedures/",
    ),
    "admin/patients/<uuid:patient_id>/erase/": ("MANAGER", "/admin/patients/{patient_id}/erase/"),
    "admin/procedures/<uuid:procedure_id>/": ("NURSE", "/admin/procedures/{procedure_id}/"),
    "admin/procedures/<uuid:procedure_id>/own/": (
        "CLINICIAN",
        "/admin/procedures/{procedure_id}/own/",
    ),
    "admin/enrol/": ("NURSE", "/admin/enrol/"),
    "admin/protocols/": ("CLINICIAN", "/admin/protocols/"),
    "admin/protocols/new/": ("NURSE", "/admin/protocols/new/"),
    "admin/protocols/<int:number>/": ("CLINICIAN", "/admin/protocols/2/"),
    "admin/cards/": ("CLINICIAN", "/admin/cards/"),
    "admin/reports/": ("MANAGER", "/admin/reports/"),
    "admin/staff/": ("MANAGER", "/admin/staff/"),
    "admin/clinic/": ("MANAGER", "/admin/clinic/"),
    "admin/cover/": ("MANAGER", "/admin/cover/"),
    "admin/access-report/": ("MANAGER", "/admin/access-report/"),
    "admin/break-glass/": ("OPERATOR", "/admin/break-glass/"),
    "admin/password_change/done/": ("NURSE", "/admin/password_change/done/"),
    "accounts/password/": ("NURSE", "/accounts/password/"),
    "accounts/logout/": ("NURSE", "/accounts/logout/"),
    "accounts/reauthenticate/": ("NURSE", "/accounts/reauthenticate/"),
    "accounts/2fa/": ("MANAGER", "/accounts/2fa/"),
    "accounts/2fa/totp/activate/": ("MANAGER", "/accounts/2fa/totp/activate/"),
    "accounts/2fa/webauthn/": ("MANAGER", "/accounts/2fa/webauthn/"),
    "accounts/2fa/webauthn/add/": ("MANAGER", "/accounts/2fa/webauthn/add/"),
    "accounts/2fa/recovery-codes/generate/": ("MANAGER", "/accounts/2fa/recovery-codes/generate/"),
    "accounts/clinic/": ("CLINICIAN", "/accounts/clinic/"),
    "accounts/login/": ("nobody", "/accounts/login/"),
    "accounts/password/reset/": ("nobody", "/accounts/password/reset/"),
    "accounts/password/reset/done/": ("nobody", "/accounts/password/reset/done/"),
    "accounts/inactive/": ("nobody", "/accounts/inactive/"),
    "accounts/welcome/": ("nobody", "/accounts/welcome/"),
}
"""By route; a test finds each page of the product that is not here."""

HAROLDS = "+15555550198"
Does = Callable[[Page], None]


def press(name: str) -> Does:
    """Press the first button of this name, and wait for what it brings."""

    def do(page: Page) -> None:
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).first.click()

    return do


def _keys(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def _resolve_panel(page: Page) -> None:
    page.locator("#queue details.resolve summary").first.click()


def _search(page: Page) -> None:
    page.get_by_role("searchbox").first.fill("Harold")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Harold Finch").first.wait_for()


def _ask(page: Page) -> None:
    page.get_by_label("Usual pain").fill("10")
    page.locator("[name=temperature]").fill("106.9")
    press("Record, and show what to say")(page)


def _refused_call(page: Page) -> None:
    page.get_by_label("Usual pain").fill("11")
    press("Record, and show what to say")(page)


def _nameless(button: str) -> Does:
    def do(page: Page) -> None:
        page.locator("main form [name=name]").first.fill("")
        press(button)(page)

    return do


def _out_of_bounds(page: Page) -> None:
    page.locator("[name=fever_celsius]").fill("49")
    page.get_by_role("button", name="Submit").first.click()
    page.get_by_text("is not allowed").first.wait_for()


def _try(page: Page) -> None:
    page.locator("[name=fever_celsius]").fill("38.5")
    page.locator("[name=fever_fahrenheit]").fill("101.3")
    page.locator("button[value=try]").click()
    page.locator("#tried").wait_for()


def _refused_task(page: Page) -> None:
    form = page.locator("form[action*='/tasks/']").first
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    page.get_by_label("What was done").wait_for()


def _link(page: Page) -> None:
    page.locator("[name=name]").first.fill("Kim Lee")
    page.locator("[name=email]").first.fill("kim@clinic.test")
    press("Make a link")(page)


def _wrong_number(page: Page) -> None:
    page.locator("[name=phone]").fill("no number")
    page.locator("[name=reason]").fill("asked by the clinic")
    press("Open this record")(page)


def _opened(page: Page) -> None:
    page.locator("[name=phone]").fill(HAROLDS)
    page.locator("[name=reason]").fill("asked by the clinic")
    press("Open this record")(page)
    page.get_by_role("heading", name="Harold Finch").wait_for()


def _wrong_password(page: Page) -> None:
    page.get_by_label("Email").fill("nobody@clinic.test")
    page.get_by_label("Password").fill("not it")
    press("Sign in")(page)


def _dead_link(page: Page) -> None:
    page.get_by_label("Key of your link").fill("no such key")
    page.get_by_label("New password").fill("four words that nobody knows")
    page.get_by_label("The same again").fill("four words that nobody knows")
    press("Go on")(page)


def _bad_hours(page: Page) -> None:
    page.locator("[name=mon]").fill("whenever")
    press("Save")(page)


STATES: dict[str, tuple[str, str, Does]] = {
    "the list of keys": ("NURSE", "/admin/", _keys),
    "a row that is resolved": ("NURSE", "/admin/", _resolve_panel),
    "a task without a note": ("NURSE", "/admin/", _refused_task),
    "patients that were found": ("NURSE", "/admin/patients/", _search),
    "an enrolment refused": ("NURSE", "/admin/enrol/", press("Enrol and show the card")),
    "the card": ("NURSE", "/admin/patients/{patient_id}/", press("New code for a phone")),
    "a note refused": ("NURSE", "/admin/patients/{patient_id}/", press("Keep the note")),
    "all of a course": ("NURSE", "/admin/patients/{patient_id}/?span=all", lambda page: None),
    "what was heard": ("NURSE", "/admin/patients/{patient_id}/check-in/", _ask),
    "a call refused": ("NURSE", "/admin/patients/{patient_id}/check-in/", _refused_call),
    "data refused": ("NURSE", "/admin/patients/{patient_id}/change/", _nameless("Save")),
    "no outcome": (
        "NURSE",
        "/admin/alerts/{alert_id}/",
        press("Resolve with this outcome"),
    ),
    "an alert taken": ("NURSE", "/admin/alerts/{taken_id}/", lambda page: None),
    "an alert closed": ("NURSE", "/admin/alerts/{closed_id}/", lambda page: None),
    "a procedure that is planned": (
        "NURSE",
        "/admin/patients/{planned_id}/",
        lambda page: None,
    ),
    "numbers refused": ("NURSE", "/admin/protocols/new/", _out_of_bounds),
    "numbers tried": ("NURSE", "/admin/protocols/new/", _try),
    "a version tried": ("CLINICIAN", "/admin/protocols/2/?try=1", lambda page: None),
    "own numbers without a reason": (
        "CLINICIAN",
        "/admin/procedures/{procedure_id}/own/",
        press("Judge this patient by these numbers"),
    ),
    "a clinic refused": ("MANAGER", "/admin/clinic/", _nameless("Save")),
    "hours refused": ("MANAGER", "/admin/cover/", _bad_hours),
    "nobody invited": ("MANAGER", "/admin/staff/", press("Make a link")),
    "a link for a colleague": ("MANAGER", "/admin/staff/", _link),
    "an erasure not meant": (
        "MANAGER",
        "/admin/patients/{patient_id}/erase/",
        press("Erase for good"),
    ),
    "a number nobody has": ("OPERATOR", "/admin/break-glass/", _wrong_number),
    "a record opened": ("OPERATOR", "/admin/break-glass/", _opened),
    "nothing here": ("NURSE", "/admin/nothing/", lambda page: None),
    "not for this role": ("NURSE", "/admin/staff/", lambda page: None),
    "signing in refused": ("nobody", "/accounts/login/", _wrong_password),
    "a link refused": ("nobody", "/accounts/welcome/", _dead_link),
}
"""What no address shows by itself."""


@dataclass(slots=True)
class Lived:
    """A clinic in which everything has happened once."""

    patient: Patient
    staff: dict[str, Staff]
    ids: dict[str, object]


def a_lived_clinic() -> Lived:
    now = clock.now()
    clinic = a_clinic(name="Lake Clinic")
    staff = {
        role: a_staff(clinic, role, 1 if role == "NURSE" else None, name=name)
        for role, name in (("NURSE", "Nora Park"), ("CLINICIAN", "Dr. Ada Cole"),
                           ("MANAGER", "Mia Stone"), ("OPERATOR", "Ola Reed"))
    }  # fmt: skip
    nurse = staff["NURSE"]
    patient = a_patient(
        clinic,
        name="Harold Finch",
        phone=HAROLDS,
        email="harold@home.test",
        diabetes=True,
        allergies="latex",
        address="12 Lake Street",
        emergency_contact="June Finch",
        emergency_contact_phone="+15555550177",
    )
    procedure = a_procedure(patient, now=now)
    phone = a_phone(patient, now=now)
    a_check_in(patient, now=now, symptoms={"chest_pain": True}, pain={"usual": 9, "site": 3})
    ids = {"patient_id": patient.pk, "procedure_id": procedure.pk}
    ids["alert_id"] = patient.alerts.first().pk
    for name, of in (("Mai Tran", "taken_id"), ("Ben Ito", "closed_id")):
        ids[of] = a_check_in(_treated(clinic, name), now=now, **fever("38.4")).events[0].alert.pk
        alerts.acknowledge(staff=nurse, alert_id=ids[of], now=now)
    alerts.resolve(
        staff=nurse, alert_id=ids["closed_id"], outcome="NO_ACTION", note="A cold.", now=now
    )
    planned = a_patient(clinic, name="Ana Ruiz", language="es")
    a_procedure(planned, now=now, state="SCHEDULED", ended_at=None, scheduled_at=now)
    ids["planned_id"] = planned.pk
    a_check_in(_treated(clinic, "Kofi Mensah"), now=now, **fever("37.9"))
    asked = callback_requests.ask(
        phone=phone, client_id=uuid.uuid4(), window=CallWindow.ANY, about="Sleep", now=now
    ).request
    Task.objects.create(
        clinic=clinic, patient=patient, procedure=procedure, kind="NO_RELIEF", opened_at=now
    )
    caregivers.add(phone=phone, name="June Finch", may_log=True, now=now)
    messages.send(staff=nurse, patient_id=patient.pk, template="please_call", now=now)
    patients.write_note(staff=nurse, patient_id=patient.pk, text="Hard of hearing.", now=now)
    a_protocol(clinic, by=nurse, fever={"Cel": "38.5", "[degF]": "101.3"})
    ids["request_id"] = asked.pk
    assert {Role(role) for role in staff} <= set(Role)
    return Lived(patient, staff, ids)


def _treated(clinic, name: str) -> Patient:
    patient = a_patient(clinic, name=name, email=f"{name[:3]}@home.test")
    a_procedure(patient, now=clock.now())
    return patient
