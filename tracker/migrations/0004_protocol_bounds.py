"""What a clinic may set is refused outside its bounds by the database, whoever writes.

The bounds are those of the catalogue on the day of this migration, written out: a later change of
tracker/clinical/bounds.py needs a migration of its own. tests/project/test_bounds.py compares them.
"""

from django.db import migrations

TABLES = {"protocol": "tracker_protocolversion", "override": "tracker_protocoloverride"}

WHOLE = {
    "persist_h": (48, 168),
    "severe": (7, 10),
    "site_grace_h": (0, 72),
    "site_resolve_h": (48, 168),
    "weak_h": (6, 12),
    "area_numb_h": (12, 48),
    "dx_percent": (30, 100),
    "active_h": (168, 720),
    "outcome_d": (0, 365),
}
CHOICE = {"fever_confirm_h": (0, 4), "g_high_count": (1, 2)}
PAIR = {
    "fever": {"Cel": ("37.8", "38.5"), "[degF]": ("100.0", "101.3")},
    "g_high": {"mg/dL": ("250", "400"), "mmol/L": ("13.9", "22.2")},
}
# The two values of a pair mean the same, within what rounding explains.
SAME = {
    "fever": "abs({Cel} * 9 / 5 + 32 - {[degF]}) <= 0.1",
    "g_high": "abs({mmol/L} * 18 - {mg/dL}) <= 2",
}
BY_KIND = {("rfa", "persist_h"): (168, 672)}

DECIMAL = r"^[0-9]{1,6}(\.[0-9]{1,6})?$"


def _within(inside: str, key: str, low: object, high: object) -> str:
    """A number of the JSON object `inside`, if it is there at all. CASE keeps the order."""
    number = f"({inside} ->> '{key}')::numeric"
    return (
        f"CASE WHEN NOT {inside} ? '{key}' THEN true"
        f" WHEN jsonb_typeof({inside} -> '{key}') <> 'number' THEN false"
        f" ELSE {number} BETWEEN {low} AND {high} AND {number} = floor({number}) END"
    )


def _one_of(key: str, choices: tuple[int, ...]) -> str:
    allowed = ", ".join(str(choice) for choice in choices)
    return (
        f"CASE WHEN NOT numbers ? '{key}' THEN true"
        f" WHEN jsonb_typeof(numbers -> '{key}') <> 'number' THEN false"
        f" ELSE (numbers ->> '{key}')::numeric IN ({allowed}) END"
    )


def _pair(key: str, units: dict[str, tuple[str, str]], same: str) -> str:
    pair = f"(numbers -> '{key}')"
    value = {unit: f"({pair} ->> '{unit}')" for unit in units}
    number = {unit: f"{text}::numeric" for unit, text in value.items()}
    typed = " AND ".join(
        f"coalesce(jsonb_typeof({pair} -> '{unit}') = 'string' AND {value[unit]} ~ '{DECIMAL}', false)"
        for unit in units
    )
    inside = " AND ".join(f"{number[unit]} BETWEEN {low} AND {high}" for unit, (low, high) in units.items())
    for unit in units:
        same = same.replace("{" + unit + "}", number[unit])
    return (
        f"CASE WHEN NOT numbers ? '{key}' THEN true"
        f" WHEN jsonb_typeof({pair}) <> 'object' THEN false"
        f" WHEN {pair} - {_names(units)} <> '{{}}'::jsonb THEN false"
        f" WHEN NOT ({typed}) THEN false"
        f" ELSE {inside} AND {same} END"
    )


def _names(names: object) -> str:
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]::text[]"


