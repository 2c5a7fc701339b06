"""The clinic's numbers on the desk: history, a form for new ones, review and approval."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.admin.people import at, text_of, without_tokens
from tests.factories import a_patient, a_procedure, a_protocol, a_staff, approved, signed_in
from tracker.admin.protocol_form import lines
from tracker.clinical.protocol import Protocol
from tracker.models import AuditEvent, ProtocolVersion
from tracker.services import what_if


@pytest.fixture
def doctor(desks):
    return signed_in(Client(), a_staff(desks.clinic, role="CLINICIAN", name="Dr. Ada Cole"))


def typed(**fields):
    """What the form sends when nothing but these fields was touched."""
    standing = {line.field: line.default for line in lines()}
    return {**standing, "reason": "Our sheet says so.", **fields}


def propose(client, **fields):
    return client.post(at("protocol-new"), typed(**fields))


def test_the_history_tells_states_people_and_times(desks):
    approved(desks.clinic, persist_h=96)
    a_protocol(desks.clinic, by=desks.nora, severe=7)
    page = text_of(desks.reader.get(at("protocols")))
    assert page.index("Version 3") < page.index("Version 2") < page.index("Version 1")
    assert "Submitted by Nora Park, <time" in page
    assert "Approved by Dr. Ada Cole, <time" in page
    assert "Our sheet says so." in page
    assert page.count("in force</span>") == 1
    assert "Propose new numbers" not in page


def test_a_clinic_without_approval_is_told_so_until_a_clinician_approves(desks, doctor):
    """Version 1 is nobody's proposal, so any clinician may answer for it."""
    banner = "Not for clinical use"
    assert banner in text_of(desks.nurse.get(at("protocols")))
    a_protocol(desks.clinic, severe=7)
    assert banner in text_of(desks.nurse.get(at("index")))
    doctor.post(at("protocol-review", 1))
    assert banner in text_of(desks.nurse.get(at("index")))
    answer = doctor.post(at("protocol-approve", 1), follow=True)
    assert "Approved. New procedures use it" in text_of(answer)
    assert banner not in text_of(desks.nurse.get(at("index")))


def test_a_newer_version_that_waits_brings_no_banner_back(desks):
    approved(desks.clinic, persist_h=96)
    a_protocol(desks.clinic, severe=7)
    assert "Not for clinical use" not in text_of(desks.nurse.get(at("index")))


def test_the_form_shows_unit_default_bounds_and_source_beside_each_number(desks):
    approved(desks.clinic, persist_h=96)
    page = text_of(desks.nurse.get(at("protocol-new")))
    for line in lines():
        row = next(row for row in page.split("<tr>") if f'name="{line.field}"' in row)
        assert line.setting.title in row
        beside = f'{line.unit}</td> <td>{line.default}</td> <td class="number">{line.allowed}</td>'
        assert beside in row
        assert line.sources.split("; ")[0].replace("&", "&amp;") in row
    assert 'name="persist_h" value="96"' in page
    assert re.search(r'<option value="0" selected>0<', page)


