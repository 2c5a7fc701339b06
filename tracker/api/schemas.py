"""The bodies of the contract as OpenAPI, where no serializer describes them."""

from __future__ import annotations

from typing import Any

_TIER = {"type": "string", "enum": ["info", "watch", "call_today", "emergency"]}
_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}


def _object(required: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    return {**schema, "required": required} if required else schema


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_SCORE = {"type": "integer", "minimum": 0, "maximum": 10}
_GRADE = {"type": "integer", "minimum": 0, "maximum": 3}

CHECK_IN_REQUEST = {
    "application/json": _object(
        ["observed_at"],
        observed_at={"type": "string", "format": "date-time"},
        pain=_object(usual=_SCORE, site=_SCORE, controlled=_FLAG, worse_than_before=_FLAG),
        temperature=_object(
            ["value", "unit"], value=_TEXT, unit={"type": "string", "enum": ["Cel", "[degF]"]},
            antipyretic_within_6h=_FLAG,
        ),
        glucose=_object(
            ["value", "unit"],
            value={"type": "string", "description": 'A number, "HI" or "LO"'},
            unit={"type": "string", "enum": ["mg/dL", "mmol/L"]},
            device={"type": "string", "enum": ["meter", "cgm"]},
        ),
        site=_object(
            redness=_GRADE, swelling=_GRADE, warmth=_FLAG, streaks=_FLAG, bruise=_FLAG,
            drainage={"type": "string", "enum": ["none", "spot", "clear", "pus"]},
            trend={"type": "string", "enum": ["first", "better", "same", "worse"]},
        ),
        symptoms={"type": "object", "description": "Items of the vocabulary; absent: unanswered"},
        other=_object(
            ["text"], text={"type": "string", "maxLength": 2000},
            urgency={"type": "string", "enum": ["today", "unsure", "can_wait"], "nullable": True},
        ),
        confirmed=_list_of({"type": "string", "enum": ["temperature", "glucose"]}),
        corrects={"type": "string", "format": "uuid", "nullable": True},
    )
}  # fmt: skip

_REASON = _object(rule=_TEXT, sign=_TEXT, tier=_TIER, because=_TEXT, source=_TEXT)
_ACTION = _object(kind=_TEXT, label=_TEXT, phone=_TEXT)
ADVICE = _object(
    tier=_TIER, headline=_TEXT, text=_TEXT, reasons=_list_of(_REASON), actions=_list_of(_ACTION)
)
CHECK_IN_ANSWER = _object(
    id={"type": "string", "format": "uuid"},
    recorded_at={"type": "string", "format": "date-time"},
    procedure={"type": "string", "format": "uuid"},
    advice=ADVICE,
    alerts=_list_of(_object(id=_TEXT, rule=_TEXT, sign=_TEXT, tier=_TIER, event=_TEXT)),
    questions=_list_of(
        _object(pointer=_TEXT, code=_TEXT, detail=_TEXT, suggestion={"type": "object"})
    ),
)
PAGE = _object(results=_list_of({"type": "object"}), next={"type": "string", "nullable": True})
PROBLEM = _object(
    type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT,
    errors=_list_of(_object(pointer=_TEXT, code=_TEXT, detail=_TEXT)),
)  # fmt: skip
