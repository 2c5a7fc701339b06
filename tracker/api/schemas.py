"""The bodies of requests and refusals as OpenAPI, where no serializer describes them."""

from __future__ import annotations

from typing import Any

from tracker.api.shapes import FLAG as _FLAG
from tracker.api.shapes import MOMENT as _MOMENT
from tracker.api.shapes import TEXT as _TEXT


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
        observed_at=_MOMENT,
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

PROBLEM = {"$ref": "#/components/schemas/Problem"}
PROBLEM_SCHEMA = _object(
    ["type", "title", "status", "detail", "errors"],
    type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT,
    errors=_list_of(
        _object(["pointer", "code", "detail"], pointer=_TEXT, code=_TEXT, detail=_TEXT)
    ),
    owner={**_TEXT, "description": "Who has taken the alert"},
    csrf_token={**_TEXT, "description": "For signing in, where nobody is signed in"},
    allowed_from={**_MOMENT, "description": "When heat may begin"},
    next_allowed_at={**_MOMENT, "description": "When ice may begin again"},
)  # fmt: skip
