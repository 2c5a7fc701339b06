"""Spanish (usted): what the screens ask people to do, the most urgent thing first."""

from __future__ import annotations

# Which qualified translator has checked which message: "advice.EM-CHEST": "A. Name, 2026-01-31".
REVIEWED_BY: dict[str, str] = {}

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
    "before": "Guardado",
    "doubt": "Revise un número, por favor",
}

LINES = {
    "call": "Llame hoy a {clinic} al {phone}. Si está cerrado, llame al {after_hours}.",
    "call_only": "Llame hoy a {clinic} al {phone}.",
    "emergency": "Llame al {emergency} ahora. No espere a que la clínica le llame. No maneje.",
    "carry_on": (
        "Nada de lo que nos dijo necesita una llamada. Descanse cuando lo necesite. "
        "Vuelva para su próxima revisión. Avísenos en seguida si algo cambia."
    ),
    "before": ("Así estaba usted antes del procedimiento. No buscamos señales de alarma en esto."),
    "doubt": (
        "Uno de sus números puede ser un error. Mírelo otra vez y responda la pregunta. "
        "Llame a la clínica ahora si el número es correcto."
    ),
    "ice": "Ponga hielo en un paño sobre el lugar por 20 minutos. ",
    "very_ill": "Llame al {emergency} si se siente muy mal.",
    "foot": "Nadie vigila esta aplicación día y noche. En una emergencia, llame al {emergency}.",
}

ADVICE = {
    "EM-BREATH": "Siéntese derecho. Quédese con alguien hasta que llegue la ayuda.",
    "EM-ANAPH": ("Use su inyector para alergias si su médico le dio uno. Quédese con alguien."),
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
    "ST-WARM": (
        "La piel donde le pusieron la inyección está caliente. Hay que revisarla. No la apriete."
    ),
    "PN-SEVERE": (
        "Su dolor es fuerte y no baja. Descanse. {ice}Tome su medicina de siempre como le dijo su "
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
    "FA-FAINT": "Usted se desmayó. Acuéstese. Levántese despacio.",
    "BL-SOAK": "Apriete fuerte por 10 minutos. Póngase una venda limpia.",
    "NE-NUMB": "Esa parte ya no debería estar dormida. Tenga cuidado al caminar.",
    "HD-SEVERE": "Tiene un dolor de cabeza fuerte. Quédese acostado hasta hablar con la clínica.",
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
        "Un poco de enrojecimiento puede ser normal al principio. {ice}"
        "Mire otra vez en su próxima revisión."
    ),
    "ST-SWELL-WATCH": (
        "Un poco de hinchazón puede ser normal al principio. {ice}"
        "Mire otra vez en su próxima revisión."
    ),
    "PN-FLARE": (
        "Más dolor en los primeros días puede ser normal. Descanse. {ice}Le preguntaremos otra vez."
    ),
    "PN-PERSIST-WATCH": "Su dolor no se ha ido. Descanse. Le preguntaremos otra vez mañana.",
    "NE-EARLY": ("No camine sin ayuda. Agárrese de algo. Le preguntaremos otra vez."),
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
