"""Strict fields: unknown keys are refused, and a type is what JSON says it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses keys that it does not know, so that a typing error is never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            unknown = sorted(str(key)[:40] for key in data if key not in self.fields)
            if unknown:
                known = ", ".join(self.fields)
                message = f"Unknown key; what is understood here: {known}."
                raise serializers.ValidationError(
                    {key: [ErrorDetail(message, code="unknown_key")] for key in unknown}
                )
        return super().to_internal_value(data)


class Text(serializers.CharField):
    """JSON text only: a number is not quietly turned into one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Give text.", code="not_text")
        try:
            data.encode("utf-8")
        except UnicodeEncodeError:
            raise serializers.ValidationError(
                "Give text without broken characters.", code="not_text"
            ) from None
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.DATETIME)
class Moment(serializers.Field[datetime, str, str, Any]):
    """ISO 8601 with an offset, such as 2026-11-21T09:00:00-05:00."""

    def to_internal_value(self, data: Any) -> datetime:
        message = "Give a time with its offset, such as 2026-11-21T09:00:00-05:00."
        try:
            moment = datetime.fromisoformat(data)
        except (TypeError, ValueError):
            raise serializers.ValidationError(message, code="not_a_time") from None
        if moment.utcoffset() is None or not 2000 <= moment.year <= 2200:
            raise serializers.ValidationError(message, code="not_a_time")
        return moment

    def to_representation(self, value: datetime) -> str:
        return value.isoformat()
