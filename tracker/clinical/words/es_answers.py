"""Spanish (usted): what we say about an answer that we must ask about or refuse."""

from __future__ import annotations

PROBLEMS = {
    "ask_unit": "¿Quiso decir {suggested}? {typed} no es posible.",
    "ask_unit_urgent": (
        "¿Quiso decir {suggested}? Revise ahora. Llame al {emergency} si se siente muy mal."
    ),
    "ask_value": "¿Está bien {typed}? Revise el número y la unidad.",
    "ask_value_urgent": (
        "¿Está bien {typed}? Revise ahora el número y la unidad. "
        "Llame al {emergency} si se siente muy mal."
    ),
    "not_object": "{field}: debe ser un grupo de respuestas.",
    "unknown_key": "{field}: no es una pregunta nuestra.",
    "nothing": "Por favor responda al menos una pregunta.",
    "required": "{field}: falta la respuesta.",
    "not_true_false": "{field}: responda sí o no.",
    "not_integer": "{field}: debe ser un número entero de {low} a {high}.",
    "range": "{field}: debe estar entre {low} y {high}.",
    "not_number": "{field}: debe ser un número, como {example}.",
    "not_whole_sugar": "{field}: en mg/dL es un número entero de {low} a {high}.",
    "choice": "{field}: debe ser una de estas: {choices}.",
    "text": "{field}: debe ser texto simple de 1 a {high} letras.",
    "not_time": "{field}: debe ser fecha y hora con su diferencia de UTC.",
    "future": "{field}: está en el futuro. Por favor revise la hora de su teléfono.",
    "not_id": "{field}: debe ser el número de una respuesta anterior.",
    "not_correctable": "{field}: debe ser una respuesta suya que todavía no haya corregido.",
    "not_list": "{field}: debe ser una lista de las partes que revisó.",
}

FIELDS = {
    "": "Su respuesta",
    "observed_at": "La hora de su respuesta",
    "pain": "El dolor",
    "pain/usual": "Su dolor de siempre",
    "pain/site": "El dolor donde entró la aguja",
    "pain/controlled": "Si su medicina le ayuda",
    "pain/worse_than_before": "Si su dolor es peor que antes",
    "temperature": "La temperatura",
    "temperature/value": "La temperatura",
    "temperature/unit": "La unidad de su temperatura",
    "temperature/antipyretic_within_6h": "Si tomó medicina para la fiebre",
    "glucose": "El azúcar en la sangre",
    "glucose/value": "El azúcar en la sangre",
    "glucose/unit": "La unidad de su azúcar",
    "glucose/device": "El aparato para su azúcar",
    "site": "La piel donde le pusieron la inyección",
    "site/redness": "El tamaño del enrojecimiento",
    "site/swelling": "El tamaño de la hinchazón",
    "site/warmth": "Si la piel está caliente",
    "site/drainage": "El líquido de la piel",
    "site/streaks": "Si hay rayas rojas",
    "site/bruise": "Si hay un moretón",
    "site/trend": "Si está mejor o peor",
    "symptoms": "Sus síntomas",
    "symptoms/urinary_retention_h": "Las horas sin orinar",
    "other": "Otra cosa",
    "other/text": "Lo que notó",
    "other/urgency": "Qué tan pronto necesita respuesta",
    "confirmed": "Lo que confirmó",
    "corrects": "La respuesta que corrige",
}
