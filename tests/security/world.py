"""Two clinics in which everything was done once, and whoever knocks at their doors.

Each text that somebody gave is a word that stands nowhere else, so that an answer which shows it
shows whose it is.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.test import Client

from tests.conftest import NOW
from tests.factories import (
    a_check_in,
    a_clinic,
    a_patient,
    a_phone,
    a_procedure,
    a_protocol,
    a_staff,
    fever,
    signed_in,
)
from tracker.access import Phone, Staff
from tracker.models import Alert, Caregiver, Clinic, Membership, Patient, PushSubscription, Task
from tracker.models.callback_request import CallWindow
from tracker.models.therapy import TherapyKind
from tracker.services import (
    alerts,
    callback_requests,
    caregivers,
    ice_sessions,
    invitations,
    messages,
    patients,
    staff,
    therapies,
)

WORD = re.compile(r"[\w.-]*zq[a-z]+zq[\w.@-]*", re.IGNORECASE)
"""Any word that was planted, whoever's."""


@dataclass(slots=True)
class Target:
    """A patient and what belongs to them: whose ids stand in an address."""

    whose: str
    patient: Patient
    phone: Phone
    ids: dict[str, object]
    word: str


@dataclass(slots=True)
class Principal:
    """Somebody who asks: at home in one clinic, as a phone of one patient or as staff."""

    name: str
    home: str = ""
    role: str = ""
    patient: str = ""
    caregiver: Caregiver | None = None
    cookies: dict[str, str] = field(default_factory=dict)

    def client(self) -> Client:
        client = Client(REMOTE_ADDR="203.0.113.9", raise_request_exception=False)
        for name, value in self.cookies.items():
            client.cookies[name] = value
        return client


@dataclass(slots=True)
class World:
    targets: dict[str, Target]
    principals: dict[str, Principal]
    staff: dict[str, Staff]

    def foreign_words(self, who: Principal) -> list[str]:
        """What must be in no answer to them: a clinic's word begins each of its patients'."""
        clinics = [f"zq{each}zq" for each in ("here", "elsewhere") if each != who.home]
        if who.role and who.role != "OPERATOR":
            return clinics
        others = [each for each in self.targets.values() if each.whose != (who.patient or None)]
        return [*clinics, *(each.word for each in others)]


def a_world() -> World:
    with connection.cursor() as cursor:  # a busy machine may pause for longer between two requests
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    here, elsewhere = _clinic("here"), _clinic("elsewhere")
    nurse, stranger = _staff(here, "here", "NURSE", 1), _staff(elsewhere, "elsewhere", "NURSE", 1)
    targets = {
        "here": _lived_in(here, nurse, "here", "here"),
        "neighbour": _lived_in(here, nurse, "here", "neighbour"),
        "elsewhere": _lived_in(elsewhere, stranger, "elsewhere", "elsewhere"),
    }
    known = {"NURSE": nurse, "FOREIGN NURSE": stranger}
    for each in ("READER", "CLINICIAN", "MANAGER", "OPERATOR"):
        known[each] = _staff(here, "here", each)
    known["FOREIGN MANAGER"] = _staff(elsewhere, "elsewhere", "MANAGER")
    known["GONE"] = _staff(here, "here", "NURSE", name="gone")
    return World(targets, _principals(targets, known), known)


NAMES = (
    "nobody", "patient", "caregiver who reads", "caregiver who logs", "signed-out phone",
    "neighbour", "foreign patient", "reader", "nurse", "clinician", "manager", "operator",
    "foreign nurse", "foreign manager", "deactivated",
)  # fmt: skip


def _principals(targets: dict[str, Target], known: dict[str, Staff]) -> dict[str, Principal]:
    patient = targets["here"]
    readers = _caregiver(patient, "caregiver who reads", may_log=False)
    loggers = _caregiver(patient, "caregiver who logs", may_log=True)
    found = [
        Principal("nobody"),
        _of_phone("patient", "here", "here", patient.patient),
        readers,
        loggers,
        _of_phone("signed-out phone", "", "", patient.patient, ended=True),
        _of_phone("neighbour", "here", "neighbour", targets["neighbour"].patient),
        _of_phone("foreign patient", "elsewhere", "elsewhere", targets["elsewhere"].patient),
        *(_of_staff(each.lower(), known[each]) for each in
          ("READER", "NURSE", "CLINICIAN", "MANAGER", "OPERATOR")),
        _of_staff("foreign nurse", known["FOREIGN NURSE"], "elsewhere"),
        _of_staff("foreign manager", known["FOREIGN MANAGER"], "elsewhere"),
        _of_staff("deactivated", known["GONE"], ""),
    ]  # fmt: skip
    gone = Membership.objects.get(user=known["GONE"].user)
    staff.deactivate(staff=known["MANAGER"], membership_id=gone.pk, now=NOW)
    found[-1].role = ""
    assert tuple(each.name for each in found) == NAMES
    return {each.name: each for each in found}


