"""The database holds the bounds of the catalogue, setting by setting and step by step."""

from __future__ import annotations

from decimal import Decimal
from importlib import import_module

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_procedure, a_staff
from tracker.clinical import bounds
from tracker.clinical.bounds import Setting
from tracker.clinical.protocol import Protocol, settings
from tracker.clinical.quantities import PairedLimit
from tracker.models import ProtocolOverride, ProtocolVersion

pytestmark = pytest.mark.django_db
written = import_module("tracker.migrations.0004_protocol_bounds")


def test_the_migration_and_the_catalogue_say_the_same():
    whole = {name: (int(s.low), int(s.high)) for name, s in bounds.SINGLE.items() if not s.choices}
    choice = {name: s.choices for name, s in bounds.SINGLE.items() if s.choices}
    pair = {
        name: {each.unit: (each.low, each.high) for each in both}
        for name, both in bounds.PAIRED.items()
    }
    by_kind = {key: (int(s.low), int(s.high)) for key, s in bounds.BY_KIND.items()}
    assert (whole, choice, pair, by_kind) == (
        written.WHOLE, written.CHOICE, written.PAIR, written.BY_KIND,
    )  # fmt: skip


@pytest.fixture
def store():
    """Write numbers past every form and service, as a version or as an override."""
    clinic = a_clinic()
    user = a_staff(clinic).user
    procedure = a_procedure(a_patient(clinic))

    def version(numbers):
        return ProtocolVersion.objects.create(
            clinic=clinic,
            number=ProtocolVersion.objects.filter(clinic=clinic).count() + 1,
            numbers=numbers,
            state="SUBMITTED",
            submitted_by=user,
            created_at=NOW,
        )

    def override(numbers):
        return ProtocolOverride.objects.create(
            clinic=clinic,
            procedure=procedure,
            numbers=numbers,
            reason="because",
            made_by=user,
            made_at=NOW,
        )

    return {"version": version, "override": override}


def refused(write, numbers):
    """The name of the check that refused, or None."""
    try:
        with transaction.atomic():
            write(numbers)
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name
    except DatabaseError as error:
        return f"not a check: {error}"
    return None


def numbers_with(setting: Setting, value: Decimal) -> dict:
    if setting.kind:
        return {"by_kind": {setting.kind: {setting.name: int(value)}}}
    standing = getattr(Protocol(), setting.name)
    if isinstance(standing, PairedLimit):
        return {setting.name: {**_partner(setting, value), setting.unit: str(value)}}
    return {setting.name: int(value)}


def _partner(setting: Setting, value: Decimal) -> dict[str, str]:
    """The same limit in the other unit, so that only the bounds can be at fault."""
    moved = {
        "Cel": ("[degF]", value * 9 / 5 + 32, "0.1"),
        "[degF]": ("Cel", (value - 32) * 5 / 9, "0.01"),
        "mg/dL": ("mmol/L", value / 18, "0.1"),
        "mmol/L": ("mg/dL", value * 18, "1"),
    }
    unit, number, step = moved[setting.unit]
    low, high = next(
        (Decimal(each.low), Decimal(each.high))
        for each in bounds.PAIRED[setting.name]
        if each.unit == unit
    )
    return {unit: str(min(max(number.quantize(Decimal(step)), low), high))}


def step_of(setting: Setting) -> Decimal:
    return Decimal("0.1") if "." in setting.low else Decimal(1)


@pytest.mark.parametrize("table", ["version", "override"])
@pytest.mark.parametrize("setting", settings(), ids=lambda each: f"{each.label}-{each.unit}")
def test_a_bound_holds_and_one_step_beyond_it_does_not(store, table, setting):
    low, high, step = Decimal(setting.low), Decimal(setting.high), step_of(setting)
    for inside in (low, high):
        assert refused(store[table], numbers_with(setting, inside)) is None, inside
    prefix = "protocol" if table == "version" else "override"
    name = f"{setting.kind}_{setting.name}" if setting.kind else setting.name
    for outside in (low - step, high + step):
        assert (
            refused(store[table], numbers_with(setting, outside)) == f"{prefix}_{name}_is_allowed"
        )


@pytest.mark.parametrize("table", ["version", "override"])
@pytest.mark.parametrize(
    ("numbers", "check"),
    [
        ({"g_vlow": {"mg/dL": "40", "mmol/L": "2.2"}}, "keys"),
        ({"sepsis_fever": {"Cel": "39.0", "[degF]": "102.2"}}, "keys"),
        ({"persist": 72}, "keys"),
        ([], "keys"),
        ("x", "keys"),
        (None, "keys"),
        ({"persist_h": "72"}, "persist_h"),
        ({"persist_h": None}, "persist_h"),
        ({"persist_h": 72.5}, "persist_h"),
        ({"persist_h": [72]}, "persist_h"),
        ({"persist_h": True}, "persist_h"),
        ({"fever_confirm_h": 2}, "fever_confirm_h"),
        ({"g_high_count": 1.5}, "g_high_count"),
        ({"fever": 38}, "fever"),
        ({"fever": {}}, "fever"),
        ({"fever": {"Cel": "38.0"}}, "fever"),
        ({"fever": {"Cel": "38.0", "[degF]": "100.4", "K": "311"}}, "fever"),
        ({"fever": {"Cel": 38, "[degF]": 100.4}}, "fever"),
        ({"fever": {"Cel": "NaN", "[degF]": "100.4"}}, "fever"),
        ({"fever": {"Cel": "38.4", "[degF]": "100.4"}}, "fever"),
        ({"g_high": {"mg/dL": "400", "mmol/L": "16.7"}}, "g_high"),
        ({"by_kind": {"rfa": {"rise_h": 336}}}, "by_kind"),
        ({"by_kind": {"diagnostic": {"persist_h": 300}}}, "by_kind"),
        ({"by_kind": {"rfa": 300}}, "by_kind"),
        ({"by_kind": 300}, "by_kind"),
        ({"by_kind": {"rfa": {"persist_h": "300"}}}, "rfa_persist_h"),
    ],
    ids=str,
)
def test_what_the_catalogue_does_not_know_is_refused_by_name(store, table, numbers, check):
    prefix = "protocol" if table == "version" else "override"
    if numbers is None:
        numbers = _json_null()
    assert refused(store[table], numbers) == f"{prefix}_{check}_is_allowed"


def _json_null():
    from django.db.models import Value
    from django.db.models.fields.json import JSONField

    return Value(None, JSONField())


@pytest.mark.parametrize("table", ["version", "override"])
def test_all_numbers_of_the_default_may_be_repeated(store, table):
    changed = {**numbers_with(bounds.BY_KIND["rfa", "persist_h"], Decimal(400))}
    for name in bounds.SETTABLE:
        standing = getattr(Protocol(), name)
        changed[name] = standing.as_json() if isinstance(standing, PairedLimit) else standing
    assert refused(store[table], changed) is None


def test_an_override_says_why(store):
    assert refused(store["override"], {}) is None
    row = ProtocolOverride.objects.get()
    row.pk, row.reason = None, " \n"
    with pytest.raises(IntegrityError, match="override_has_a_reason"), transaction.atomic():
        row.save(force_insert=True)
