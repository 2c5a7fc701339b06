"""What must hold for every course, tried on many (EXAMPLES=5000 tries harder)."""

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.clinical.factories import DEFAULT, a_course, at, judged, open_signs, tier_of
from tracker.clinical.assessment import assess
from tracker.clinical.course import Other, Pain, Reading, Site
from tracker.clinical.protocol import Protocol
from tracker.clinical.quantities import DISPLAY_STEPS, Glucose, Temperature
from tracker.clinical.vocabulary import DRAINAGE, GRADED_SYMPTOMS, TRENDS, YES_NO_SYMPTOMS

maybe = st.none() | st.booleans()
scores = st.none() | st.integers(0, 10)
# Hours that fall on, just before and just after every window, and anything between.
hours = st.sampled_from(
    [0, 0.1, 6, 6.1, 11.9, 12, 20, 23.9, 24, 30, 36, 48, 48.1, 60, 72, 72.1, 84, 84.1, 96, 96.1,
     108, 192, 216, 336, 336.1, 348.1, 721]
) | st.integers(0, 400)  # fmt: skip


def tenths(low, high):
    return st.integers(low * 10, high * 10).map(lambda n: Decimal(n) / 10)


temperatures = st.one_of(
    st.builds(Temperature, tenths(34, 43), st.just("Cel")),
    st.builds(Temperature, tenths(94, 109), st.just("[degF]")),
)
sugars = st.one_of(
    st.builds(Glucose, st.integers(34, 900).map(Decimal), st.just("mg/dL")),
    st.builds(Glucose, tenths(1, 33), st.just("mmol/L")),
    st.builds(
        Glucose,
        st.none(),
        st.just("mg/dL"),
        st.sampled_from(["HI", "LO"]),
        st.sampled_from(["meter", "cgm", None]),
    ),
)
sites = st.builds(
    Site,
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 3),
    maybe,
    st.none() | st.sampled_from(DRAINAGE),
    maybe,
    maybe,
    st.none() | st.sampled_from(TRENDS),
)
symptoms = st.dictionaries(st.sampled_from(YES_NO_SYMPTOMS), st.booleans(), max_size=3)
graded = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in GRADED_SYMPTOMS.items()}
)
others = st.builds(Other, st.just("tingles"), st.sampled_from([None, "today", "can_wait"]))


PARTS = {
    "pain": st.builds(Pain, scores, scores, maybe, maybe),
    "temperature": temperatures,
    "glucose": sugars,
    "site": sites,
    "symptoms": st.builds(lambda some, more: {**some, **more}, symptoms, graded),
    "other": others,
}


@st.composite
def readings(draw, must=()):
    names = draw(st.sets(st.sampled_from(sorted(PARTS)), min_size=1, max_size=3))
    observed_at = at(draw(hours))
    parts = {name: draw(PARTS[name]) for name in sorted({*names, *must})}
    return Reading(str(draw(st.integers(0, 10**9))), observed_at, observed_at, **parts)


@st.composite
def patients(draw):
    usual = draw(st.none() | st.builds(Glucose, st.integers(80, 250).map(Decimal)))
    return {
        "baseline_pain": draw(scores),
        "baseline_glucose": f"{usual.value}" if usual else None,
        "diabetes": draw(st.booleans()),
        "kind": draw(st.sampled_from(["therapeutic", "diagnostic", "rfa"])),
    }


many = settings(max_examples=int(os.environ.get("EXAMPLES", "60")), deadline=None)


def a_history(*must):
    """Some readings, of which the latest answers what the test is about."""

    def with_latest(earlier, latest, gap_h):
        last = max(reading.observed_at for reading in (*earlier, latest))
        latest.observed_at = latest.recorded_at = last + timedelta(hours=gap_h)
        return [*earlier, latest]

    earlier = st.lists(readings(), max_size=5, unique_by=lambda r: r.id)
    return st.builds(with_latest, earlier, readings(must), st.sampled_from([0, 0.1, 2, 12, 24]))


courses = a_history()


def worse(course, patient, **parts):
    """The tier of the latest reading, and its tier with these parts instead."""
    *earlier, last = course
    before = tier_of(*course, **patient)
    return before, tier_of(*earlier, replace(last, **parts), **patient)


@many
@given(a_history("pain"), patients(), st.integers(0, 10), st.sampled_from(["usual", "site"]))
def test_more_pain_never_looks_better(course, patient, more, where):
    pain = course[-1].pain
    less = getattr(pain, where)
    assume(less is not None)
    before, after = worse(course, patient, pain=replace(pain, **{where: max(less, more)}))
    assert after >= before


@many
@given(a_history("temperature"), patients(), tenths(0, 5))
def test_more_fever_never_looks_better(course, patient, more):
    reading = course[-1].temperature
    low = DEFAULT.low_grade.numbers[reading.unit]
    course[-1].temperature = replace(reading, value=max(reading.value, low))
    hotter = replace(reading, value=course[-1].temperature.value + more)
    before, after = worse(course, patient, temperature=hotter)
    assert after >= before


@many
@given(a_history("glucose"), patients(), st.integers(1, 400))
def test_more_sugar_never_looks_better(course, patient, more):
    reading = course[-1].glucose
    assume(reading.value is not None)
    low = DEFAULT.g_nodm.numbers[reading.unit]
    course[-1].glucose = replace(reading, value=max(reading.value, low))
    step = more * DISPLAY_STEPS[reading.unit]
    sweeter = replace(reading, value=course[-1].glucose.value + step)
    before, after = worse(course, patient, glucose=sweeter)
    assert after >= before