def _of_phone(name: str, home: str, patient: str, of: Patient, *, ended: bool = False) -> Principal:
    client = Client()
    phone = a_phone(of, client)
    if ended:
        invitations.sign_out(phone=phone, now=NOW)
    cookie = client.cookies[settings.PHONE_COOKIE].value
    return Principal(name, home, "", patient, cookies={settings.PHONE_COOKIE: cookie})


def _caregiver(target: Target, name: str, *, may_log: bool) -> Principal:
    added = caregivers.add(
        phone=target.phone, name=f"{target.word}helper", may_log=may_log, now=NOW
    )
    token = added.invited.join_url.partition("#")[2]
    found = invitations.sign_in_with_token(token=token, label="a phone", now=NOW)
    cookies = {settings.PHONE_COOKIE: found.token}
    return Principal(name, target.whose, "", target.whose, added.caregiver, cookies)


def _of_staff(name: str, who: Staff, home: str = "here") -> Principal:
    client = signed_in(Client(), who)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
    return Principal(name, home, who.membership.role, cookies=cookies)


def _clinic(whose: str) -> Clinic:
    word = f"zq{whose}zq"
    return a_clinic(name=f"{word}clinic", hours=f"{word}hours", after_hours_text=f"{word}late",
                    sms_sender=f"{word}sms")  # fmt: skip


def _staff(
    clinic: Clinic, whose: str, role: str, order: int | None = None, name: str = ""
) -> Staff:
    word = f"zq{whose}zq{name or role.lower()}"
    return a_staff(clinic, role, order, email=f"{word}@clinic.test", name=word)


def _lived_in(clinic: Clinic, nurse: Staff, home: str, whose: str) -> Target:
    """A patient of whom everything is known, by the services that their people use."""
    word = f"zq{home}zq{whose}zq"
    patient = a_patient(
        clinic, name=f"{word}name", email=f"{word}@home.test", address=f"{word}street",
        phone="+15555557" + {"here": "001", "neighbour": "002", "elsewhere": "003"}[whose],
    )  # fmt: skip
    procedure, phone, client_id = a_procedure(patient), a_phone(patient), uuid.uuid4()
    told = {"other": {"text": f"{word}told", "urgency": "today"}, **fever("39.2")}
    a_check_in(patient, client_id=client_id, **told)
    alert = Alert.objects.filter(patient=patient).first()
    assert alert is not None
    alerts.attempt(staff=nurse, alert_id=alert.pk, note=f"{word}attempt", again_at=None, now=NOW)
    patients.write_note(staff=nurse, patient_id=patient.pk, text=f"{word}note", now=NOW)
    asked = callback_requests.ask(
        phone=phone, client_id=client_id, window=CallWindow.ANY, about=f"{word}about", now=NOW
    ).request
    sent = messages.send(staff=nurse, patient_id=patient.pk, template="please_call", now=NOW)
    therapies.log(phone=phone, client_id=client_id, kind=TherapyKind.WALK, minutes=9,
                  done_at=NOW - timedelta(hours=1), now=NOW)  # fmt: skip
    ice_sessions.start_ice(patient=patient, client_id=client_id, started_at=NOW, now=NOW)
    helper = caregivers.add(phone=phone, name=f"{word}helper", may_log=True, now=NOW).caregiver
    PushSubscription.objects.create(
        clinic=clinic, patient=patient, device_session=phone.session, created_at=NOW,
        endpoint=f"https://127.0.0.1:9/{word}", p256dh=f"{word}key", auth=f"{word}auth",
    )  # fmt: skip
    task = Task.objects.create(clinic=clinic, patient=patient, procedure=procedure,
                               kind="NO_RELIEF", opened_at=NOW, note=f"{word}task")  # fmt: skip
    if whose != "neighbour":
        a_protocol(clinic, by=nurse, fever={"Cel": "38.5", "[degF]": "101.3"})
    ids: dict[str, object] = {
        "patient_id": patient.pk, "procedure_id": procedure.pk, "alert_id": alert.pk,
        "client_id": client_id, "check_in_id": client_id, "request_id": asked.pk,
        "session_id": phone.session.pk, "message_id": sent.pk, "caregiver_id": helper.pk,
        "task_id": task.pk, "membership_id": nurse.membership.pk,
    }  # fmt: skip
    return Target(whose, patient, phone, ids, word)
