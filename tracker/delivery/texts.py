"""The closed list of what leaves the product: no health data, no names, not even the clinic's."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.models.delivery import MessageKind


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str


TEXTS: dict[tuple[MessageKind, str], Text] = {
    (MessageKind.PATIENT_ALERT, "en"): Text("You have a new message", "Please open the app now."),
    (MessageKind.PATIENT_ALERT, "es"): Text(
        "Tiene un mensaje nuevo", "Por favor abra la aplicación ahora."
    ),
    (MessageKind.ICE_OFF, "en"): Text("The 20 minutes are up", "Open the app for what is next."),
    (MessageKind.ICE_OFF, "es"): Text(
        "Ya pasaron los 20 minutos", "Abra la aplicación para ver qué sigue."
    ),
    (MessageKind.ICE_AGAIN, "en"): Text("Your timer is done", "You can start again if you like."),
    (MessageKind.ICE_AGAIN, "es"): Text(
        "Su temporizador terminó", "Puede empezar otra vez si quiere."
    ),
    (MessageKind.CHECK_IN, "en"): Text("You have a reminder", "It takes less than a minute."),
    (MessageKind.CHECK_IN, "es"): Text("Tiene un recordatorio", "Toma menos de un minuto."),
    (MessageKind.ICE_OFFER, "en"): Text("You have a reminder", "Open the app when it suits you."),
    (MessageKind.ICE_OFFER, "es"): Text(
        "Tiene un recordatorio", "Abra la aplicación cuando le convenga."
    ),
    (MessageKind.GLUCOSE, "en"): Text("You have a reminder", "Open the app for what is next."),
    (MessageKind.GLUCOSE, "es"): Text(
        "Tiene un recordatorio", "Abra la aplicación para ver qué sigue."
    ),
    (MessageKind.RECHECK, "en"): Text("You have a reminder", "It takes less than a minute."),
    (MessageKind.RECHECK, "es"): Text("Tiene un recordatorio", "Toma menos de un minuto."),
    (MessageKind.FOLLOW_UP, "en"): Text("You have a few questions", "It takes a minute or two."),
    (MessageKind.FOLLOW_UP, "es"): Text("Tiene unas preguntas", "Toma uno o dos minutos."),
    (MessageKind.MESSAGE, "en"): Text("You have a new message", "Please open the app."),
    (MessageKind.MESSAGE, "es"): Text("Tiene un mensaje nuevo", "Por favor abra la aplicación."),
    (MessageKind.UNSEEN, "en"): Text("Please open the app", "There is something to do now."),
    (MessageKind.UNSEEN, "es"): Text("Por favor abra la aplicación", "Hay algo que hacer ahora."),
    (MessageKind.TEST, "en"): Text("It works", "Messages reach this phone."),
    (MessageKind.TEST, "es"): Text("Funciona", "Los mensajes llegan a este teléfono."),
    (MessageKind.STAFF_ALERT, "en"): Text("Somebody is waiting", "Please open the queue."),
    (MessageKind.STAFF_DIGEST, "en"): Text("Before you open", "Please look at the queue."),
}

STOP = {"en": "Reply STOP to end texts.", "es": "Responda STOP para no recibir más."}
"""How to take one's agreement back, in each text."""


def text_for(kind: str, language: str) -> Text:
    """Give the words of a message; staff read English."""
    found = TEXTS.get((MessageKind(kind), language))
    return found or TEXTS[MessageKind(kind), "en"]