def test_what_was_typed_becomes_a_version_and_waits(desks):
    answer = propose(desks.nurse, fever_celsius="38.3", fever_fahrenheit="100.9", severe="7")
    assert answer.url == at("protocol", 2)
    version = ProtocolVersion.objects.get(number=2)
    assert version.numbers == {"fever": {"Cel": "38.3", "[degF]": "100.9"}, "severe": 7}
    assert (version.state, version.submitted_by) == ("SUBMITTED", desks.nora.user)

    page = text_of(desks.colleague.get(at("protocol", 2)))
    assert '<strong>38.3 °C</strong></td> <td class="number">38.0 °C</td>' in page
    assert "<strong>7 of 10</strong>" in page
    assert "Early soreness" not in page
    assert "A clinician of the clinic decides" in page


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"persist_h": "200"}, "persist_h", "200 is not allowed: 48 to 168 h."),
        ({"persist_h": "72.5"}, "persist_h", "Give a whole number."),
        ({"persist_h": "three"}, "persist_h", "Give a number: 48 to 168 h."),
        ({"persist_h": ""}, "persist_h", "Fill this in."),
        ({"persist_h": "NaN"}, "persist_h", "Give a number"),
        ({"fever_celsius": "39.0"}, "fever_celsius", "39.0 is not allowed: 37.8 to 38.5 °C."),
        (
            {"fever_celsius": "38.3"},
            "fever_fahrenheit",
            "Both must mean the same: 38.3 °C is 100.9 °F.",
        ),
        ({"g_high_mg": "350"}, "g_high_mmol", "350 mg/dL is 19.4 mmol/L."),
        ({"fever_confirm_h": "2"}, "fever_confirm_h", "Select a valid choice"),
        ({"persist_h_rfa": "100"}, "persist_h_rfa", "100 is not allowed: 168 to 672 h."),
        ({"reason": " "}, "reason", "Fill this in."),
    ],
    ids=str,
)
def test_an_error_names_its_field_and_keeps_what_was_typed(desks, fields, field, words):
    answer = propose(desks.nurse, site_grace_h="24", **fields)
    page = text_of(answer)
    assert answer.status_code == 422
    assert words in page
    assert f'href="#id_{field}"' in page
    assert f'id="id_{field}_error"' in page
    assert 'name="site_grace_h" value="24"' in page
    assert not ProtocolVersion.objects.filter(number=2).exists()


def test_what_changes_nothing_is_refused_in_words(desks):
    answer = propose(desks.nurse)
    assert answer.status_code == 422
    assert "These are the numbers of version 1" in text_of(answer)
    assert "Our sheet says so." in text_of(answer)


def test_a_clinician_reviews_and_approves_with_two_buttons(desks, doctor):
    propose(desks.nurse, severe="7")
    page = text_of(doctor.get(at("protocol", 2)))
    assert "Start the review" in page
    assert "Approve version" not in page
    page = text_of(doctor.post(at("protocol-review", 2), follow=True))
    assert "The review has begun" in page
    assert "Approve version 2" in page
    doctor.post(at("protocol-approve", 2))
    page = text_of(doctor.get(at("protocol", 2)))
    assert "Approved by Dr. Ada Cole" in page
    assert "Approve version" not in page
    assert "in force</span>" in page
    assert [each.action for each in AuditEvent.objects.order_by("-pk")[:2]] == [
        "protocol.approve", "protocol.review",
    ]  # fmt: skip


def test_pressing_twice_says_where_it_stands(desks, doctor):
    propose(desks.nurse, severe="7")
    doctor.post(at("protocol-review", 2))
    again = doctor.post(at("protocol-review", 2), follow=True)
    assert "has already begun" in text_of(again)


def test_approving_unseen_is_refused(desks, doctor):
    propose(desks.nurse, severe="7")
    assert "Start the review" in text_of(doctor.post(at("protocol-approve", 2), follow=True))
    assert ProtocolVersion.objects.get(number=2).state == "SUBMITTED"


@pytest.mark.parametrize("name", ["protocol-review", "protocol-approve"])
def test_a_nurse_and_the_one_who_submitted_decide_nothing(desks, doctor, name):
    propose(doctor, severe="7")
    for client, words in [
        (desks.nurse, "Only a clinician"),
        (doctor, "another clinician must decide"),
        (desks.reader, "Your role lets you read"),
    ]:
        answer = client.post(at(name, 2))
        assert answer.status_code == 403
        assert words in text_of(answer)
    assert "Start the review" not in text_of(doctor.get(at("protocol", 2)))
    assert ProtocolVersion.objects.get(number=2).state == "SUBMITTED"


def test_a_reader_proposes_nothing(desks):
    assert desks.reader.get(at("protocol-new")).status_code == 403
    assert propose(desks.reader, severe="7").status_code == 403


@pytest.mark.parametrize(
    ("name", "method"),
    [("protocol", "get"), ("protocol-review", "post"), ("protocol-approve", "post")],
)
def test_a_stranger_finds_what_never_was(desks, name, method):
    a_protocol(desks.clinic, severe=7)
    stranger = signed_in(Client(), a_staff(role="CLINICIAN"))
    foreign = getattr(stranger, method)(at(name, 2))
    absent = getattr(stranger, method)(at(name, 99))
    assert foreign.status_code == absent.status_code == 404
    assert without_tokens(foreign) == without_tokens(absent)
    assert "Version 2" not in text_of(stranger.get(at("protocols")))


