import pytest

from tests.clinical.factories import CALL, WATCH, a_reading, judged
from tracker.clinical.findings import Absent, Unknown
from tracker.clinical.protocol import Protocol
from tracker.clinical.signs.fever import fever

FEVER, LOW = {"fever": ("FV-FEVER", CALL)}, {"fever": ("FV-LOW", WATCH)}


@pytest.mark.parametrize(
    ("temperature", "found"),
    [
        ("36.0 C", {}),
        ("37.7 C", {}),
        ("37.8 C", LOW),
        ("37.9 C", LOW),
        ("38.0 C", FEVER),
        ("43.0 C", FEVER),
        ("99.9 F", {}),
        ("100.0 F", LOW),
        ("100.3 F", LOW),
        ("100.4 F", FEVER),
        ("101.0 F", FEVER),
    ],
)
def test_a_temperature_is_compared_in_the_unit_typed(temperature, found):
    assert judged(a_reading(temperature=temperature)) == found


@pytest.mark.parametrize("h", [0, 1, 71, 336, 719, 721, 3000])
def test_a_fever_calls_at_any_time_after_the_procedure(h):
    assert judged(a_reading(h, temperature="38.0 C")) == FEVER


def test_before_the_procedure_there_is_only_a_baseline():
    assert judged(a_reading(-0.01, temperature="39.0 C", chest_pain=True)) == {}


@pytest.mark.parametrize(
    ("line", "temperature", "found"),
    [
        (("37.8", "100.0"), "37.8 C", FEVER),
        (("38.5", "101.3"), "38.4 C", LOW),
        (("38.5", "101.3"), "101.2 F", LOW),
        (("38.5", "101.3"), "101.3 F", FEVER),
    ],
)
def test_a_clinic_may_move_the_line(line, temperature, found):
    numbers = {"fever": dict(zip(("Cel", "[degF]"), line, strict=True))}
    protocol = Protocol.from_numbers(numbers)
    assert judged(a_reading(temperature=temperature), protocol=protocol) == found


@pytest.mark.parametrize(
    ("first_h", "found"), [(46.1, WATCH), (46, CALL), (26, CALL), (25.9, WATCH)]
)
def test_a_clinic_may_ask_for_a_second_reading_four_hours_later(first_h, found):
    protocol = Protocol.from_numbers({"fever_confirm_h": 4})
    first, second = a_reading(first_h, temperature="38.2 C"), a_reading(50, temperature="100.4 F")
    unmeasured = a_reading(40, chills=False)
    assert judged(first, unmeasured, second, protocol=protocol) == {"fever": ("FV-FEVER", found)}


@pytest.mark.parametrize(
    ("reading", "found"),
    [
        (a_reading(chills=True), {"fever": ("FV-CHILLS", CALL)}),
        (a_reading(chills=False), {}),
        (a_reading(feverish=True), {"fever": ("FV-NOTEMP", WATCH)}),
        (a_reading(feverish=True, temperature="37.0 C"), {}),
        (a_reading(feverish=True, temperature="37.8 C"), LOW),
        (a_reading(feverish=True, chills=True), {"fever": ("FV-CHILLS", CALL)}),
        (a_reading(chills=True, temperature="38.0 C"), FEVER),
        (a_reading(chills=True, temperature="37.9 C"), {"fever": ("FV-CHILLS", CALL)}),
    ],
    ids=str,
)
def test_chills_and_feeling_hot(reading, found):
    assert judged(reading) == found


def test_a_thermometer_in_the_same_submission_answers_feeling_hot():
    hot, measured = a_reading(50, id="a", feverish=True), a_reading(50, id="b", temperature="37 C")
    assert judged(hot, measured) == {}


def test_the_rule_itself_tells_unknown_from_absent(moment):
    assert fever(moment(a_reading(chills=True)), Protocol()) == Unknown("temperature")
    assert fever(moment(a_reading(temperature="37.9 C")), Protocol()) == Absent()


def test_the_evidence_says_value_and_limit(finding):
    found = finding(a_reading(temperature="38.1 C"))
    assert found.because() == "Temperature 38.1 °C; the limit is 38.0 °C."
    assert found.because("es") == "Temperatura 38.1 °C; el límite es 38.0 °C."
    fahrenheit = finding(a_reading(temperature="100.4 F"))
    assert fahrenheit.because() == "Temperature 100.4 °F; the limit is 100.4 °F."
