"""Why an alert was raised: the evidence, the rule, the numbers that judged it, and the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.clinical.signs import TIMED_SIGNS, WARNING_SIGNS
from tracker.clinical.sources import SOURCES, named
from tracker.models import Alert, Assessment

_SOURCES = {
    **{each.code: each.sources for each in WARNING_SIGNS},
    **{each.code: each.sources for each in TIMED_SIGNS},
}
GONE = "not in the catalogue any more"


def why(*, alert: Alert, assessment: Assessment | None = None) -> str:
    """Say why an alert stands as it does, as "Temperature 38.1 °C; the limit is 38.0 °C. Rule
    FV-FEVER of rule set 1, protocol version 3; source: ..."."""
    return say(alert, assessment or judged_by(alert))


def say(alert: Alert, judged: Assessment | None) -> str:
    """The same without looking anything up."""
    rule = f"Rule {alert.rule}"
    if judged is not None:
        rule += f" of rule set {judged.rule_set}, protocol version {judged.protocol_version.number}"
        if judged.protocol_override_id is not None:
            rule += " with numbers of this patient's own"
    return f"{alert.because} {rule}; source: {_source(alert, judged)}."


def judged_by(alert: Alert) -> Assessment | None:
    """The assessment that raised an alert last; later ones may have judged it by other numbers."""
    rows = Assessment.objects.select_related("protocol_version").filter(
        procedure_id=alert.procedure_id,
        assessed_at=alert.raised_at,
        findings__fired__contains=[{"rule": alert.rule, "sign": alert.sign}],
    )
    if alert.check_in_id is not None:
        rows = rows.filter(check_in_id=alert.check_in_id)
    return rows.order_by("-pk").first()


def raised_by(alert: Alert, judged: Iterable[Assessment]) -> Assessment | None:
    """The one of these assessments, oldest first, that raised an alert last."""
    found = [
        each
        for each in judged
        if each.procedure_id == alert.procedure_id
        and each.assessed_at == alert.raised_at
        and (alert.check_in_id is None or each.check_in_id == alert.check_in_id)
        and any(True for _ in _of(alert, each.findings["fired"]))
    ]
    return found[-1] if found else None


def _source(alert: Alert, judged: Assessment | None) -> str:
    """The source that the finding was stored with, else those of the catalogue."""
    fired = judged.findings["fired"] if judged else []
    key = next((each["source"] for each in _of(alert, fired) if each["source"] in SOURCES), None)
    keys = [key] if key else _SOURCES.get(f"{alert.rule}/{alert.sign}", ())[:1]
    return named(keys[0]) if keys else GONE


def _of(alert: Alert, fired: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    return (each for each in fired if (each["rule"], each["sign"]) == (alert.rule, alert.sign))
