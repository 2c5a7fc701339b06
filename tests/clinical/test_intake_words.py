import pytest

from tests.clinical.check_ins import read


@pytest.mark.parametrize(
    ("parts", "english", "spanish"),
    [
        (
            {"pain": {"usual": 11}},
            "Your usual pain must be from 0 to 10.",
            "Su dolor de siempre: debe estar entre 0 y 10.",
        ),
        (
            {"pain": {"site": 7.5}},
            "Pain where the needle went in must be a whole number from 0 to 10.",
            "El dolor donde entró la aguja: debe ser un número entero de 0 a 10.",
        ),
        (
            {"temperature": {"value": "60", "unit": "Cel"}},
            "Temperature must be from 34.0 to 43.0.",
            "La temperatura: debe estar entre 34.0 y 43.0.",
        ),
        (
            {"symptoms": {"chest_pain": "x"}},
            "Chest pain must be yes or no.",
            "Dolor de pecho: responda sí o no.",
        ),
        ({}, "Please answer at least one question.", "Por favor responda al menos una pregunta."),
    ],
    ids=str,
)
def test_a_problem_says_which_answer_and_what_would_be_right(parts, english, spanish):
    problem = read(**parts).problems[0]
    assert problem.detail == english and problem.say("es") == spanish


@pytest.mark.parametrize(
    ("glucose", "english", "spanish"),
    [
        (
            {"value": "6.1", "unit": "mg/dL"},
            "Did you mean 6.1 mmol/L? 6.1 mg/dL is not possible.",
            "¿Quiso decir 6.1 mmol/L? 6.1 mg/dL no es posible.",
        ),
        (
            {"value": 22, "unit": "mg/dL"},
            "Did you mean 22 mmol/L? Please check now. Call 911 if you feel very ill.",
            "¿Quiso decir 22 mmol/L? Revise ahora. Llame al 911 si se siente muy mal.",
        ),
        (
            {"value": "120.5", "unit": "mmol/L"},
            "Is 120.5 mmol/L right? Please check the number and the unit.",
            "¿Está bien 120.5 mmol/L? Revise el número y la unidad.",
        ),
        (
            {"value": "40.5", "unit": "mmol/L"},
            "Is 40.5 mmol/L right? Please check the number and the unit now. "
            "Call 911 if you feel very ill.",
            "¿Está bien 40.5 mmol/L? Revise ahora el número y la unidad. "
            "Llame al 911 si se siente muy mal.",
        ),
    ],
    ids=str,
)
def test_a_question_in_words(glucose, english, spanish):
    question = read(glucose=glucose).questions[0]
    assert question.detail == english and question.say("es") == spanish
    assert "112" in question.say("en", "112") or not question.urgent
