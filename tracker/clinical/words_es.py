"""Spanish (usted): what the evidence says and what the screens ask people to do.

No qualified translator has reviewed these texts yet, so an emergency text is shown with the
English line below it until REVIEWED_BY names somebody.
"""

from __future__ import annotations

AND = "y"
REVIEWED_BY: str | None = None

ITEMS = {
    "area_numbness": "piel dormida donde le trataron",
    "belly_pain": "dolor de barriga",
    "bladder_loss": "pérdida de control de la orina",
    "bowel_loss": "pérdida de control del intestino",
    "chest_pain": "dolor de pecho",
    "chills": "escalofríos con temblor",
    "clammy": "piel fría y húmeda",
    "confusion": "confusión",
    "dizzy": "mareo",
    "dyspnea": "dificultad para respirar",
    "extreme_pain": "dolor extremo",
    "face_swelling": "hinchazón de la cara, los labios o la garganta",
    "facial_flush": "cara enrojecida",
    "faint": "desmayo",
    "faint_injury": "golpe por la caída",
    "faint_repeat": "más de un desmayo",
    "fruity_breath": "aliento con olor a fruta",
    "glucose": "azúcar en la sangre",
    "headache": "dolor de cabeza",
    "hives": "ronchas",
    "itching": "comezón",
    "ketones": "cetonas",
    "leg_numbness": "pierna dormida",
    "leg_weakness": "pierna débil",
    "metallic_taste": "sabor a metal",
    "not_recovered": "no sentirse bien todavía",
    "numb_mouth": "boca dormida",
    "one_sided": "debilidad de un lado",
    "redness": "enrojecimiento",
    "ringing_ears": "zumbido de oídos",
    "saddle_numbness": "falta de sensación entre las piernas",
    "seizure": "convulsión",
    "stiff_neck": "cuello rígido",
    "swelling": "hinchazón",
    "temperature": "temperatura",
    "twitching": "espasmos",
    "vomiting": "vómito",
}

VALUES = {
    "mild": "leve",
    "severe": "fuerte",
    "moderate": "moderado",
    "large": "mucho",
}