def _kinds() -> str:
    """Only the kinds and the numbers that have bounds of their own."""
    kinds = {kind: [name for each, name in BY_KIND if each == kind] for kind, _ in BY_KIND}
    inside = "(numbers -> 'by_kind')"
    each = " ".join(
        f"WHEN {inside} ? '{kind}' AND jsonb_typeof({inside} -> '{kind}') <> 'object' THEN false"
        f" WHEN {inside} ? '{kind}' AND ({inside} -> '{kind}') - {_names(names)} <> '{{}}'::jsonb THEN false"
        for kind, names in kinds.items()
    )
    return (
        "CASE WHEN NOT numbers ? 'by_kind' THEN true"
        f" WHEN jsonb_typeof({inside}) <> 'object' THEN false"
        f" WHEN {inside} - {_names(kinds)} <> '{{}}'::jsonb THEN false {each} ELSE true END"
    )


def _keys() -> str:
    known = [*WHOLE, *CHOICE, *PAIR, "by_kind"]
    return (
        "CASE WHEN jsonb_typeof(numbers) <> 'object' THEN false"
        f" ELSE numbers - {_names(known)} = '{{}}'::jsonb END"
    )


def checks() -> dict[str, str]:
    """One check a setting, so that a refusal names the setting."""
    by_kind = "(numbers -> 'by_kind' -> '{}')"
    return {
        "keys": _keys(),
        "by_kind": _kinds(),
        **{name: _within("numbers", name, *bounds) for name, bounds in WHOLE.items()},
        **{name: _one_of(name, choices) for name, choices in CHOICE.items()},
        **{name: _pair(name, units, SAME[name]) for name, units in PAIR.items()},
        **{
            f"{kind}_{name}": "CASE WHEN " + by_kind.format(kind) + " IS NULL THEN true ELSE "
            + _within(by_kind.format(kind), name, *bounds) + " END"
            for (kind, name), bounds in BY_KIND.items()
        },
    }  # fmt: skip


def _check(prefix: str, table: str, name: str, condition: str) -> migrations.RunSQL:
    constraint = f"{prefix}_{name}_is_allowed"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {constraint} CHECK ({condition})",
        f"ALTER TABLE {table} DROP CONSTRAINT {constraint}",
    )


# Approval is written onto a version; nothing else of it ever changes, and nothing goes back.
ONLY_FORWARD = """
CREATE FUNCTION tracker_protocol_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps text[] := ARRAY['SUBMITTED', 'UNDER_REVIEW', 'APPROVED'];
BEGIN
    IF to_jsonb(NEW) - ARRAY['state', 'reviewed_by_id', 'reviewed_at', 'approved_by_id', 'approved_at']
       IS DISTINCT FROM
       to_jsonb(OLD) - ARRAY['state', 'reviewed_by_id', 'reviewed_at', 'approved_by_id', 'approved_at']
       OR array_position(steps, NEW.state::text) < array_position(steps, OLD.state::text)
       OR (OLD.reviewed_at IS NOT NULL
           AND (NEW.reviewed_by_id, NEW.reviewed_at) IS DISTINCT FROM (OLD.reviewed_by_id, OLD.reviewed_at))
       OR (OLD.approved_at IS NOT NULL
           AND (NEW.approved_by_id, NEW.approved_at) IS DISTINCT FROM (OLD.approved_by_id, OLD.approved_at))
    THEN
        RAISE EXCEPTION 'a protocol version is never edited: submit a new one'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def _trigger(table: str, verb: str, function: str) -> migrations.RunSQL:
    name = f"{table}_no_{verb.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
        f"DROP TRIGGER {name} ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("tracker", "0003_protocol_review")]
    operations = [
        *[
            _check(prefix, table, name, condition)
            for prefix, table in TABLES.items()
            for name, condition in checks().items()
        ],
        migrations.RunSQL(ONLY_FORWARD, "DROP FUNCTION tracker_protocol_only_forward()"),
        _trigger(TABLES["protocol"], "UPDATE", "tracker_protocol_only_forward"),
        _trigger(TABLES["protocol"], "DELETE", "tracker_refuse_change"),
        _trigger(TABLES["override"], "UPDATE", "tracker_refuse_change"),
        _trigger(TABLES["override"], "DELETE", "tracker_refuse_change"),
    ]
