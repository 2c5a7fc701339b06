"""One time axis: what was said, measured, raised, sent and done, drawn and as a table."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.people import at, text_of
from tests.conftest import NOW
from tests.factories import a_check_in, a_staff, approved, fever
from tracker.models import CheckIn
from tracker.models.alert import Outcome
from tracker.services import alerts, ice_sessions, messages, patient_record, patients, protocols

QUERIES = 22
"""Eight of them open the door: session, person, second factor, clinic, and a savepoint."""


@pytest.fixture
def page(desks):
    def page(span="14"):
        return text_of(desks.nurse.get(at("patient", desks.patient.pk), {"span": span}))

    return page


def svg_of(page):
    return re.search(r'<svg class="course" .*?</svg>', page)[0]


def rows_of(page):
    return re.search(r"<tbody>(<tr><th scope='row'>.*?)</tbody>", page)[1].split("</tr>")


def ago(hours):
    return NOW - timedelta(hours=hours)


def test_both_pains_are_lines_of_their_own_and_the_usual_pain_stands_beside(desks, page):
    for hours in (20, 10, 1):
        a_check_in(desks.patient, observed_at=ago(hours), pain={"usual": 5, "site": 2})
    svg = svg_of(page())
    assert svg.count('<circle class="usual-pain"') == 3
    assert svg.count('<circle class="site-pain"') == 3
    assert ">usual 6<" in svg
    assert ">severe 8<" in svg


def test_the_limits_are_those_that_judge_this_patient(desks, page):
    assert ">fever 100.4 °F<" in svg_of(page())
    doctor = a_staff(desks.clinic, role="CLINICIAN")
    protocols.override(
        staff=doctor, procedure_id=desks.procedure.pk, reason="On prednisone.", now=NOW,
        numbers={"fever": {"Cel": "37.8", "[degF]": "100.0"}, "severe": 7},
    )  # fmt: skip
    svg = svg_of(page())
    assert ">fever 100 °F<" in svg
    assert ">severe 7<" in svg
    assert "of this patient's own" in page()


def test_silence_is_a_gap_and_not_a_line(desks, page):
    for hours in (50, 49, 0):
        a_check_in(desks.patient, observed_at=ago(hours), pain={"usual": 5})
    strokes = re.search(r'class="line usual-pain" d="([^"]+)"', svg_of(page()))[1]
    assert (strokes.count("M"), strokes.count("L")) == (2, 1)


def test_a_number_in_question_is_hollow_and_said_to_be_unused(desks, page):
    a_check_in(desks.patient, temperature={"value": "39", "unit": "[degF]"})
    answer = page()
    assert '<circle class="temperature unused"' in svg_of(answer)
    words = "Not used: temperature, because the question about it was not answered."
    assert words in answer
    assert any(words in row for row in rows_of(answer))


def test_what_a_correction_replaced_is_hollow_too(desks, page):
    first = a_check_in(desks.patient, observed_at=ago(2), pain={"usual": 9}).check_in
    a_check_in(desks.patient, observed_at=ago(2), pain={"usual": 3}, corrects=str(first.client_id))
    answer = page()
    assert '<circle class="usual-pain unused"' in svg_of(answer)
    assert "Not used: replaced by a correction." in answer


def test_ice_reminders_messages_and_staff_have_rows_of_their_own(desks, page):
    key = UUID("00000000-0000-4000-8000-00000000000a")
    ice_sessions.start_ice(patient=desks.patient, client_id=key, started_at=NOW, now=NOW)
    alerts.acknowledge(staff=desks.nora, alert_id=desks.alert.pk, now=NOW)
    answer = page()
    svg = svg_of(answer)
    assert '<rect class="ice"' in svg
    assert '<path class="alert call_today"' in svg
    assert '<path class="delivery pending"' in svg
    assert '<path class="staff"' in svg
    table = "".join(rows_of(answer))
    assert "Ice on for 20 min" in table
    assert "Fever: acknowledged" in table
    assert "Nora Park" in table


def test_why_an_alert_fired_is_said_with_rule_source_and_version(page):
    assert (
        "Temperature 38.1 °C; the limit is 38.0 °C. Rule FV-FEVER of rule set 1,"
        " protocol version 1; source:"
    ) in page()


def test_what_the_patient_was_told_is_what_was_stored_then(desks, page):
    assert "Call the clinic today" in page()
    approved(desks.clinic, fever={"Cel": "38.5", "[degF]": "101.3"})
    doctor = a_staff(desks.clinic, role="CLINICIAN")
    protocols.move_procedure(staff=doctor, procedure_id=desks.procedure.pk, number=2, now=NOW)
    record = patient_record.view_patient(staff=desks.nora, patient_id=desks.patient.pk, now=NOW)
    told = record.told[desks.alert.check_in_id]
    assert told.tier == "call_today", "later numbers do not change what was said"


def test_a_resolved_alert_gives_a_note_for_the_chart(desks, page):
    alerts.resolve(
        staff=desks.nora, alert_id=desks.alert.pk, outcome=Outcome.REACHED_ADVISED,
        note="Will measure <again> tonight.", now=NOW,
    )  # fmt: skip
    note = re.search(r"<pre [^>]*>(.*?)</pre>", page())[1]
    assert "Temperature 38.1 °C; the limit is 38.0 °C." in note
    assert "resolved by Nora Park. Will measure &lt;again&gt; tonight." in note
    assert note.endswith("Outcome: Reached and advised.")


def test_notes_and_messages_stand_with_their_authors(desks, page):
    patients.write_note(staff=desks.nora, patient_id=desks.patient.pk, text="Lives alone.", now=NOW)
    messages.send(staff=desks.nora, patient_id=desks.patient.pk, template="please_call", now=NOW)
    answer = page()
    assert "Lives alone. <span" in answer
    assert "Please call us when you read this: (555) 555-0100." in answer
    assert "not read yet" in answer


def test_the_drawing_has_words_and_a_table_for_whoever_does_not_see_it(desks, page):
    a_check_in(desks.patient, observed_at=ago(20), pain={"usual": 7})
    a_check_in(desks.patient, pain={"usual": 3})
    answer = page()
    assert 'role="img" aria-labelledby="course-words"' in svg_of(answer)
    assert "Usual pain went from 7 to 3." in answer
    assert len(rows_of(answer)) > 4


def test_names_in_the_drawing_and_the_table_are_text(desks, page):
    desks.patient.name = "<script>x</script>"
    desks.patient.save(update_fields=["name"])
    a_check_in(desks.patient, other={"text": "<img src=x>", "urgency": "today"})
    answer = page()
    assert "<script>x" not in answer
    assert "<img src=x>" not in answer


def five_hundred(desks):
    rows = [
        CheckIn(
            clinic=desks.clinic, patient=desks.patient, procedure=desks.procedure,
            client_id=f"00000000-0000-4000-8000-{number:012}", digest="x",
            answers={"pain": {"usual": number % 11, "site": 2}, "site": {"redness": number % 3},
                     "temperature": {"value": "37.1", "unit": "Cel"}},
            observed_at=ago(number / 12), recorded_at=ago(number / 12),
        )
        for number in range(500)
    ]  # fmt: skip
    CheckIn.objects.bulk_create(rows)


def test_five_hundred_check_ins_cost_no_more_queries(desks, page):
    with CaptureQueriesContext(connection) as few:
        page("all")
    five_hundred(desks)
    with CaptureQueriesContext(connection) as many:
        answer = page("all")
    assert len(rows_of(answer)) > 500
    assert len(many) == len(few) <= QUERIES


def test_the_page_of_a_resolved_alert_has_the_same_note(desks):
    address = at("alert", desks.alert.pk)
    assert "Note for the chart" not in text_of(desks.nurse.get(address))
    alerts.resolve(
        staff=desks.nora, alert_id=desks.alert.pk, outcome=Outcome.REACHED_ADVISED,
        note="Measured again.", now=NOW,
    )  # fmt: skip
    assert "resolved by Nora Park. Measured again." in text_of(desks.nurse.get(address))


def test_what_one_check_in_raised_stands_in_the_order_of_the_queue(desks, page):
    worse = {"site": {"redness": 3, "swelling": 3, "drainage": "pus"}, "pain": {"site": 9}}
    a_check_in(desks.patient, **fever("39.4"), **worse)
    link = re.compile(r'href="/admin/alerts/([0-9a-f-]{36})/"')
    queued = link.findall(text_of(desks.nurse.get(at("index"))))
    assert len(queued) > 3
    assert link.findall(page())[: len(queued)] == queued
