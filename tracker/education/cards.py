"""The education cards: what each says, in which days, for whom, and who said it first.

Values only. A card gives no diagnosis and no dose; what to do about a sign is the care card's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

Who = Literal["everybody", "diabetes", "ice_is_safe", "steroid"]


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Card:
    """`days` are the first and the last day since the procedure on which it is of use."""

    key: str
    days: tuple[int, int]
    who: Who
    source: str
    """A key of tracker/clinical/sources.py."""
    texts: Mapping[str, Text]

    @property
    def digest(self) -> str:
        """Changes with every word, day and source: what was approved is this and nothing else."""
        words = {language: [text.title, text.body] for language, text in self.texts.items()}
        told = [self.key, self.days, self.who, self.source, words]
        return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _card(key: str, days: tuple[int, int], who: Who, source: str, *, en: Text, es: Text) -> Card:
    return Card(key, days, who, source, {"en": en, "es": es})


CARDS: tuple[Card, ...] = (
    _card(
        "numb",
        (0, 1),
        "everybody",
        "SEED1",
        en=Text(
            "The numbing wears off",
            "The first medicine works fast and then fades. Your old pain may come back on the"
            " first day. That alone does not mean that the block failed.",
        ),
        es=Text(
            "El efecto de la anestesia pasa",
            "La primera medicina actúa rápido y luego se va. Su dolor de antes puede volver el"
            " primer día. Eso solo no quiere decir que el bloqueo no sirvió.",
        ),
    ),
    _card(
        "soreness",
        (0, 3),
        "everybody",
        "SEED1",
        en=Text(
            "Some soreness is normal",
            "The spot of the needle may be sore for a few days. Tell us if it gets worse, or if"
            " it lasts longer than that.",
        ),
        es=Text(
            "Un poco de dolor es normal",
            "El lugar de la aguja puede doler unos días. Díganos si empeora o si dura más que eso.",
        ),
    ),
    _card(
        "ice",
        (0, 3),
        "ice_is_safe",
        "SEED1",
        en=Text(
            "Ice, 20 minutes at a time",
            "Ice can ease the soreness. Put a cloth between the ice and your skin. Take it off"
            " after 20 minutes and let your skin rest. The ice timer counts for you.",
        ),
        es=Text(
            "Hielo, 20 minutos cada vez",
            "El hielo puede aliviar el dolor. Ponga un paño entre el hielo y la piel. Quítelo a"
            " los 20 minutos y deje descansar la piel. El reloj del hielo cuenta por usted.",
        ),
    ),
    _card(
        "steroid",
        (1, 7),
        "steroid",
        "FLARE",
        en=Text(
            "The steroid needs time",
            "The second medicine works slowly. Some people hurt more for a day or two before it"
            " helps.",
        ),
        es=Text(
            "El esteroide necesita tiempo",
            "La segunda medicina actúa despacio. A algunas personas les duele más uno o dos días"
            " antes de que ayude.",
        ),
    ),
    _card(
        "sugar",
        (0, 7),
        "diabetes",
        "NHS-STEROID",
        en=Text(
            "Blood sugar can rise for some days",
            "The steroid can raise your blood sugar. Measure as your clinic told you, and enter"
            " each number here: you see at once if you should call.",
        ),
        es=Text(
            "El azúcar puede subir unos días",
            "El esteroide puede subir su azúcar. Mídala como le dijo su clínica y anote aquí cada"
            " número: verá enseguida si debe llamar.",
        ),
    ),
    _card(
        "activity",
        (0, 2),
        "everybody",
        "SAMC",
        en=Text(
            "Take it easy at first",
            "Rest on the first day. Then do a little more each day, as your clinic told you. Stop"
            " what makes the pain worse.",
        ),
        es=Text(
            "Al principio, con calma",
            "Descanse el primer día. Después haga un poco más cada día, como le dijo su clínica."
            " Deje lo que empeora el dolor.",
        ),
    ),
    _card(
        "exercise",
        (3, 200),
        "everybody",
        "SEED1",
        en=Text(
            "Walk or swim",
            "Walking and swimming are kind to your back. They keep it bendy and strong. Start"
            " with a few minutes, and ask your clinic when you may swim.",
        ),
        es=Text(
            "Camine o nade",
            "Caminar y nadar son buenos para la espalda. La mantienen flexible y fuerte. Empiece"
            " con unos minutos y pregunte a su clínica cuándo puede nadar.",
        ),
    ),
    _card(
        "posture",
        (7, 200),
        "everybody",
        "SEED1",
        en=Text(
            "Sit and stand well",
            "Sit up straight, with both feet on the floor. Get up and move now and then. Set your"
            " chair and table so that they fit you.",
        ),
        es=Text(
            "Siéntese y párese bien",
            "Siéntese derecho, con los dos pies en el piso. Levántese y muévase de vez en cuando."
            " Ajuste la silla y la mesa a su medida.",
        ),
    ),
    _card(
        "sleep",
        (1, 30),
        "everybody",
        "MEMORY",
        en=Text(
            "Sleep on your side",
            "A pillow between your knees can take the load off your back. Turn to the side that"
            " does not hurt.",
        ),
        es=Text(
            "Duerma de lado",
            "Una almohada entre las rodillas puede aliviar la espalda. Acuéstese del lado que no"
            " duele.",
        ),
    ),
    _card(
        "lasting",
        (14, 200),
        "everybody",
        "SEED1",
        en=Text(
            "How long it helps",
            "Relief may last up to six months. If the pain comes back, tell your clinic: a block"
            " can often be given again.",
        ),
        es=Text(
            "Cuánto tiempo ayuda",
            "El alivio puede durar hasta seis meses. Si el dolor vuelve, dígaselo a su clínica:"
            " muchas veces el bloqueo se puede repetir.",
        ),
    ),
)


def on_day(day: int, *, diabetes: bool, ice_is_safe: bool, steroid: bool) -> list[Card]:
    """The cards that are of use to somebody on this day since the procedure, in order."""
    whom = {
        "everybody": True,
        "diabetes": diabetes and steroid,
        "ice_is_safe": ice_is_safe,
        "steroid": steroid,
    }
    return [card for card in CARDS if whom[card.who] and card.days[0] <= day <= card.days[1]]