@many
@given(courses, patients(), st.sampled_from(YES_NO_SYMPTOMS))
def test_one_more_symptom_never_looks_better(course, patient, symptom):
    assume(symptom != "faint_recovered")
    said = {**course[-1].symptoms, symptom: True}
    before, after = worse(course, patient, symptoms=said)
    assert after >= before


@many
@given(st.data())
def test_the_order_of_arrival_does_not_matter(data):
    course = data.draw(st.lists(readings(), min_size=2, max_size=6, unique_by=lambda r: r.id))
    patient = data.draw(patients())
    in_order = sorted(course, key=lambda r: r.observed_at)
    shuffled = data.draw(st.permutations(course))
    assert open_signs(shuffled, **patient) == open_signs(in_order, **patient)


site_readings = st.builds(
    lambda h, site: Reading(f"{h}-{site}", at(h), at(h), site=site), st.integers(0, 60), sites
)


@many
@given(st.data())
def test_the_order_of_arrival_does_not_matter_to_the_skin(data):
    course = data.draw(st.lists(site_readings, min_size=2, max_size=6, unique_by=lambda r: r.id))
    in_order = sorted(course, key=lambda r: r.observed_at)
    shuffled = data.draw(st.permutations(course))
    assert open_signs(shuffled) == open_signs(in_order)


@many
@given(courses, patients(), st.data())
def test_leaving_an_answer_out_never_adds_a_clear_sign(course, patient, data):
    last = course[-1]
    said = judged(*course, **patient)
    part = data.draw(st.sampled_from(["pain", "temperature", "glucose", "site", "other"]))
    setattr(last, part, None)
    for sign, (_, tier) in judged(*course, **patient).items():
        # Feeling hot is asked about again when no temperature came with it.
        assert sign == "fever" or (sign in said and tier <= said[sign][1])


LIMITS = [
    ("fever", "FV-FEVER", "temperature"),
    ("low_grade", "FV-LOW", "temperature"),
    ("g_ketone", "GL-240", "glucose"),
    ("g_high", "GL-HIGH", "glucose"),
    ("g_vhigh", "GL-VHIGH", "glucose"),
    ("g_nodm", "GL-NODM", "glucose"),
]
UNITS = {"temperature": ("Cel", "[degF]"), "glucose": ("mg/dL", "mmol/L")}


@pytest.mark.parametrize(("name", "rule", "item"), LIMITS)
@pytest.mark.parametrize("first", [True, False])
def test_a_limit_fires_and_one_display_step_below_does_not(name, rule, item, first):
    unit = UNITS[item][0 if first else 1]
    limit = getattr(DEFAULT, name).numbers[unit]
    kind = Temperature if item == "temperature" else Glucose
    for value, fires in ((limit, True), (limit - DISPLAY_STEPS[unit], False)):
        reading = Reading("1", at(50), at(50), **{item: kind(value, unit)})
        fired = assess(a_course(reading), at(50), DEFAULT).fired
        assert (rule in {finding.rule for finding in fired}) is fires


STRICTER = [
    {"fever": {"Cel": "37.8", "[degF]": "100.0"}},
    {"persist_h": 48},
    {"severe": 7},
    {"site_grace_h": 0},
    {"site_grace_h": 24},
    {"site_resolve_h": 48},
    {"weak_h": 6},
    {"area_numb_h": 12},
    {"g_high": {"mg/dL": 250, "mmol/L": "13.9"}},
    {"by_kind": {"rfa": {"persist_h": 168}}},
]
LOOSER = [
    {"fever": {"Cel": "38.5", "[degF]": "101.3"}},
    {"fever_confirm_h": 4},
    {"persist_h": 168},
    {"severe": 10},
    {"site_grace_h": 72},
    {"site_resolve_h": 168},
    {"area_numb_h": 48},
    {"g_high": {"mg/dL": 400, "mmol/L": "22.2"}},
    {"g_high_count": 2},
    {"by_kind": {"rfa": {"persist_h": 672}}},
]


@many
@given(courses, patients(), st.sampled_from(STRICTER))
def test_a_stricter_protocol_never_finds_less(course, patient, numbers):
    protocol = Protocol.from_numbers(numbers)
    assert tier_of(*course, protocol=protocol, **patient) >= tier_of(*course, **patient)


@many
@given(courses, patients(), st.sampled_from(LOOSER))
def test_a_looser_protocol_never_finds_more(course, patient, numbers):
    protocol = Protocol.from_numbers(numbers)
    assert tier_of(*course, protocol=protocol, **patient) <= tier_of(*course, **patient)


@many
@given(courses, patients())
def test_judging_twice_says_the_same(course, patient):
    whole = a_course(*course, **patient)
    moment = whole.readings[-1].observed_at
    first, second = (assess(whole, moment, DEFAULT).as_json() for _ in range(2))
    assert first == second


@many
@given(courses, patients())
def test_every_finding_can_be_said_in_every_language(course, patient):
    whole = a_course(*course, **patient)
    for moment in whole.observed_times():
        for finding in assess(whole, moment, DEFAULT).fired:
            for language in ("en", "es"):
                sentence = finding.because(language)
                assert sentence.endswith(".") and "{" not in sentence and "_" not in sentence
