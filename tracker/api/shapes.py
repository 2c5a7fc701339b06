"""The bodies of answers as OpenAPI: every key is there, and no other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.models.alert import AlertState, AlertTier, Outcome
from tracker.models.answer_to_advice import Did
from tracker.models.callback_request import CallbackState, CallWindow
from tracker.models.therapy import TherapyKind

Shape = dict[str, Any]

TEXT: Shape = {"type": "string"}
FLAG: Shape = {"type": "boolean"}
NUMBER: Shape = {"type": "integer"}
ID: Shape = {"type": "string", "format": "uuid"}
MOMENT: Shape = {"type": "string", "format": "date-time"}
ANYTHING: Shape = {"type": "object"}


def one_of(words: Iterable[str]) -> Shape:
    return {"type": "string", "enum": sorted({each.lower() for each in words})}


def maybe(shape: Shape) -> Shape:
    known = [*shape["enum"], None] if "enum" in shape else None
    return {**shape, "nullable": True, **({"enum": known} if known else {})}


def whole(**properties: Shape) -> Shape:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def list_of(shape: Shape) -> Shape:
    return {"type": "array", "items": shape}


def results_of(shape: Shape) -> Shape:
    return whole(results=list_of(shape))


def page_of(shape: Shape) -> Shape:
    return whole(results=list_of(shape), next=maybe(TEXT))


def either(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


_TIER = one_of(AlertTier.names)
_PATIENT = whole(id=ID, name=TEXT, phone=TEXT)

_STAFF = whole(kind=one_of(["staff"]), name=TEXT, role=TEXT, clinic=TEXT, csrf_token=TEXT)
_OF_A_PHONE = {
    "kind": one_of(["patient", "caregiver"]), "patient": ID, "name": TEXT, "clinic": TEXT,
    "csrf_token": TEXT,
}  # fmt: skip
SESSION = either(_STAFF, whole(**_OF_A_PHONE))
SIGNED_IN = whole(**_OF_A_PHONE, signed_out=list_of(ID))

ADVICE = whole(
    tier=_TIER, headline=TEXT, text=TEXT,
    reasons=list_of(whole(rule=TEXT, sign=TEXT, tier=_TIER, because=TEXT, source=TEXT)),
    actions=list_of(
        {**whole(kind=TEXT, label=TEXT, phone=TEXT), "required": ["kind", "label"]}
    ),
)  # fmt: skip
CHECK_IN_ANSWER = whole(
    id=ID, recorded_at=MOMENT, procedure=ID, advice=ADVICE,
    alerts=list_of(
        whole(id=ID, rule=TEXT, sign=TEXT, tier={"type": "string"}, event=TEXT)
    ),
    questions=list_of(whole(pointer=TEXT, code=TEXT, detail=TEXT, suggestion=maybe(ANYTHING))),
)  # fmt: skip
CHECK_IN = whole(
    id=ID, procedure=ID, observed_at=MOMENT, recorded_at=MOMENT, answers=ANYTHING,
    answered_by=maybe(TEXT),
)  # fmt: skip
ICE = whole(id=ID, started_at=MOMENT, off_at=MOMENT, again_at=MOMENT, stopped_at=maybe(MOMENT))
_CALLBACK = {
    "id": ID, "window": one_of(CallWindow.values), "about": TEXT,
    "status": one_of(CallbackState.values), "requested_at": MOMENT, "target_at": MOMENT,
    "caller": maybe(TEXT), "tried_at": maybe(MOMENT), "done_at": maybe(MOMENT),
}  # fmt: skip
CALLBACK = whole(**_CALLBACK)
_CALLBACK_AT_THE_DESK = {**_CALLBACK, "patient": _PATIENT, "owner": maybe(TEXT), "note": TEXT}
CALLBACK_AT_THE_DESK = whole(**_CALLBACK_AT_THE_DESK)
CALLBACKS = either(page_of(CALLBACK), results_of(whole(**_CALLBACK_AT_THE_DESK, overdue=FLAG)))
ANSWER_TO_ADVICE = whole(id=ID, did=one_of(Did.values))
MESSAGE = whole(
    id=NUMBER, template=TEXT, text=TEXT, sent_at=MOMENT, sent_by=maybe(TEXT), read_at=maybe(MOMENT)
)
TEMPLATE = whole(template=TEXT, label=TEXT, words=whole(en=TEXT, es=TEXT))
THERAPY = whole(
    id=ID, kind=one_of(TherapyKind.values), minutes=maybe(NUMBER), done_at=MOMENT,
    logged_by=maybe(TEXT),
)  # fmt: skip
_CAREGIVER = {"id": ID, "name": TEXT, "may_log": FLAG, "added_at": MOMENT}
CAREGIVER = whole(**_CAREGIVER)
INVITED = whole(**_CAREGIVER, join_url=TEXT, code=TEXT, expires_at=MOMENT)
DEVICE = whole(
    id=ID, name=TEXT, caregiver=maybe(TEXT), this_one=FLAG, signed_in_at=MOMENT,
    last_used_at=maybe(MOMENT),
)  # fmt: skip
PUSH_KEY = whole(application_server_key=TEXT)
SUBSCRIBED = whole(id=TEXT)
TEST_MESSAGE = whole(receipt=ID)
LOOK = whole(at=MOMENT, who=whole(kind=TEXT, name=TEXT, role=maybe(TEXT)), what=TEXT)
ALERT = whole(
    id=ID, patient=_PATIENT, procedure=ID, rule=TEXT, sign=TEXT, tier=_TIER,
    status=one_of(AlertState.values), because=TEXT, opened_at=MOMENT, raised_at=MOMENT,
    level=NUMBER, due_at=maybe(MOMENT), exhausted_at=maybe(MOMENT), owner=maybe(TEXT),
    acknowledged_at=maybe(MOMENT), resolved_at=maybe(MOMENT),
    outcome=maybe(one_of(Outcome.values)), note=TEXT,
)  # fmt: skip

ME = whole(
    now=MOMENT,
    patient=whole(
        name=TEXT, language=TEXT, timezone=TEXT, diabetes=FLAG, ice_safe=FLAG,
        units=whole(temperature=TEXT, glucose=TEXT),
    ),
    clinic=whole(
        name=TEXT, phone=TEXT, after_hours_phone=TEXT, hours=TEXT, emergency_number=TEXT,
        after_hours_text=TEXT, booking_link=maybe(TEXT),
    ),
    procedure=maybe(
        whole(id=ID, kind=TEXT, state=TEXT, ended_at=maybe(MOMENT), day=maybe(NUMBER))
    ),
    due=list_of(TEXT), advice=maybe(ADVICE), advice_from=maybe(MOMENT),
    alerts=list_of(whole(id=ID, sign=TEXT, status=one_of(AlertState.values))),
    answered=maybe(whole(did=one_of(Did.values), at=MOMENT)),
    callback_requests=list_of(CALLBACK), unread_messages=NUMBER, after_hours=maybe(TEXT),
    nobody_has_seen=maybe(TEXT), ice=maybe(ICE),
    caregiver=maybe(whole(name=TEXT, may_log=FLAG)),
)  # fmt: skip
