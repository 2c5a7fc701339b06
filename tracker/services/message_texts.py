"""The closed list of what staff may send to a patient's app, in both languages.

Prepared, so that each was read by somebody before it is sent, and is there in Spanish. The only
numbers in them are the clinic's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.models import Clinic


@dataclass(frozen=True, slots=True)
class Template:
    label: str
    """What staff choose it by."""
    words: dict[str, str]


TEMPLATES: dict[str, Template] = {
    "please_call": Template(
        "Please call us",
        {
            "en": "Please call us when you read this: {phone}.",
            "es": "Por favor, llámenos cuando lea esto: {phone}.",
        },
    ),
    "not_reached": Template(
        "We called and did not reach you",
        {
            "en": "We called you and did not reach you. Please call us: {phone}.",
            "es": "Le llamamos y no le encontramos. Por favor, llámenos: {phone}.",
        },
    ),
    "will_call": Template(
        "We have read it and will call you",
        {
            "en": "We have read what you sent. We will call you. If you feel worse before then, "
            "call us: {phone}. In an emergency call {emergency}.",
            "es": "Leímos lo que nos envió. Le llamaremos. Si se siente peor antes, llámenos: "
            "{phone}. En una emergencia, llame al {emergency}.",
        },
    ),
    "check_in": Template(
        "Please check in again",
        {
            "en": "Please check in again now, so that we see how you are.",
            "es": "Por favor, vuelva a contestar las preguntas ahora, para ver cómo está.",
        },
    ),
    "carry_on": Template(
        "We have read it, carry on",
        {
            "en": "We have read what you sent. You can carry on as your aftercare sheet says. "
            "Check in again if anything changes.",
            "es": "Leímos lo que nos envió. Puede seguir como dice su hoja de cuidados. Conteste "
            "las preguntas otra vez si algo cambia.",
        },
    ),
    "visit": Template(
        "Please arrange a visit",
        {
            "en": "We would like to see you. Please call us to arrange a visit: {phone}.",
            "es": "Queremos verle. Por favor, llámenos para hacer una cita: {phone}.",
        },
    ),
}


def words_of(template: str, *, clinic: Clinic, language: str) -> str:
    """Give the text as its patient will read it."""
    words = TEMPLATES[template].words
    numbers = {"phone": clinic.phone, "emergency": clinic.emergency_number}
    return words.get(language, words["en"]).format(**numbers)
