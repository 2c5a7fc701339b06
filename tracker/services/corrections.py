"""Two people correct the same at once: who saves last undoes nothing that they have not seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


class ChangedMeanwhile(Exception):
    """Somebody else has changed the same since; `standing` says to what. Nothing was stored."""

    def __init__(self, standing: dict[str, Any]) -> None:
        super().__init__(", ".join(standing))
        self.standing = standing


def plain(value: Any) -> Any:
    """A value as it comes back from a page, so that both can be compared."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def refuse_undoing(
    *, standing: Mapping[str, Any], fields: Mapping[str, Any], shown: Mapping[str, Any]
) -> None:
    """Refuse what would put back a value that whoever sends it has never seen.

    `standing` is read under the row's lock; `shown` is what stood on the page that was sent.
    """
    others = {
        name: standing[name]
        for name, value in fields.items()
        if name in shown and plain(standing[name]) not in (plain(shown[name]), plain(value))
    }
    if others:
        raise ChangedMeanwhile(others)
