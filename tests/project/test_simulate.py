"""`manage.py simulate`: a clinic that looks lived in, and that sends nothing of its past."""

from __future__ import annotations

from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tracker.fiction import courses
from tracker.models import Alert, CheckIn, Delivery, Patient
from tracker.models.delivery import DeliveryState
from tracker.services import demo

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(settings):
    settings.DEMO = True
    return demo.ensure_demo_clinic(password="a long enough password", now=timezone.now())


def test_a_cohort_fills_the_clinic_with_check_ins_and_with_answered_alerts(clinic, capsys):
    before = Patient.objects.count()
    call_command("simulate", patients=8, days=14, seed=3)
    assert Patient.objects.count() == before + 8
    assert CheckIn.objects.filter(patient__phone="+15555550100").exists()
    assert Alert.objects.exclude(outcome="").exists(), "staff answered none"
    assert "open" in capsys.readouterr().out


def test_nothing_of_a_story_is_sent_when_it_is_over(clinic):
    Delivery.objects.all().delete()
    call_command("simulate", patients=5, days=7, seed=3)
    late = Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=timezone.now())
    assert not late.exists()


@pytest.mark.parametrize("wrong", [{"patients": 0}, {"patients": 2001}, {"days": 0}, {"days": 201}])
def test_sizes_out_of_bounds_are_refused_by_name(clinic, wrong):
    with pytest.raises(CommandError, match=f"--{next(iter(wrong))} must be from"):
        call_command("simulate", **wrong)


def test_made_up_patients_stay_out_of_a_real_clinic(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo only"):
        call_command("simulate")


PERSON = courses.Person(baseline=7, diabetes=True, celsius=False, first_evening=6)


@pytest.mark.parametrize("story", [story for story, _ in courses.STORIES])
def test_every_story_can_be_told_twice_alike(story):
    told = [list(courses.check_ins(PERSON, story, 30, Random(4))) for _ in range(2)]
    assert told[0] == told[1]
    assert told[0], "nobody answers"
    assert [hours for hours, _ in told[0]] == sorted(hours for hours, _ in told[0])
