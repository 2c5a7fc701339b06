"""The phone judges like the server at every limit, and gives the same reason."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from tests.clinical.factories import DEFAULT, a_course, a_reading
from tracker.clinical.assessment import assess
from tracker.clinical.course import Course
from tracker.clinical.findings import because
from tracker.clinical.offline import lines_of
from tracker.clinical.offline.conditions import holds
from tracker.clinical.protocol import Protocol
from tracker.clinical.vocabulary import GRADED_SYMPTOMS, YES_NO_SYMPTOMS

TEMPERATURES = ("35.9 C", "36.0 C", "37.7 C", "37.8 C", "37.9 C", "38.0 C", "96.7 F", "96.8 F",
                "99.9 F", "100.0 F", "100.3 F", "100.4 F")  # fmt: skip
SUGARS = ("53", "54", "69", "70", "179", "180", "199", "200", "219", "220", "239", "240", "299",
          "300", "399", "400", "2.9 mmol/L", "3.0 mmol/L", "3.8 mmol/L", "3.9 mmol/L",
          "11.0 mmol/L", "11.1 mmol/L", "13.2 mmol/L", "13.3 mmol/L", "16.6 mmol/L",
          "16.7 mmol/L", "22.1 mmol/L", "22.2 mmol/L", "HI", "HI cgm", "LO")  # fmt: skip
SKIN = [
    *(
        {"redness": size, "trend": trend}
        for size in range(4)
        for trend in ("same", "better", "worse")
    ),
    *({"swelling": size} for size in range(4)),
    *({"drainage": seen} for seen in ("none", "spot", "clear", "pus")),
    *({name: told} for name in ("warmth", "streaks", "bruise") for told in (False, True)),
]
PAINS = [
    {item: score, **more}
    for item in ("usual", "sore")
    for score in (0, 1, 3, 4, 5, 7, 8, 9, 10)
    for more in ({}, {"controlled": True}, {"controlled": False}, {"worse": True})
] + [{"usual": 9, "controlled": False, "worse": True}]
TOGETHER = [
    {"hives": True, "vomiting": True},
    {"hives": True, "facial_flush": True},
    {"metallic_taste": True, "twitching": True},
    {"metallic_taste": True, "twitching": True, "numb_mouth": True},
    {"leg_numbness": True, "leg_weakness": "mild"},
    {"faint": True, "chest_pain": True},
    {"faint": True, "faint_recovered": False},
    {"faint": True, "faint_recovered": True},
    {"feverish": True, "temperature": "37 C"},
    {"clammy": True, "temperature": "35.9 C"},
    {"headache": "severe", "temperature": "38.0 C"},
    {"glucose": "240", "ketones": "moderate"},
    {"glucose": "239", "ketones": "large"},
]
SAID = [
    *({name: True} for name in YES_NO_SYMPTOMS),
    {"faint_recovered": False},
    *({name: said} for name, choices in GRADED_SYMPTOMS.items() for said in choices),
    *({"urinary_retention_h": count} for count in (0, 7, 8, 9)),
    *(
        {"other": "tingles", "urgency": urgency}
        for urgency in ("today", "unsure", "can_wait", None)
    ),
]
ANSWERS = [
    *({"temperature": value} for value in TEMPERATURES),
    *({"glucose": value} for value in SUGARS),
    *({"site": site} for site in SKIN),
    *PAINS,
    *SAID,
    *TOGETHER,
]
TIMED = [
    {"temperature": "38.0 C"},
    {"usual": 7},
    {"sore": 4},
    {"twitching": True},
    {"metallic_taste": True, "twitching": True},
    {"leg_numbness": True},
    {"leg_weakness": "mild"},
    {"area_numbness": True},
    *({"site": site} for site in SKIN),
]
HOURS = (6, 6.1, 11.9, 12, 23.9, 24, 48, 48.1, 72, 72.1, 96, 96.1, 720, 720.1)


def on_the_phone(course, lines, reading):
    """By rule, the tier and the phrase of the highest line that a reading meets."""
    hours, found = course.hours_at(reading.observed_at), {}
    for rule, line in lines:
        standing = found.get(rule.code)
        if (standing is None or line.tier > standing.tier) and holds(line.when, reading, hours):
            found[rule.code] = line
    return found


def differences(course, readings, protocol=DEFAULT):
    """What the two say differently, reading by reading."""
    lines = lines_of(course, protocol)
    for reading in readings:
        whole = Course(course.patient, course.procedure, [*course.readings, reading])
        fired = assess(whole, reading.observed_at, protocol).fired
        server = {f"{finding.rule}/{finding.sign}": finding for finding in fired}
        phone = on_the_phone(course, lines, reading)
        for code in {*server, *phone}:
            if not _same(server.get(code), phone.get(code), reading):
                yield reading.id, code, server.get(code), phone.get(code)


def _same(finding, line, reading):
    if finding is None or line is None:
        return False
    # What stands in braces the phone puts in itself.
    facts = {name: fact for name, fact in line.facts.items() if "{" not in str(fact)}
    if line.limit is not None and "limit" in finding.reason.facts:
        unit = (reading.temperature or reading.glucose).unit
        facts["limit"] = line.limit.within(unit)
    told = because(line.phrase, **facts).facts.items()
    same = (finding.tier, finding.reason.phrase) == (line.tier, line.phrase)
    return same and told <= finding.reason.facts.items()


USUAL = {"baseline_pain": 5, "baseline_glucose": "120", "diabetes": True}
PATIENTS = pytest.mark.parametrize("patient", [{"baseline_pain": None}, USUAL], ids=["", "known"])


@PATIENTS
def test_a_first_check_in(patient):
    readings = [a_reading(50, **answers) for answers in ANSWERS]
    assert list(differences(a_course(**patient), readings)) == []


@PATIENTS
@pytest.mark.parametrize("h", HOURS)
def test_a_first_check_in_at_the_end_of_a_window(h, patient):
    readings = [a_reading(h, **answers) for answers in TIMED]
    assert list(differences(a_course(**patient), readings)) == []


@pytest.mark.parametrize("baseline", [0, 6, 7, 9])
def test_pain_beside_the_usual(baseline):
    readings = [a_reading(50, **answers) for answers in PAINS]
    assert list(differences(a_course(baseline_pain=baseline), readings)) == []


STRICT = {"site_grace_h": 0, "fever_confirm_h": 4, "g_high_count": 2}
SEEN = [
    {"temperature": "38.0 C"},
    {"temperature": "35.9 C"},
    {"chills": True},
    {"clammy": True},
    {"stiff_neck": True},
    {"headache": "severe"},
    {"faint": True},
    {"faint_recovered": False},
    {"faint_recovered": True},
    {"glucose": "240"},
    {"glucose": "65"},
    {"glucose": "310"},
    {"glucose": "HI"},
    {"glucose": "HI cgm"},
    {"ketones": "large"},
    {"vomiting": True},
    {"site": {"redness": 0, "swelling": 1}},
    {"site": {"redness": 2}},
    {"usual": 7},
    {"sore": 0},
    {"sore": 4},
]


@pytest.mark.parametrize(("h", "numbers"), [(12, STRICT), (73, {})], ids=["strict", "default"])
@pytest.mark.parametrize("before", SEEN, ids=str)
def test_a_check_in_after_another(before, h, numbers):
    course = a_course(a_reading(h, **before), baseline_pain=5, diabetes=True)
    readings = [
        a_reading(h + later_h, id="now", **answers)
        for later_h in (2, 2.1, 4, 12, 12.1, 24, 24.1)
        for answers in SEEN
    ]
    assert list(differences(course, readings, Protocol.from_numbers(numbers))) == []


@pytest.mark.parametrize("h", [-0.5, 0, 0.5])
def test_what_was_said_as_the_procedure_ended(h):
    for before in SEEN:
        course = a_course(a_reading(h, **before), baseline_pain=5, diabetes=True)
        readings = [a_reading(2, id="now", **answers) for answers in SEEN]
        assert list(differences(course, readings)) == []


@pytest.mark.parametrize("sores", [(1, 3), (3, 1), (0, 8), (4, 4)])
def test_soreness_that_comes_back(sores):
    before = [a_reading(h, sore=sore) for h, sore in zip((24, 30), sores, strict=True)]
    readings = [a_reading(h, sore=sore) for h in (47.9, 48) for sore in range(11)]
    for course in (a_course(*before), a_course(a_reading(23.9, sore=0), *before)):
        assert list(differences(course, readings)) == []


OVER_THE_USUAL = ("170", "171", "180", "181", "200", "201", "10.1 mmol/L", "11.8 mmol/L", "HI")


@pytest.mark.parametrize(
    "zone", [None, timezone(timedelta(hours=-5)), timezone(timedelta(hours=9))]
)
@pytest.mark.parametrize("usual", ["120", "150", "8.9 mmol/L"])
def test_sugar_of_another_date(zone, usual):
    """The procedure ended at 14:00 UTC."""
    before = [a_reading(h, glucose="250") for h in (191.9, 192, 193)]
    readings = [
        a_reading(h, glucose=sugar)
        for h in (197.9, 201.9, 202, 206.9, 207, 216.9, 217)
        for sugar in OVER_THE_USUAL
    ]
    for seen in (before, before[:1], before[:2]):
        course = a_course(*seen, baseline_glucose=usual, diabetes=True, zone=zone)
        assert list(differences(course, readings)) == []
