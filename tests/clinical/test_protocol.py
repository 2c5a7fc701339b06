import json
from dataclasses import fields
from pathlib import Path

import pytest

from tracker.clinical.protocol import OutOfBounds, Protocol, settings
from tracker.clinical.quantities import PairedLimit

DEFAULTS = json.loads(Path("tests/vignettes.json").read_text(encoding="utf-8"))["defaults"]


def test_the_defaults_are_those_of_the_labelled_courses():
    assert Protocol.from_numbers(DEFAULTS) == Protocol.default()


def test_numbers_survive_json():
    numbers = {"fever": {"Cel": "38.3", "[degF]": "100.9"}, "persist_h": 96, "g_high_count": 2,
               "by_kind": {"rfa": {"persist_h": 400}}}  # fmt: skip
    protocol = Protocol.from_numbers(numbers)
    assert Protocol.from_numbers(json.loads(json.dumps(protocol.numbers()))) == protocol
    assert protocol != Protocol.default()


@pytest.mark.parametrize("setting", settings(), ids=lambda s: f"{s.label}-{s.unit}")
def test_each_setting_holds_its_bounds(setting):
    step = 1 if "." not in setting.low else 0.1
    for value in (float(setting.low) - step, float(setting.high) + step):
        with pytest.raises(OutOfBounds, match=setting.name):
            Protocol.from_numbers(_numbers(setting, round(value, 1)))


@pytest.mark.parametrize("setting", settings(), ids=lambda s: f"{s.label}-{s.unit}")
def test_the_default_is_inside_its_bounds(setting):
    standing = getattr(Protocol.default().for_kind(setting.kind or "therapeutic"), setting.name)
    number = standing.numbers[setting.unit] if isinstance(standing, PairedLimit) else standing
    assert float(setting.low) <= number <= float(setting.high)


def _numbers(setting, value):
    if setting.kind:
        return {"by_kind": {setting.kind: {setting.name: value}}}
    standing = getattr(Protocol.default(), setting.name)
    if isinstance(standing, PairedLimit):
        return {setting.name: {**standing.as_json(), setting.unit: value}}
    return {setting.name: value}


FIXED = [f.name for f in fields(Protocol) if not f.name.startswith("_")]
FIXED = sorted(set(FIXED) - {setting.name for setting in settings()} - {"by_kind"})


@pytest.mark.parametrize("name", FIXED)
def test_every_other_number_is_fixed(name):
    standing = getattr(Protocol.default(), name)
    if isinstance(standing, PairedLimit):
        other = {unit: str(number + 1) for unit, number in standing.numbers.items()}
    else:
        other = standing + 1
    with pytest.raises(OutOfBounds, match=f"{name} is fixed"):
        Protocol.from_numbers({name: other})


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ({"g_vlow": {"mg/dL": 40, "mmol/L": "2.2"}}, "g_vlow is fixed at 54 mg/dL | 3.0 mmol/L."),
        ({"persist_h": 200}, "persist_h is 200 h; allowed is 48 to 168 h."),
        ({"persist_h": 72.5}, "persist_h is 72.5; it must be a whole number."),
        ({"persist_h": "soon"}, "persist_h is 'soon'; it must be a number."),
        ({"persist_h": True}, "persist_h is True; it must be a number."),
        ({"persist_h": float("nan")}, "persist_h is nan; it must be a number."),
        ({"persist_h": None}, "persist_h is None; it must be a number."),
        ({"fever_confirm_h": 2}, "fever_confirm_h is 2 h; allowed is 0 or 4 h."),
        ({"fever": {"Cel": "38.3"}}, "fever needs a value in Cel and in [degF]."),
        (
            {"fever": {"Cel": "38.5", "[degF]": "100.4"}},
            "fever must be the same temperature in Cel and in [degF].",
        ),
        (
            {"g_high": {"mg/dL": 400, "mmol/L": "16.7"}},
            "g_high must be the same sugar in mg/dL and in mmol/L.",
        ),
        ({"weak_h": 24}, "weak_h is 24 h; allowed is 6 to 12 h."),
        ({"mute": True}, "mute is not a setting of this rule set."),
        ({"by_kind": {"rfa": {"severe": 9}}}, "severe cannot be set for rfa."),
        ({"by_kind": {"rfa": {"rise_h": 400}}}, "rise_h (rfa) is fixed at 336."),
        ({"by_kind": {"surgery": {}}}, "by_kind has no numbers for surgery."),
        ({"by_kind": 3}, "by_kind must name a kind of procedure and its numbers."),
    ],
    ids=str,
)
def test_a_refusal_names_the_setting_and_what_is_allowed(numbers, sentence):
    with pytest.raises(OutOfBounds) as refused:
        Protocol.from_numbers(numbers)
    assert str(refused.value) == sentence


def test_a_kind_of_procedure_has_its_own_window():
    protocol = Protocol.default()
    assert protocol.for_kind("rfa").persist_h == 336
    assert protocol.for_kind("rfa") is protocol.for_kind("rfa")
    assert protocol.for_kind("diagnostic") is protocol
