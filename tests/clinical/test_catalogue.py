import ast
import sys
from pathlib import Path

import pytest

from tests.clinical.factories import DEFAULT, a_course, a_reading, at
from tracker.clinical import sources
from tracker.clinical.assessment import assess, is_clear
from tracker.clinical.findings import Unknown
from tracker.clinical.protocol import settings
from tracker.clinical.reading import SITE_ITEMS
from tracker.clinical.signs import TIMED_SIGNS, WARNING_SIGNS, sign_items
from tracker.clinical.vocabulary import SYMPTOMS

SPECIFIED = set(
    """
    EM-BREATH EM-ANAPH EM-CHEST EM-CAUDA EM-WEAK EM-NEURO EM-LAST EM-FAINT EM-BLEED EM-SEPSIS
    EM-MENING GL-VLOW GL-DKA GL-HI FV-FEVER FV-CHILLS ST-RED ST-SWELL ST-DRAIN ST-WARM PN-SEVERE
    PN-PERSIST PN-RISE GL-HIGH GL-VHIGH GL-LOW2 GL-PERSIST AL-HIVES FA-FAINT BL-SOAK NE-NUMB
    HD-SEVERE OT-OTHER SI-SILENT FV-LOW FV-NOTEMP PN-FLARE NE-EARLY GL-240 GL-DELTA GL-LOW1 GL-NODM
    IN-SORE IN-FLUSH IN-BRUISE IN-NUMB QU-UNANSWERED
""".split()  # noqa: SIM905
)
ALL = (*WARNING_SIGNS, *TIMED_SIGNS)
by_code = pytest.mark.parametrize("sign", ALL, ids=lambda sign: sign.code)
by_look = pytest.mark.parametrize("sign", WARNING_SIGNS, ids=lambda sign: sign.code)
ITEMS = {"temperature", "glucose", "pain.usual", "pain.site", "other", *SYMPTOMS,
         *(f"site.{item}" for item in SITE_ITEMS)}  # fmt: skip


def test_every_rule_of_the_specification_is_there_and_no_other():
    assert {sign.rule for sign in ALL} == SPECIFIED


def test_no_rule_stands_twice_for_a_sign():
    assert len({sign.code for sign in ALL}) == len(ALL)


@by_code
def test_every_rule_has_named_sources_and_known_settings(sign):
    assert sign.title and sign.sources
    assert all(sources.named(key) for key in sign.sources)
    assert {setting.name for setting in settings()} >= set(sign.may_set)


@by_look
def test_every_rule_looks_at_questions_that_are_asked(sign):
    assert set(sign.items) <= ITEMS
    assert set(sign_items(sign.sign)) <= ITEMS


@by_look
def test_silence_is_never_taken_for_health(sign, moment):
    other_item = {"pain.usual": {"sore": 0}}.get(sign.items[0], {"usual": 0})
    assert isinstance(sign.look(moment(a_reading(**other_item)), DEFAULT), Unknown)


@by_look
def test_silence_never_closes_anything(sign):
    course = a_course(a_reading(50))
    assert not is_clear(course, sign.sign, at(50), DEFAULT)


def test_only_the_emergency_leg_window_may_be_set_in_an_emergency_rule():
    emergency = [sign for sign in WARNING_SIGNS if sign.rule.startswith("EM-")]
    assert {name for sign in emergency for name in sign.may_set} == {"weak_h"}


def test_what_fired_is_on_record_with_inputs_and_limit():
    course = a_course(a_reading(80, sore=4, temperature="38.5 C"))
    record = assess(course, at(80), DEFAULT).as_json()
    assert record["rule_set"] == "1" and record["tier"] == "call_today"
    fever = next(row for row in record["fired"] if row["rule"] == "FV-FEVER")
    assert fever["inputs"] == [
        {"reading": "at-80", "item": "temperature", "value": {"value": "38.5", "unit": "Cel"}}
    ]
    assert fever["limit"] == "38.0 °C" and fever["counts"] is True


def test_what_fired_but_does_not_count_is_on_record_too():
    record = assess(a_course(a_reading(temperature="38 C", chills=True)), at(50), DEFAULT).as_json()
    assert {row["rule"]: row["counts"] for row in record["fired"]} == {
        "FV-FEVER": True,
        "FV-CHILLS": False,
    }


CORE = Path(__file__).parents[2] / "tracker" / "clinical"


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda p: str(p.relative_to(CORE)))
def test_the_core_is_pure(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            assert name.split(".")[0] in sys.stdlib_module_names, name
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("now", "today", "utcnow"), "only callers read the clock"
        if isinstance(node, ast.Name):
            assert node.id not in ("open", "print", "input")