def test_the_pages_stay_out_of_caches_and_hold_no_inline_code(desks):
    approved(desks.clinic, severe=7)
    for address in [at("protocols"), at("protocol-new"), at("protocol", 2)]:
        response = desks.nurse.get(address)
        page = response.content.decode()
        assert "no-store" in response["Cache-Control"]
        assert " style=" not in page
        assert "<style" not in page
        assert 'aria-current="page">Protocol' in text_of(desks.nurse.get(at("protocols")))


def test_every_number_of_the_form_is_read_back(desks):
    """Untouched, the form says exactly what is in force."""
    approved(desks.clinic, severe=7, by_kind={"rfa": {"persist_h": 400}})
    standing = ProtocolVersion.objects.get(number=2).protocol()
    fields = {line.field: line.value(standing) for line in lines()}
    answer = desks.nurse.post(at("protocol-new"), {**fields, "reason": "x"})
    assert "These are the numbers of version 2" in text_of(answer)
    assert standing != Protocol()


# --- before it is submitted -------------------------------------------------------------------


HIGHER = {"fever_celsius": "38.5", "fever_fahrenheit": "101.3"}


def tried(client, **fields):
    return client.post(at("protocol-new"), typed(**fields, do="try", reason=""))


def test_numbers_are_tried_on_the_clinics_courses_and_nothing_is_stored(desks):
    answer = tried(desks.nurse, **HIGHER)
    assert answer.status_code == 200
    page = text_of(answer)
    assert "1 course of this clinic happened again" in page
    assert "all that are recorded" in page
    assert 'Fever <span class="quiet-line">FV-FEVER</span></th> <td><strong class="late">1' in page
    assert "Harold Finch</a>: gone: call today, Sat, Nov 21, 10:00 AM" in page
    assert 'value="38.5"' in page, "what was typed stays"
    assert ProtocolVersion.objects.filter(number=2).count() == 0


def test_numbers_that_change_nothing_say_so(desks):
    assert "No alert would have come, gone or moved." in text_of(tried(desks.nurse, severe="9"))


def test_what_is_out_of_bounds_is_refused_before_it_is_tried(desks):
    answer = tried(desks.nurse, severe="5")
    assert answer.status_code == 422
    assert "happened again" not in text_of(answer)


def test_a_stranger_tries_on_courses_of_their_own(desks):
    assert "No course is recorded yet" in text_of(tried(desks.stranger, **HIGHER))


def test_it_says_when_there_were_more_courses_or_no_more_time(desks, monkeypatch):
    a_procedure(a_patient(desks.clinic))
    monkeypatch.setattr(what_if, "NEWEST", 1)
    assert "the newest of 2: no more than 1 are looked at" in text_of(tried(desks.nurse, **HIGHER))
    monkeypatch.setattr(what_if, "NEWEST", 100)
    monkeypatch.setattr(what_if, "LONGEST_WAIT", 1e-9)
    assert "the newest of 2: then the time was up" in text_of(tried(desks.nurse, **HIGHER))


def test_whoever_reviews_may_try_them_too(desks, doctor):
    a_protocol(desks.clinic, fever={"Cel": "38.5", "[degF]": "101.3"})
    page = text_of(doctor.get(at("protocol", 2), {"try": "1"}))
    assert "Harold Finch</a>: gone" in page


def test_two_versions_are_compared(desks, doctor):
    approved(desks.clinic, severe=7)
    approved(desks.clinic, severe=7, persist_h=96)
    page = text_of(doctor.get(at("protocol", 3), {"against": "2"}))
    assert '<th scope="col">Version 2</th>' in page
    changed = [row for row in page.split("<tr") if 'class="flag">changed' in row]
    assert len(changed) == 1
    assert "96 h" in changed[0]
    for odd in ("99", "x", "-1", "²"):
        assert doctor.get(at("protocol", 3), {"against": odd}).status_code == 200
