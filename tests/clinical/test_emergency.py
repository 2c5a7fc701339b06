import pytest

from tests.clinical.factories import CALL, EMERGENCY, a_reading, at, judged

NOW = EMERGENCY


@pytest.mark.parametrize(
    ("symptoms", "sign", "found"),
    [
        ({"dyspnea": True}, "airway", ("EM-BREATH", NOW)),
        ({"dyspnea": False}, "airway", None),
        ({"face_swelling": True}, "airway", ("EM-ANAPH", NOW)),
        ({"hives": True}, "airway", ("AL-HIVES", CALL)),
        ({"itching": True}, "airway", ("AL-HIVES", CALL)),
        ({"hives": True, "vomiting": True}, "airway", ("EM-ANAPH", NOW)),
        ({"hives": True, "dizzy": True}, "airway", ("EM-ANAPH", NOW)),
        ({"hives": True, "faint": True}, "airway", ("EM-ANAPH", NOW)),
        ({"hives": True, "dyspnea": True}, "airway", ("EM-BREATH", NOW)),
        ({"hives": False, "vomiting": True}, "airway", None),
        ({"facial_flush": True, "sweating": True}, "airway", None),
        ({"chest_pain": True}, "chest", ("EM-CHEST", NOW)),
        ({"chest_pain": False}, "chest", None),
        ({"palpitations": True}, "chest", None),
        ({"bladder_loss": True}, "cauda", ("EM-CAUDA", NOW)),
        ({"bowel_loss": True}, "cauda", ("EM-CAUDA", NOW)),
        ({"saddle_numbness": True}, "cauda", ("EM-CAUDA", NOW)),
        ({"urinary_retention_h": 7}, "cauda", None),
        ({"urinary_retention_h": 8}, "cauda", ("EM-CAUDA", NOW)),
        ({"seizure": True}, "brain", ("EM-NEURO", NOW)),
        ({"confusion": True}, "brain", ("EM-NEURO", NOW)),
        ({"one_sided": True}, "brain", ("EM-NEURO", NOW)),
        ({"bleeding": "none"}, "bleed", None),
        ({"bleeding": "soaking"}, "bleed", ("BL-SOAK", CALL)),
        ({"bleeding": "not_stopping"}, "bleed", ("EM-BLEED", NOW)),
        ({"faint": True}, "faint", ("FA-FAINT", CALL)),
        ({"faint": True, "faint_recovered": True}, "faint", ("FA-FAINT", CALL)),
        ({"faint": True, "faint_recovered": False}, "faint", ("EM-FAINT", NOW)),
        ({"faint": True, "faint_injury": True}, "faint", ("EM-FAINT", NOW)),
        ({"faint": True, "faint_repeat": True}, "faint", ("EM-FAINT", NOW)),
        ({"faint": True, "chest_pain": True}, "faint", ("EM-FAINT", NOW)),
        ({"faint": True, "dyspnea": True}, "faint", ("EM-FAINT", NOW)),
        ({"faint_injury": True}, "faint", ("EM-FAINT", NOW)),
        ({"faint": False, "faint_recovered": False}, "faint", None),
    ],
    ids=str,
)
def test_the_emergency_screen(symptoms, sign, found):
    assert judged(a_reading(3, **symptoms)).get(sign) == found


@pytest.mark.parametrize(
    ("h", "weakness", "found"),
    [
        (0.1, "severe", ("EM-WEAK", NOW)),
        (11.99, "severe", ("EM-WEAK", NOW)),
        (12, "mild", ("EM-WEAK", NOW)),
        (400, "mild", ("EM-WEAK", NOW)),
        (400, "none", None),
        (400, False, None),
    ],
)
def test_a_weak_leg(h, weakness, found):
    assert judged(a_reading(h, leg_weakness=weakness)).get("leg") == found


@pytest.mark.parametrize(
    ("h", "symptoms", "found"),
    [
        (0.5, ["metallic_taste"], ("EM-LAST", CALL)),
        (6, ["twitching"], ("EM-LAST", CALL)),
        (6, ["ringing_ears", "numb_mouth"], ("EM-LAST", NOW)),
        (6.01, ["ringing_ears", "numb_mouth"], None),
    ],
)
def test_signs_of_too_much_numbing_medicine(h, symptoms, found):
    assert judged(a_reading(h, **dict.fromkeys(symptoms, True))).get("brain") == found


SEPSIS = ("EM-SEPSIS", NOW)


