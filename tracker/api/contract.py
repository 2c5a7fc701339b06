"""The contract at /api/schema/: what each view says of itself, and the refusals that all share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from tracker.api.schemas import PROBLEM, PROBLEM_SCHEMA
from tracker.problems import CONTENT_TYPE


class Contract(AutoSchema):
    """Each operation with every answer that it can give."""

    def get_description(self) -> str:
        return ""  # what a view says of itself is for whoever reads the code

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        found: dict[str, Any] = super()._get_response_bodies(direction)
        self.registry.register_on_missing(_problem())
        for status in self._refusals():
            found.setdefault(status, self._get_response_for_code(PROBLEM, status))
        return dict(sorted(found.items()))

    def _get_response_for_code(
        self, serializer: Any, status_code: str, media_types: Any = None, *args: Any, **known: Any
    ) -> dict[str, Any]:
        kinds = [CONTENT_TYPE] if status_code >= "400" else media_types
        return super()._get_response_for_code(serializer, status_code, kinds, *args, **known)

    def _get_request_body(self, direction: Any = "request") -> Any:
        if self.method != "DELETE":
            return super()._get_request_body(direction)
        self.method = "POST"  # what ends messages names the endpoint in its body; others say None
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def _refusals(self) -> Iterator[str]:
        yield "400"  # a parameter or a key that is unknown, a length that is no number
        yield "406"
        yield "503"
        if {} not in self.get_auth():
            yield from ("401", "403")
        if "{" in self.path:
            yield "404"
        if self._get_request_body() is not None:
            yield "415"


def _problem() -> ResolvedComponent:
    return ResolvedComponent(
        name="Problem", type=ResolvedComponent.SCHEMA, schema=PROBLEM_SCHEMA, object="Problem"
    )


class Strict(OpenApiSerializerExtension):
    """A key that the serializer does not know is refused."""

    target_class = "tracker.api.fields.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        mapped = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**mapped, "additionalProperties": False}
