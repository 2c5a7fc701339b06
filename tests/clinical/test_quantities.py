from decimal import Decimal

import pytest

from tests.clinical.factories import a_glucose, a_reading
from tracker.clinical.findings import Measure, Present, Reason, Tier, because
from tracker.clinical.quantities import (
    Glucose,
    celsius,
    fahrenheit,
    in_unit,
    mg_dl,
    mmol_l,
    sugars,
    temperatures,
)


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (celsius("38.0"), "38.0 °C"),
        (fahrenheit("100.4"), "100.4 °F"),
        (mg_dl(310), "310 mg/dL"),
        (mmol_l("16.7"), "16.7 mmol/L"),
        (a_glucose("HI meter"), "HI"),
        (a_glucose("LO"), "LO"),
    ],
    ids=range(6),
)
def test_a_quantity_says_its_unit(quantity, said):
    assert str(quantity) == said


@pytest.mark.parametrize(
    ("limit", "quantity", "reached"),
    [
        (temperatures("37.8", "100.0"), fahrenheit("100.0"), True),
        (temperatures("37.8", "100.0"), fahrenheit("99.9"), False),
        (sugars("240", "13.3"), mmol_l("13.3"), True),
        (sugars("400", "22.2"), mmol_l("22.2"), True),
        (sugars("400", "22.2"), a_glucose("HI cgm"), True),
        (sugars("900", "50"), a_glucose("HI meter"), True),
        (sugars("54", "3.0"), a_glucose("LO"), False),
    ],
    ids=str,
)
def test_a_limit_is_compared_inside_its_unit(limit, quantity, reached):
    assert limit.reached_by(quantity) is reached


@pytest.mark.parametrize(
    ("quantity", "stands_at"),
    [
        (a_glucose("LO"), "0"),
        (a_glucose("HI meter"), "Infinity"),
        (a_glucose("HI"), "Infinity"),
        (Glucose(None, "mg/dL", "HI", "cgm"), "401"),
        (Glucose(None, "mmol/L", "HI", "cgm"), "22.3"),
    ],
    ids=str,
)
def test_a_word_stands_just_beyond_the_end_of_the_scale(quantity, stands_at):
    assert quantity.number == Decimal(stands_at)


def test_converting_first_would_have_moved_the_limits():
    assert in_unit(Decimal("13.3"), "mmol/L", "mg/dL") < 241
    assert Decimal("13.3") * Decimal("18.0182") < 240
    assert (Decimal("100.0") - 32) * 5 / 9 < Decimal("37.8")


@pytest.mark.parametrize(
    ("number", "unit", "wanted", "moved"),
    [
        ("120", "mg/dL", "mmol/L", "6.7"),
        ("6.6", "mmol/L", "mg/dL", "119"),
        ("16.4", "mmol/L", "mg/dL", "295"),
        ("27.5", "mmol/L", "mg/dL", "496"),
        ("38.2", "Cel", "[degF]", "100.8"),
        ("100.8", "[degF]", "Cel", "38.2"),
        ("38.2", "Cel", "Cel", "38.2"),
        ("Infinity", "mg/dL", "mmol/L", "Infinity"),
    ],
)
def test_two_units_are_brought_together_only_to_measure_a_difference(number, unit, wanted, moved):
    assert in_unit(Decimal(number), unit, wanted) == Decimal(moved)


@pytest.mark.parametrize("value", ["38.2", "Infinity", "400"])
def test_a_measure_survives_json(value):
    measure = Measure("glucose", Decimal(value), "mg/dL")
    assert Measure.from_json(measure.as_json()) == measure
    assert Measure.from_json(None) is None


def test_a_finding_survives_json(finding):
    found = finding(a_reading(76, temperature="35.8 C"), a_reading(76.2, clammy=True))
    kept = Present.from_json(found.as_json())
    found.also = []
    assert kept == found and kept.because("es") == found.because("es")


@pytest.mark.parametrize("tier", Tier)
def test_tiers_are_ordered_and_named(tier):
    assert Tier.of(tier.wire) is tier
    assert Tier.INFO < Tier.WATCH < Tier.CALL_TODAY < Tier.EMERGENCY


@pytest.mark.parametrize(
    ("hours", "said"), [(11.999, "11.9"), (12.0, "12"), (12.05, "12"), (23.9, "23.9")]
)
def test_hours_are_cut_not_rounded(hours, said):
    reason = because("leg_weak_late", hours=hours, limit=12)
    assert reason.say().startswith(f"A weak leg {said} hours after")


def test_a_sentence_that_is_no_phrase_is_said_as_it_stands():
    assert Reason("Said {plainly}.", {}).say() == "Said {plainly}."


@pytest.mark.parametrize(
    ("names", "english", "spanish"),
    [
        (["hives"], "Reported: hives.", "Nos dijo: ronchas."),
        (["hives", "faint"], "Reported: hives and fainting.", "Nos dijo: ronchas y desmayo."),
        (
            ["chills", "faint", "swelling"],
            "Reported: shaking chills, fainting and swelling.",
            "Nos dijo: escalofríos con temblor, desmayo e hinchazón.",
        ),
    ],
)
def test_lists_read_as_sentences(names, english, spanish):
    reason = because("reported", symptoms=names)
    assert (reason.say("en"), reason.say("es")) == (english, spanish)