@pytest.mark.parametrize(
    ("heat", "illness", "found"),
    [
        ({"temperature": "38.0 C"}, {"confusion": True}, SEPSIS),
        ({"temperature": "37.9 C"}, {"confusion": True}, None),
        ({"temperature": "100.4 F"}, {"dyspnea": True}, SEPSIS),
        ({"temperature": "100.3 F"}, {"dyspnea": True}, None),
        ({"temperature": "35.9 C"}, {"clammy": True}, SEPSIS),
        ({"temperature": "36.0 C"}, {"clammy": True}, None),
        ({"temperature": "96.7 F"}, {"extreme_pain": True}, SEPSIS),
        ({"temperature": "96.8 F"}, {"extreme_pain": True}, None),
        ({"chills": True}, {"clammy": True}, SEPSIS),
        ({"chills": False}, {"clammy": True}, None),
        ({"feverish": True}, {"clammy": True}, None),
        ({"temperature": "39.0 C"}, {"clammy": False}, None),
    ],
    ids=str,
)
@pytest.mark.parametrize("apart_h", [0, 12])
def test_sepsis_joins_heat_and_illness(heat, illness, found, apart_h):
    one, two = a_reading(50, id="1", **heat), a_reading(50 + apart_h, id="2", **illness)
    assert judged(one, two).get("sepsis") == found
    one, two = a_reading(50, id="1", **illness), a_reading(50 + apart_h, id="2", **heat)
    assert judged(one, two).get("sepsis") == found


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"temperature": "38.5 C"}, {"clammy": True}),
        ({"headache": "severe"}, {"stiff_neck": True}),
        ({"glucose": "260"}, {"vomiting": True}),
    ],
)
@pytest.mark.parametrize(("apart_h", "together"), [(12, True), (12.01, False)])
def test_the_look_back_is_twelve_hours_and_no_more(one, two, apart_h, together):
    found = judged(a_reading(50, **one), a_reading(50 + apart_h, **two))
    assert any(tier == NOW for _, tier in found.values()) == together


@pytest.mark.parametrize(
    ("one", "two", "apart_h", "found"),
    [
        ({"faint": True}, {"faint_recovered": False}, 12, ("EM-FAINT", NOW)),
        ({"faint": True}, {"faint": False, "faint_recovered": False}, 3, ("EM-FAINT", NOW)),
        ({"faint": True}, {"faint_recovered": False}, 12.1, None),
        ({"faint": True}, {"faint_recovered": True}, 3, None),
        ({"faint": False}, {"faint_recovered": False}, 3, None),
        ({"faint_recovered": False}, {"faint": True}, 3, ("EM-FAINT", NOW)),
    ],
    ids=str,
)
def test_not_back_to_normal_may_be_told_in_a_later_check_in(one, two, apart_h, found):
    assert judged(a_reading(50, **one), a_reading(50 + apart_h, **two)).get("faint") == found


def test_old_evidence_alone_does_not_fire_again():
    earlier = a_reading(50, temperature="38.5 C", clammy=True)
    assert judged(earlier, a_reading(55, clammy=False, chills=False)) == {}


@pytest.mark.parametrize(
    ("symptoms", "found"),
    [
        ({"headache": "moderate", "stiff_neck": True}, None),
        ({"headache": "severe"}, ("HD-SEVERE", CALL)),
        ({"headache": "severe", "stiff_neck": True}, ("EM-MENING", NOW)),
        ({"headache": "severe", "temperature": "38.0 C"}, ("EM-MENING", NOW)),
        ({"headache": "severe", "temperature": "37.9 C"}, ("HD-SEVERE", CALL)),
        ({"headache": "none"}, None),
    ],
    ids=str,
)
def test_headache(symptoms, found):
    assert judged(a_reading(**symptoms)).get("head") == found


def test_the_symptoms_of_one_submission_count_together():
    parts = a_reading(5, id="a", hives=True), a_reading(5, id="b", vomiting=True)
    assert judged(*parts)["airway"] == ("EM-ANAPH", NOW)


def test_the_evidence_of_a_pair_names_both(finding):
    found = finding(a_reading(76, temperature="35.8 C"), a_reading(76.2, clammy=True))
    assert found.because() == "Cold, damp skin and temperature (35.8 °C), within 12 hours."
    assert {(evidence.reading, evidence.item) for evidence in found.inputs} == {
        ("at-76", "temperature"),
        ("at-76.2", "clammy"),
    }
    assert found.observed_at == at(76.2)
