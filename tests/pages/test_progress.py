"""How it goes: the same in a drawing and in a table, and nothing is drawn that nobody said."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.conftest import NOW
from tests.factories import a_check_in, a_clinic, a_patient, a_phone, a_procedure
from tracker.models import IceSession, Therapy
from tracker.pages.pain_chart import pain_chart
from tracker.services.progress import progress_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def patient():
    patient = a_patient(a_clinic())
    a_procedure(patient, ended_at=NOW - 100 * HOUR, baseline_pain=8)
    return patient


def phone_of(patient) -> Client:
    client = Client()
    a_phone(patient, client)
    return client


def told(patient, hours_ago: float, **pain: int):
    at = NOW - hours_ago * HOUR
    return a_check_in(patient, now=at, observed_at=at, pain=pain).check_in


def usual_strokes(patient) -> str:
    drawn = pain_chart(progress_of(patient=patient, now=NOW))
    return re.search(r'class="usual"><path d="([^"]*)"', drawn)[1]


@pytest.mark.parametrize(
    ("apart", "moves"), [(47, 1), (48, 1), (49, 2)], ids=["joined", "the limit", "a gap"]
)
def test_a_gap_stays_a_gap(patient, apart, moves):
    told(patient, 1 + apart, usual=5)
    told(patient, 1, usual=4)
    assert usual_strokes(patient).count("M") == moves


def test_time_is_true_not_one_step_a_check_in(patient):
    for hours_ago in (96, 72, 71):
        told(patient, hours_ago, usual=5)
    xs = [float(x) for x in re.findall(r"[ML]([\d.]+) ", usual_strokes(patient))]
    assert xs[1] - xs[0] == pytest.approx(24 * (xs[2] - xs[1]), rel=0.05)


def test_what_was_not_answered_is_not_drawn(patient):
    told(patient, 20, site=3)
    assert usual_strokes(patient) == ""


def test_without_a_baseline_from_enrolment_the_last_score_before_the_block_is_it(patient):
    patient.procedures.update(baseline_pain=None)
    told(patient, 150, usual=9)
    told(patient, 101, usual=8)
    told(patient, 1, usual=4)
    progress = progress_of(patient=patient, now=NOW)
    assert (progress.baseline, progress.relief) == (8, 50)


def test_days_are_those_of_the_calendar_as_todays_page_counts_them(patient):
    """Over on Friday at 5 pm, looked at on Saturday at 9 am, New York."""
    patient.procedures.update(ended_at=NOW - 17 * HOUR)
    with time_machine.travel(NOW - HOUR, tick=False):
        today = phone_of(patient).get(reverse("today")).context["today"]
        how_it_goes = phone_of(patient).get(reverse("progress"))
    assert today.day == how_it_goes.context["day"] == 1


def test_a_corrected_score_is_gone(patient):
    wrong = told(patient, 20, usual=9)
    at = NOW - 19 * HOUR
    a_check_in(
        patient, now=at, observed_at=wrong.observed_at, pain={"usual": 3},
        corrects=str(wrong.client_id),
    )  # fmt: skip
    assert [each.usual for each in progress_of(patient=patient, now=NOW).told] == [3]


@pytest.mark.parametrize(
    ("score", "relief", "says"),
    [
        (4, 50, "50% less than before"),
        (8, 0, "as it was before"),
        (9, -12, "more than it was before"),
    ],
)
def test_relief_is_against_the_patients_own_pain_before(patient, score, relief, says):
    told(patient, 2, usual=score)
    assert progress_of(patient=patient, now=NOW).relief == relief
    assert says in phone_of(patient).get(reverse("progress")).content.decode()


def test_the_table_says_what_the_drawing_shows(patient):
    told(patient, 30, usual=6, site=4)
    procedure = patient.procedures.get()
    at = {"started_at": NOW - 30 * HOUR, "off_at": NOW, "again_at": NOW, "recorded_at": NOW}
    owner = {"clinic": patient.clinic, "patient": patient, "procedure": procedure}
    IceSession.objects.create(client_id="7" * 32, **owner, **at)
    Therapy.objects.create(
        client_id="8" * 32, kind="walk", done_at=NOW - 29 * HOUR, recorded_at=NOW, **owner
    )
    page = phone_of(patient).get(reverse("progress")).content.decode()
    row = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
    assert "<td>6</td><td>4</td>" in row
    assert "ice once; Walk" in row
    assert page.count('class="ice" cx=') == 1
    assert page.count('class="therapy" cx=') == 1


def test_before_the_procedure_there_is_nothing_to_show():
    patient = a_patient(a_clinic())
    page = phone_of(patient).get(reverse("progress")).content.decode()
    assert "nothing to show" in page


def test_one_page_goes_to_the_doctor(patient):
    told(patient, 3, usual=4)
    page = phone_of(patient).get(reverse("for-the-doctor")).content.decode()
    assert f"How {patient.name} is doing" in page
    assert "Pain before: 8 of 10" in page
    assert 'class="chart"' in page


def test_a_name_cannot_become_markup(patient):
    patient.name = "<script>alert(1)</script>"
    patient.save()
    page = phone_of(patient).get(reverse("for-the-doctor")).content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("language", "source"),
    [
        ("en", "Source: Novus Spine &amp; Pain Center, cluneal nerve block (verify)."),
        ("es", "Fuente: Novus Spine &amp; Pain Center, bloqueo del nervio cluneal (verifique)."),
    ],
)
def test_a_card_names_its_source_in_the_language_of_its_reader(patient, settings, language, source):
    settings.DEMO = True  # shows the cards that nobody has approved yet
    patient.language = language
    patient.save(update_fields=["language"])
    page = phone_of(patient).get(reverse("progress")).content.decode()
    assert source in page
    assert "from memory" not in page


def test_a_long_course_is_still_one_page(patient):
    procedure = patient.procedures.get()
    procedure.ended_at = NOW - 60 * 24 * HOUR
    procedure.save()
    for day in range(40):
        told(patient, 1 + 24 * day, usual=3)
    page = phone_of(patient).get(reverse("for-the-doctor")).content.decode()
    assert page.count("<tr>") == 31
