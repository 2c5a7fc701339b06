"""What a manager is shown about who opened what, and the way in for whoever has no patients."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tests.factories import a_patient, a_phone, a_procedure, a_staff, signed_in
from tests.pages.reading import read
from tracker.models import AuditEvent, BreakGlass
from tracker.services import access_report, viewing
from tracker.services.access_report import Opened

SATURDAY, MONDAY = NOW, datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def report(desks, now=NOW, days=7) -> dict[str, Opened]:
    manager = a_staff(desks.clinic, role="MANAGER", name="Mia Bly")
    people = access_report.access_report(staff=manager, days=days, now=now).people
    return {each.name: each for each in people}


def opens_alert(staff, alert, now=NOW):
    viewing.view_alert(staff=staff, alert_id=alert.pk, now=now)


def opens(client, patients):
    for each in patients:
        assert client.get(at("patient", each.pk)).status_code == 200


def test_whoever_opens_many_more_than_colleagues_is_unusual(desks):
    patients = [a_patient(desks.clinic) for _ in range(12)]
    opens(desks.nurse, [*patients, patients[0]])
    opens(desks.colleague, patients[:5])
    opens(desks.reader, patients[:4])
    people = report(desks)
    nora = people["Nora Park"]
    assert (len(nora.patients), nora.usual, nora.is_unusual) == (12, 4.5, True)
    assert not people["Ben Ito"].is_unusual
    assert next(iter(people)) == "Nora Park", "the most first"


@pytest.mark.parametrize(
    ("mine", "usual", "unusual"), [(9, 1, False), (10, 5, False), (10, 4.5, True), (30, 15, False)]
)
def test_what_is_unusual(mine, usual, unusual):
    patients = set(range(mine))
    assert Opened("", "", patients=patients, usual=usual).is_unusual is unusual


def test_a_patient_with_an_open_alert_is_work(desks):
    quiet = a_patient(desks.clinic)
    opens(desks.nurse, [desks.patient, quiet])
    nora = report(desks)["Nora Park"]
    assert nora.without_work == {quiet.pk}


@pytest.mark.parametrize(("now", "closed"), [(SATURDAY, 1), (MONDAY, 0)])
def test_whether_anybody_was_there(desks, now, closed):
    desks.clinic.opening_hours = {"mon": [["08:00", "17:00"]]}
    desks.clinic.save()
    opens_alert(desks.nora, desks.alert, now)
    assert report(desks, now + timedelta(minutes=1))["Nora Park"].while_closed == closed


def test_it_counts_refusals_and_forgets_what_is_older_than_the_period(desks):
    desks.reader.post(at("acknowledge", desks.alert.pk))
    opens_alert(desks.nora, desks.alert)
    assert report(desks)["Rae Lind"].refused == 1
    later = report(desks, NOW + timedelta(days=8))
    assert (len(later["Nora Park"].patients), later["Rae Lind"].refused) == (0, 0)


def test_the_page_is_the_managers(desks):
    manager = signed_in(Client(), a_staff(desks.clinic, role="MANAGER"))
    opens(desks.nurse, [desks.patient])
    page = text_of(manager.get(at("access-report")))
    assert "Nora Park" in page
    assert "a question to ask, not an answer" in page
    assert "Sam Stone" not in page, "another clinic's people"
    assert desks.nurse.get(at("access-report")).status_code == 403
    assert manager.get(at("access-report") + "?days=nonsense").status_code == 200


# --- break-glass ------------------------------------------------------------------------------


@pytest.fixture
def otto(desks):
    return a_staff(desks.clinic, role="OPERATOR", name="Otto Grau")


@pytest.fixture
def operator(otto):
    return signed_in(Client(), otto)


def test_an_operator_opens_one_record_for_an_hour_and_says_why(desks, otto, operator):
    page = at("patient", desks.patient.pk)
    assert operator.get(page).status_code == 403
    why = {"phone": desks.patient.phone, "reason": "Their phone cannot sign in"}
    assert operator.post(at("break-glass"), why).url == page
    assert "Harold Finch" in text_of(operator.get(page))
    assert operator.get(at("alert", desks.alert.pk)).status_code == 403, "that page alone"
    assert operator.post(page).status_code in (403, 405)
    other = a_patient(desks.clinic, phone="+15555550177")
    assert operator.get(at("patient", other.pk)).status_code == 403

    actions = list(AuditEvent.objects.filter(patient_id=desks.patient.pk).values_list("action"))
    assert ("break_glass.open",) in actions
    assert ("patient.view",) in actions

    manager = signed_in(Client(), a_staff(desks.clinic, role="MANAGER"))
    told = text_of(manager.get(at("access-report")))
    assert "Otto Grau" in told
    assert "Their phone cannot sign in" in told

    phone = Client()
    a_phone(desks.patient, phone)
    words = read(phone.get("/my-data/who-looked/")).words
    assert "Otto Grau (technician) Opened your record for one hour, and had to say why" in words

    with time_machine.travel(NOW + timedelta(minutes=61), tick=False):
        assert signed_in(Client(), otto).get(page).status_code == 403


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_opens(desks, operator, reason):
    wrong = {"phone": desks.patient.phone, "reason": reason}
    assert operator.post(at("break-glass"), wrong).status_code == 400
    assert not BreakGlass.objects.exists()
    assert operator.get(at("patient", desks.patient.pk)).status_code == 403


def test_another_clinics_patient_is_not_there_and_nurses_need_no_such_way(desks):
    stranger = signed_in(Client(), a_staff(role="OPERATOR"))
    a_procedure(desks.patient)
    why = {"phone": desks.patient.phone, "reason": "Curious"}
    assert stranger.post(at("break-glass"), why).status_code == 404
    assert desks.nurse.post(at("break-glass"), why).status_code == 403
    assert not BreakGlass.objects.exists()
