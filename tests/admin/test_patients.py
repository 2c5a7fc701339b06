"""Find a patient, and see on one page what one must know before calling."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.people import at, nobody, text_of
from tests.conftest import NOW
from tests.factories import a_check_in, a_patient, a_phone, a_procedure
from tracker.admin.words import device_name, spoken
from tracker.models import AuditEvent, Clinic, PushSubscription
from tracker.templatetags.phone import as_dialled


def found(client, text):
    return text_of(client.post(at("patients"), {"text": text}))


def test_patients_are_found_by_name_or_number_and_only_at_home(desks):
    assert "Harold Finch" in found(desks.nurse, "finch")
    assert "Harold Finch" in found(desks.colleague, "(555) 555-0112")
    assert "Harold Finch" not in found(desks.nurse, "Delgado")
    for text in ("finch", "5550112", ""):
        assert "Harold Finch" not in found(desks.stranger, text)


@pytest.mark.parametrize("text", ["%", "_", "Har%", "H_rold", "\\"])
def test_wildcards_mean_themselves(desks, text):
    assert "No patient of this clinic is found" in found(desks.nurse, text)


def test_a_sign_that_no_name_has_is_refused_politely(desks):
    assert desks.nurse.post(at("patients"), {"text": "a\x00b"}).status_code == 200


def test_a_search_leaves_nothing_in_an_address(desks):
    page = found(desks.nurse, "finch")
    assert "?" not in " ".join(part.split('"')[0] for part in page.split('href="')[1:])
    assert "?" not in " ".join(part.split('"')[0] for part in page.split('action="')[1:])


def test_a_page_holds_fifty(desks):
    for number in range(60):
        a_patient(desks.clinic, name=f"Zoe {number:02}")
    first = text_of(desks.nurse.get(at("patients")))
    assert first.count('scope="row"') == 50
    second = text_of(desks.nurse.post(at("patients"), {"text": "Zoe", "page": "2"}))
    assert "Zoe 59" in second
    assert "Page 2 of 2" in second
    assert desks.nurse.post(at("patients"), {"page": "99"}).status_code == 200
    assert desks.nurse.post(at("patients"), {"page": "x"}).status_code == 200


def test_the_page_tells_what_was_done_said_and_raised(desks):
    desks.patient.insulin = True
    desks.patient.save(update_fields=["insulin"])
    a_phone(desks.patient)
    page = text_of(desks.nurse.get(at("patient", desks.patient.pk)))
    assert "Insulin" in page
    assert "Therapeutic: superior cluneal, right" in page
    assert "Done, day 2" in page
    assert "Temperature 38.1 °C; the limit is 38.0 °C." in page
    assert "<dt>Temperature</dt><dd>38.1 °C</dd>" in page
    assert "a phone" in page
    assert "never confirms that it arrived" in page


def test_the_page_says_how_messages_reach_the_patient(desks):
    phone = a_phone(desks.patient)
    PushSubscription.objects.create(
        clinic=desks.clinic,
        patient=desks.patient,
        device_session=phone.session,
        endpoint="https://push.test/1",
        p256dh="k",
        auth="a",
        created_at=NOW,
        seen_at=NOW,
    )
    page = text_of(desks.nurse.get(at("patient", desks.patient.pk)))
    assert "Phone: " in page
    assert "Sat, Nov 21, 10:00 AM" in page


def test_every_look_at_a_patient_is_written_down(desks):
    desks.colleague.get(at("patient", desks.patient.pk))
    desks.reader.get(at("patient", desks.patient.pk))
    desks.stranger.get(at("patient", desks.patient.pk))
    desks.nurse.get(at("patient", nobody()))
    looks = AuditEvent.objects.filter(action="patient.view")
    assert looks.count() == 2
    assert {each.patient_id for each in looks} == {desks.patient.pk}


def test_a_planned_procedure_is_marked_done(desks):
    planned = a_procedure(desks.patient, state="SCHEDULED", ended_at=None)
    assert "Mark done" in text_of(desks.nurse.get(at("patient", desks.patient.pk)))
    form = {"ended_at": "2026-11-21T09:15"}
    answer = desks.nurse.post(at("procedure-done", planned.pk), form, follow=True)
    assert "judged again from this time" in text_of(answer)
    planned.refresh_from_db()
    assert planned.state == "DONE"
    assert planned.ended_at == datetime(2026, 11, 21, 14, 15, tzinfo=UTC)


def test_the_time_may_be_corrected_and_not_lie_ahead(desks):
    late = {"ended_at": "2026-11-21T12:00"}
    answer = desks.nurse.post(at("procedure-done", desks.procedure.pk), late)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "in the future" in page
    assert 'value="2026-11-21T12:00"' in page

    right = {"ended_at": "2026-11-19T08:00"}
    assert desks.nurse.post(at("procedure-done", desks.procedure.pk), right).status_code == 302
    desks.procedure.refresh_from_db()
    assert desks.procedure.ended_at == datetime(2026, 11, 19, 13, 0, tzinfo=UTC)


def test_a_void_procedure_stays_void(desks):
    void = a_procedure(desks.patient, state="VOID", ended_at=None)
    form = {"ended_at": "2026-11-21T09:15"}
    assert desks.nurse.post(at("procedure-done", void.pk), form).status_code == 404
    void.refresh_from_db()
    assert void.state == "VOID"


def test_a_longer_record_costs_no_more_queries(desks):
    a_phone(desks.patient)
    address = at("patient", desks.patient.pk)
    with CaptureQueriesContext(connection) as short:
        desks.nurse.get(address)
    for number in range(6):
        a_check_in(desks.patient, pain={"usual": number})
        a_procedure(desks.patient, hours_ago=2000 + number, state="CLOSED")
        a_phone(desks.patient)
    with CaptureQueriesContext(connection) as long:
        desks.nurse.get(address)
    assert len(long) == len(short) <= 22


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", "iPhone, Safari"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537", "Android, Chrome"),
        ("Mozilla/5.0 (Macintosh) Firefox/133", "Mac, Firefox"),
        ("a phone", "a phone"),
        ("", "A browser without a name"),
    ],
)
def test_phones_have_names_that_people_know(label, name):
    assert device_name(label) == name


def test_a_number_that_begins_with_another_is_read_out_whole():
    short, long = "+13035550100", "+130355501002"
    clinic = Clinic(phone=short, after_hours_phone=long)
    told = f"Call {as_dialled(short)}, at night {as_dialled(long)}."
    assert spoken(f"Call {short}, at night {long}.", clinic) == told