SENTENCES = {
    "reported": "Nos dijo: {symptoms}.",
    "together": "Nos dijo a la vez: {symptoms}.",
    "within": "{symptoms}, en menos de {limit} horas.",
    "soon_after": "{symptoms}, en las primeras {limit} horas.",
    "no_urine": "Sin orinar por {hours} horas; el límite es {limit} horas.",
    "leg_severe": "La pierna está tan débil que no le sostiene.",
    "leg_weak_late": "Pierna débil {hours} horas después; el límite es {limit} horas.",
    "leg_numb_late": "Pierna dormida {hours} horas después; el límite es {limit} horas.",
    "leg_early": "{symptoms} en las primeras {limit} horas.",
    "skin_numb_late": "Piel dormida {hours} horas después; el límite es {limit} horas.",
    "skin_early": "La piel dormida es normal en las primeras {limit} horas.",
    "bleeding_on": "El sangrado no para al apretar fuerte.",
    "soaked": "La venda está empapada de sangre.",
    "spot": "Una mancha de sangre es normal.",
    "bruise": "Un moretón es normal.",
    "clear_drop": "Una gota clara es normal en las primeras {limit} horas.",
    "headache": "Dolor de cabeza fuerte.",
    "temperature": "Temperatura {value}; el límite es {limit}.",
    "temperature_late": (
        "Temperatura {value}, un mes o más después del procedimiento; el límite es {limit}."
    ),
    "temperature_low_grade": "Temperatura {value}; hay que medir otra vez desde {limit}.",
    "not_measured": "Se siente caliente y no se midió la temperatura.",
    "streaks": "Rayas rojas en la piel.",
    "site_mild": "{item} del tamaño de una moneda.",
    "site_large": "{item} del tamaño de la palma o más.",
    "site_any": "{item} donde le pusieron la inyección.",
    "site_worse": "{item} nuevo o peor {hours} horas después del procedimiento.",
    "site_not_better": "{item} sin mejorar {hours} horas después; el límite es {limit} horas.",
    "site_late": "{item} todavía {hours} horas después; el límite es {limit} horas.",
    "pus": "Pus donde le pusieron la inyección.",
    "fluid_late": "Líquido claro {hours} horas después; el límite es {limit} horas.",
    "warm_late": "Piel caliente {hours} horas después; el límite es {limit} horas.",
    "pain_severe": "Dolor {value} de 10 sin control; el dolor fuerte empieza en {limit}.",
    "pain_persists": "Dolor {value} de 10 otra vez después de {hours} horas; el límite es {limit}.",
    "pain_lasts": "Dolor {value} de 10 después de más de {hours} horas; el límite es {limit}.",
    "pain_rises": "Dolor {value} de 10 donde entró la aguja; había bajado a {lowest}.",
    "pain_flare": "Dolor {value} de 10 en las primeras {hours} horas; el límite es {limit}.",
    "soreness": "Una molestia de {value} de 10 es normal.",
    "sugar_high": "Azúcar en la sangre {value}; el límite es {limit}.",
    "sugar_low": "Azúcar en la sangre {value}; el límite de abajo es {limit}.",
    "sugar_low_again": (
        "Azúcar en la sangre {value}, baja otra vez en {hours} horas; el límite es {limit}."
    ),
    "sugar_above_usual": "Azúcar en la sangre {value}; la de siempre es {usual}.",
    "sugar_persists": (
        "Azúcar en la sangre {value} en la segunda semana, en dos fechas; el límite es {limit}."
    ),
    "hi": "El medidor dice HI.",
    "hi_again": "El medidor dice HI dos veces en {hours} horas.",
    "palpitations": "Nos dijo: el corazón late muy rápido o muy fuerte.",
    "other_today": "Otra cosa que no debe esperar.",
    "other_can_wait": "Otra cosa que puede esperar.",
    "silent": "Sin noticias por {hours} horas.",
    "unanswered": "Una pregunta urgente sin respuesta por {minutes} minutos.",
    "ask_unit": "¿Quiso decir {suggested}? {typed} no es posible.",
    "ask_unit_urgent": (
        "¿Quiso decir {suggested}? Revise ahora. Llame al {emergency} si se siente muy mal."
    ),
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

ACTIONS = {
    "emergency": "Llame al {emergency}",
    "call": "Llame a la clínica",
    "after_hours": "Llame fuera de horario",
}

HEADLINES = {
    "emergency": "Llame al {emergency} ahora",
    "emergency_low_sugar": "Tome azúcar ahora",
    "call_today": "Llame hoy a la clínica",
    "watch": "Revise otra vez pronto",
    "info": "Cuídese",
}

CALL = "Llame hoy a {clinic} al {phone}. Si está cerrado, llame al {after_hours}."
CALL_IF_NO_AFTER_HOURS = "Llame hoy a {clinic} al {phone}."
EMERGENCY = "Llame al {emergency} ahora. No espere a que la clínica le llame. No maneje."
CARRY_ON = (
    "Sus respuestas no muestran nada que necesite una llamada. Descanse cuando lo necesite. "
    "Vuelva para su próxima revisión. Avísenos en seguida si algo cambia."
)
FOOT = "Nadie vigila esta aplicación día y noche. En una emergencia, llame al {emergency}."

ADVICE = {
    "EM-BREATH": "Siéntese derecho. Quédese con alguien hasta que llegue la ayuda.",
    "EM-ANAPH": (
        "Use su inyector para alergias si su médico le dio uno. Acuéstese con las piernas en alto."
    ),
    "EM-CHEST": "Siéntese y descanse hasta que llegue la ayuda.",
    "EM-CAUDA": "Necesita ir a emergencias ahora. Pida a otra persona que le lleve.",
    "EM-WEAK": "Necesita ir a emergencias ahora. No camine sin ayuda.",
    "EM-NEURO": "Pida a alguien que se quede con usted hasta que llegue la ayuda.",
    "EM-LAST": "Siéntese. Pida a alguien que se quede con usted.",
    "EM-FAINT": "Acuéstese y no se levante hasta que llegue la ayuda.",
    "EM-BLEED": "Siga apretando fuerte hasta que llegue la ayuda.",
    "EM-SEPSIS": "Estas señales juntas necesitan ayuda ya. Pida a alguien que se quede con usted.",
    "EM-MENING": "Necesita ir a emergencias ahora. Pida a otra persona que le lleve.",
    "GL-VLOW": (
        "Su azúcar en la sangre está muy baja. Tome ahora 15 gramos de azúcar, como media taza de "
        "jugo. Mida otra vez en 15 minutos. Si usa un sensor, mida también con el dedo. "
        "Llame al {emergency} si se siente confundido, no puede tragar o sigue baja."
    ),
    "GL-DKA": "Necesita ir a emergencias ahora. Lleve su medidor.",
    "GL-HI": (
        "Su medidor no pudo leer tanta azúcar. Lávese las manos y mida otra vez ahora. "
        "Llame al {emergency} si dice HI otra vez."
    ),
    "GL-HI-AGAIN": "Necesita ir a emergencias ahora. Lleve su medidor.",
    "FV-FEVER": (
        "Usted tiene fiebre. Vaya a emergencias si se siente muy mal, está confundido "
        "o le cuesta respirar."
    ),
    "FV-FEVER-LATE": (
        "Usted tiene fiebre. La inyección fue hace un mes o más. Llame también a su médico de "
        "siempre."
    ),
    "FV-CHILLS": "Tiene escalofríos. Mida su temperatura ahora y díganos cuánto es.",
    "ST-RED": (
        "Hay que revisar la piel donde le pusieron la inyección. No la apriete. Manténgala limpia."
    ),
    "ST-SWELL": "Hay que revisar la hinchazón donde le pusieron la inyección. No la apriete.",
    "ST-DRAIN": "Sale líquido de la piel. Cúbrala. Manténgala limpia y seca.",
    "ST-WARM": "La piel donde le pusieron la inyección está caliente. Hay que revisarla.",
    "PN-SEVERE": (
        "Su dolor es fuerte y no baja. Descanse. Tome su medicina de siempre como le dijo su "
        "médico."
    ),
    "PN-PERSIST": "Su dolor ha durado demasiado. La clínica quiere saberlo.",
    "PN-RISE": "Su dolor bajó y volvió. La clínica quiere saberlo.",
    "GL-VHIGH": (
        "Su azúcar en la sangre está demasiado alta. Llame ahora a su médico de diabetes. "
        "Tome agua. Llame al {emergency} si vomita, está confundido o le cuesta respirar."
    ),
    "GL-HIGH": (
        "Su azúcar en la sangre está muy alta. Llame hoy a su médico de diabetes. Tome agua. "
        "Mida otra vez en 2 horas. Si usa insulina, mida las cetonas. "
        "Llame al {emergency} si vomita, está confundido o le cuesta respirar."
    ),
    "GL-LOW2": (
        "Su azúcar en la sangre está baja otra vez. Tome ahora 15 gramos de azúcar, como media "
        "taza de jugo. Mida otra vez en 15 minutos. Llame hoy a su médico de diabetes."
    ),
    "GL-PERSIST": "Su azúcar lleva varios días alta. Llame hoy a su médico de diabetes.",
    "AL-HIVES": (
        "Tiene ronchas o comezón. Llame ahora. Llame al {emergency} si se le hincha la cara "
        "o le cuesta respirar."
    ),
    "FA-FAINT": "Usted se desmayó. Acuéstese. Levántese despacio. No maneje hoy.",
    "BL-SOAK": "Apriete fuerte por 10 minutos. Póngase una venda limpia.",
    "NE-NUMB": "Ya no debería estar dormido. Tenga cuidado al caminar.",
    "HD-SEVERE": "Tiene un dolor de cabeza fuerte. Acuéstese boca arriba. Tome agua.",
    "OT-OTHER": "Gracias por avisarnos. La clínica quiere hablar con usted hoy.",
    "OT-OTHER-WAIT": (
        "Gracias por avisarnos. La clínica lo lee el próximo día de trabajo. Llame si empeora."
    ),
    "FV-LOW": (
        "Está un poco caliente. Mida otra vez en 4 horas, antes de tomar más medicina para la "
        "fiebre."
    ),
    "FV-FEVER-WAIT": "Usted tiene fiebre. Mida otra vez en 4 horas y díganos.",
    "FV-NOTEMP": "Busque un termómetro. Mida su temperatura en la próxima hora y díganos.",
    "ST-RED-WATCH": (
        "Un poco de enrojecimiento puede ser normal al principio. Ponga hielo en un paño por 20 "
        "minutos. Mire otra vez en su próxima revisión."
    ),
    "ST-SWELL-WATCH": (
        "Un poco de hinchazón puede ser normal al principio. Ponga hielo en un paño por 20 "
        "minutos. Mire otra vez en su próxima revisión."
    ),
    "PN-FLARE": (
        "Más dolor en los primeros días puede ser normal. Descanse. Ponga hielo en un paño por 20 "
        "minutos. Le preguntaremos otra vez."
    ),
    "PN-PERSIST-WATCH": "Su dolor no se ha ido. Descanse. Le preguntaremos otra vez mañana.",
    "NE-EARLY": (
        "No camine sin ayuda. Agárrese de algo. Revise otra vez 12 horas después de la inyección."
    ),
    "GL-240": (
        "Su azúcar en la sangre está alta. Tome agua. Mida otra vez en 4 horas. "
        "Si usa insulina o se siente mal, mida las cetonas."
    ),
    "GL-DELTA": (
        "Su azúcar está más alta que siempre. Puede pasar después de la inyección. Siga midiendo."
    ),
    "GL-LOW1": (
        "Su azúcar en la sangre está baja. Tome ahora 15 gramos de azúcar, como media taza de "
        "jugo. Mida otra vez en 15 minutos."
    ),
    "GL-NODM": "Su azúcar está más alta de lo normal. Dígaselo a su médico.",
    "IN-SORE": "Un poco de molestia es normal después de la inyección.",
    "IN-FLUSH": "La cara roja y caliente puede pasar después de la inyección. Se quita en días.",
    "IN-BRUISE": "Un moretón o una mancha pequeña es normal después de la inyección.",
    "IN-NUMB": (
        "La piel puede estar dormida unas horas. Tenga cuidado con las cosas calientes y frías."
    ),
    "SI-SILENT": "No hemos sabido de usted. Por favor responda ahora, aunque se sienta bien.",
    "QU-UNANSWERED": "Por favor responda ahora nuestra pregunta. Debemos estar seguros del número.",
}
