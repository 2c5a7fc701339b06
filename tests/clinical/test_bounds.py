"""How far a clinic may move each number, as CLINICAL.md section 12 allows it."""

import pytest

from tests.clinical.factories import a_reading, judged
from tracker.clinical.protocol import OutOfBounds, Protocol, settings, settled

ALLOWED = [
    ("persist_h", 48, 168),
    ("severe", 7, 10),
    ("site_grace_h", 0, 72),
    ("site_resolve_h", 48, 168),
    ("weak_h", 6, 12),
    ("area_numb_h", 12, 48),
    ("dx_percent", 30, 100),
    ("active_h", 7 * 24, 30 * 24),
    ("outcome_d", 0, 365),
]


@pytest.mark.parametrize(("name", "low", "high"), ALLOWED)
def test_a_number_goes_to_its_bounds_and_no_further(name, low, high):
    for value in (low, high):
        assert getattr(Protocol.from_numbers({name: value}), name) == value
    for value in (low - 1, high + 1):
        with pytest.raises(OutOfBounds):
            Protocol.from_numbers({name: value})


def test_soreness_may_last_longer_after_radiofrequency():
    for value in (168, 672):
        protocol = Protocol.from_numbers({"by_kind": {"rfa": {"persist_h": value}}})
        assert protocol.for_kind("rfa").persist_h == value
    for value in (167, 673):
        with pytest.raises(OutOfBounds):
            Protocol.from_numbers({"by_kind": {"rfa": {"persist_h": value}}})


@pytest.mark.parametrize(
    ("name", "choices"), [("fever_confirm_h", {0, 4}), ("g_high_count", {1, 2})]
)
def test_some_numbers_are_a_choice_of_two(name, choices):
    def taken(value):
        try:
            return getattr(Protocol.from_numbers({name: value}), name) == value
        except OutOfBounds:
            return False

    assert {value for value in range(-1, 7) if taken(value)} == choices
    (setting,) = (setting for setting in settings() if setting.name == name)
    assert (int(setting.low), int(setting.high)) == (min(choices), max(choices))


@pytest.mark.parametrize(
    ("name", "pair", "allowed"),
    [
        ("fever", ("37.8", "100.0"), True),
        ("fever", ("37.7", "100.0"), False),
        ("fever", ("37.8", "99.9"), False),
        ("fever", ("38.5", "101.3"), True),
        ("fever", ("38.6", "101.3"), False),
        ("fever", ("38.5", "101.4"), False),
        # The same temperature but for a tenth.
        ("fever", ("38.0", "100.5"), True),
        ("fever", ("38.0", "100.6"), False),
        ("g_high", ("250", "13.9"), True),
        ("g_high", ("249", "13.9"), False),
        ("g_high", ("250", "13.8"), False),
        ("g_high", ("400", "22.2"), True),
        ("g_high", ("401", "22.2"), False),
        ("g_high", ("400", "22.3"), False),
        # The same sugar but for what one display step hides.
        ("g_high", ("272", "15.0"), True),
        ("g_high", ("273", "15.0"), False),
        ("g_high", ("268", "15.0"), True),
        ("g_high", ("267", "15.0"), False),
    ],
)
def test_a_pair_stays_in_bounds_and_means_the_same_twice(name, pair, allowed):
    units = getattr(Protocol.default(), name).numbers
    numbers = {name: dict(zip(units, pair, strict=True))}
    if allowed:
        assert Protocol.from_numbers(numbers).changes() == numbers
    else:
        with pytest.raises(OutOfBounds):
            Protocol.from_numbers(numbers)


def test_a_clinic_reads_how_far_it_may_go():
    allowed = [setting.allowed for setting in settings() if setting.name in ("fever", "g_high")]
    assert allowed == [
        "37.8 to 38.5 Cel",
        "100.0 to 101.3 [degF]",
        "250 to 400 mg/dL",
        "13.9 to 22.2 mmol/L",
    ]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("fever_confirm_h", 0),
        ("persist_h", 72),
        ("severe", 8),
        ("site_grace_h", 48),
        ("site_resolve_h", 96),
        ("weak_h", 12),
        ("area_numb_h", 24),
        ("g_high_count", 1),
        ("dx_percent", 50),
        ("active_h", 14 * 24),
        ("outcome_d", 180),
    ],
)
def test_a_clinic_begins_with_the_number_of_the_table(name, number):
    assert getattr(Protocol.default(), name) == number


@pytest.mark.parametrize(
    ("numbers", "kept"),
    [
        ({"by_kind": {"rfa": {"persist_h": 400}}}, {"by_kind": {"rfa": {"persist_h": 400}}}),
        ({"by_kind": {"rfa": {"rise_h": 336}}}, {}),
        ({"by_kind": {"rfa": {}}}, {}),
        ({"severe": 9, "lookback_h": 12}, {"severe": 9}),
    ],
    ids=str,
)
def test_what_a_clinic_repeats_of_the_fixed_numbers_is_not_stored(numbers, kept):
    assert settled(numbers) == kept


def test_two_protocols_with_the_same_numbers_are_the_same_whatever_was_asked_of_them():
    asked = Protocol()
    asked.for_kind("rfa")
    assert asked == Protocol()


@pytest.mark.parametrize(
    ("usual", "sugar", "persists"),
    [
        ("5.0 mmol/L", "10.0 mmol/L", False),
        ("5.0 mmol/L", "10.1 mmol/L", True),
        ("8.0 mmol/L", "10.8 mmol/L", False),
        ("8.0 mmol/L", "10.9 mmol/L", True),
        ("100", "180", False),
        ("100", "181", True),
        ("150", "200", False),
        ("150", "201", True),
    ],
)
def test_sugar_persists_above_the_floor_or_well_above_the_usual(usual, sugar, persists):
    twice = [a_reading(h, glucose=sugar) for h in (200, 230)]
    found = judged(*twice, baseline_glucose=usual, diabetes=True).get("glucose_high")
    assert (found is not None and found[0] == "GL-PERSIST") is persists
