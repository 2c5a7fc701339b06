"""Who is erased is nowhere in the database; a record that is old enough goes by itself."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from tests.conftest import NOW
from tests.factories import a_clinic, a_patient, a_phone, a_procedure, a_staff
from tests.isolation.test_whole_product import P256DH
from tracker.access import NotAllowed
from tracker.models import (
    Alert,
    AuditEvent,
    Clinic,
    Delivery,
    DeviceSession,
    Invitation,
    Patient,
    Procedure,
    ProtocolOverride,
    PushSubscription,
)
from tracker.services import erasure, push_subscriptions, retention
from tracker.services.records import BELONGINGS

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CANARY = "canary"
OURS = [each for each in apps.get_app_config("tracker").get_models() if each._meta.managed]


def reaches_patients(model, seen=()) -> bool:
    """Whether a row of this model leads to a patient."""
    if model is Patient:
        return True
    parents = [
        each.related_model for each in model._meta.concrete_fields
        if isinstance(each, models.ForeignKey) and each.related_model not in (*seen, model)
    ]  # fmt: skip
    return any(reaches_patients(each, (*seen, model)) for each in parents)


def test_every_model_that_leads_to_a_patient_is_in_the_table():
    assert {each for each in OURS if reaches_patients(each)} == {each.model for each in BELONGINGS}


# --- a patient of whom every text is a canary -------------------------------------------------


def planted(model, known):
    """Make a row in which every text that may hold one is a canary of its own."""
    values = dict(known)
    for field in model._meta.concrete_fields:
        if field.name in values or field.primary_key or (field.null and not _is_text(field)):
            continue
        values[field.name] = _canary(model, field)
    return model.objects.create(**values)


def _is_text(field) -> bool:
    return isinstance(field, models.CharField | models.TextField | models.JSONField)


def _canary(model, field):
    word = f"{CANARY}-{model._meta.model_name}-{field.name}"
    if isinstance(field, models.JSONField):
        return {"text": word}
    if isinstance(field, ArrayField):
        return ["superior_cluneal"]
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.CharField | models.TextField):
        unit = field.default if isinstance(field.default, str) and "unit" in field.name else ""
        return unit or word[: field.max_length or 200]
    if isinstance(field, models.DateTimeField):
        return NOW
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    return field.get_default() if field.has_default() else 1


ROWS: dict[str, dict] = {
    "Patient": {"timezone": "America/New_York"},
    "Procedure": {"state": "CLOSED", "closed_at": NOW - 8 * DAY, "ended_at": NOW - 30 * DAY},
    "Delivery": {"channel": "PUSH", "state": "SENT"},
    "AlertEvent": {"tier": 2},
    "ProtocolOverride": {"numbers": {}},
    "Alert": {"state": "OPEN", "outcome": "", "due_at": None},
    "Invitation": {"expires_at": NOW},
    "BreakGlass": {"closes_at": NOW},
}


@pytest.fixture
def patient():
    clinic = a_clinic()
    nora = a_staff(clinic, role="MANAGER").user
    made: dict[type, models.Model] = {Clinic: clinic, type(nora): nora}
    procedure = a_procedure(a_patient(clinic))
    made[type(procedure.protocol_version)] = procedure.protocol_version
    for belonging in reversed(BELONGINGS):
        model = belonging.model
        known = dict(ROWS.get(model.__name__, {}))
        for field in model._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model in made:
                known.setdefault(field.name, made[field.related_model])
        if model is Delivery:
            known["user"] = None
        made[model] = planted(model, known)
    return made[Patient]


def dump() -> str:
    """The whole database as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def planted_words() -> set[str]:
    words = dump().replace('"', " ").replace(",", " ").replace("(", " ").replace(")", " ").split()
    return {each for each in words if CANARY in each}


def test_nothing_of_an_erased_patient_is_left(patient):
    before = planted_words()
    told = {each.split("-")[1] for each in before}
    # Whoever has a text at all has a canary: the test sees what it says that it sees.
    assert told >= {
        "alert", "alertevent", "assessment", "breakglass", "callbackrequest", "caregiver",
        "checkin", "consent", "delivery", "devicesession", "invitation", "message", "note",
        "patient", "procedure", "protocoloverride", "pushsubscription", "task",
    }, told  # fmt: skip
    audited = AuditEvent.objects.filter(patient_id=patient.pk).count()

    erasure.erase(patient=patient, actor="system", now=NOW)

    assert planted_words() == set()
    assert AuditEvent.objects.filter(patient_id=patient.pk).count() == audited + 1
    assert all(not each.rows(patient.pk).exists() for each in BELONGINGS)


def test_sums_are_left_that_tell_of_nobody(patient):
    clinic = patient.clinic
    erasure.erase(patient=patient, actor="system", now=NOW)
    clinic.refresh_from_db()
    assert {name: count for name, count in clinic.erased.items() if count} == {
        "patients": 1, "check_ins": 1, "procedures_therapeutic": 1, "alerts_watch": 1,
    }  # fmt: skip


def test_other_patients_are_untouched(patient):
    other = a_patient(patient.clinic, name="Somebody Else")
    a_procedure(other)
    rows = {each.name: each.rows(other.pk).count() for each in BELONGINGS}
    erasure.erase(patient=patient, actor="system", now=NOW)
    assert {each.name: each.rows(other.pk).count() for each in BELONGINGS} == rows
    assert Procedure.objects.filter(patient=other).exists()


def test_a_patient_who_is_followed_is_not_erased(patient):
    a_procedure(patient)
    with pytest.raises(erasure.StillFollowed):
        erasure.erase(patient=patient, actor="system", now=NOW)
    assert Patient.objects.filter(pk=patient.pk).exists()


def test_own_numbers_are_deleted_by_an_erasure_only(patient):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtocolOverride.objects.all().delete()
    erasure.erase(patient=patient, actor="system", now=NOW)
    assert not ProtocolOverride.objects.exists()


@pytest.mark.parametrize("role", ["READER", "NURSE", "CLINICIAN", "OPERATOR"])
def test_only_a_manager_erases(patient, role):
    with pytest.raises(NotAllowed):
        erasure.erase_by_staff(
            staff=a_staff(patient.clinic, role=role), patient_id=patient.pk, now=NOW
        )


def test_nobody_erases_a_patient_of_another_clinic(patient):
    with pytest.raises(Patient.DoesNotExist):
        erasure.erase_by_staff(staff=a_staff(role="MANAGER"), patient_id=patient.pk, now=NOW)


def test_the_command_erases(patient, capsys):
    call_command("erase_patient", str(patient.pk), "--yes")
    assert "erased" in capsys.readouterr().out
    assert planted_words() == set()
    with pytest.raises(CommandError):
        call_command("erase_patient", str(patient.pk), "--yes")


# --- kept for so many years -------------------------------------------------------------------


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("closed_at", "years", "on", "goes"),
    [
        (local(2016, 11, 21, 12), 10, date(2026, 11, 20), False),
        (local(2016, 11, 21, 12), 10, date(2026, 11, 21), True),
        (local(2016, 11, 21, 23, 59), 10, date(2026, 11, 21), True),
        (local(2025, 11, 21, 0, 1), 1, date(2026, 11, 20), False),
        (local(2028, 2, 29, 12), 1, date(2029, 2, 28), False),
        (local(2028, 2, 29, 12), 1, date(2029, 3, 1), True),
    ],
    ids=str,
)
def test_a_record_goes_on_the_day_and_not_the_day_before(closed_at, years, on, goes):
    clinic = a_clinic(keep_years=years)
    patient = a_patient(clinic, created_at=closed_at - DAY)
    a_procedure(patient, state="CLOSED", closed_at=closed_at, ended_at=closed_at - DAY)
    # Just after midnight and just before, on the clinic's clock.
    for hour, minute in ((0, 1), (23, 59)):
        now = local(on.year, on.month, on.day, hour, minute)
        found = list(retention.old_records(clinic=clinic, now=now))
        assert found == ([patient] if goes else [])


@pytest.mark.parametrize("state", ["SCHEDULED", "DONE"])
def test_the_last_procedure_counts_and_one_that_stands_keeps_all(state):
    clinic = a_clinic(keep_years=1)
    long_ago = NOW - 3000 * DAY
    kept, followed, goes = (a_patient(clinic, created_at=long_ago) for _ in range(3))
    for patient in (kept, followed, goes):
        a_procedure(patient, state="CLOSED", closed_at=long_ago, ended_at=long_ago)
    a_procedure(kept, state="CLOSED", closed_at=NOW - 300 * DAY, ended_at=long_ago)
    a_procedure(followed, state=state)

    retention.forget_old(now=NOW)

    assert set(Patient.objects.all()) == {kept, followed}


def test_a_browser_that_changed_hands_keeps_nobody_from_being_erased(patient):
    newcomer = a_patient(patient.clinic)
    address = "https://fcm.googleapis.com/fcm/send/one"
    PushSubscription.objects.update(endpoint=address)
    Delivery.objects.update(subscription=PushSubscription.objects.get())
    push_subscriptions.subscribe(
        phone=a_phone(newcomer), endpoint=address, p256dh=P256DH, auth="A" * 22, now=NOW
    )

    erasure.erase(patient=newcomer, actor="system", now=NOW)

    assert not Patient.objects.filter(pk=newcomer.pk).exists()
    assert Delivery.objects.get().subscription.patient == patient


def test_a_phone_of_whose_addresses_one_told_of_an_alert_stays(patient):
    known = {"clinic": patient.clinic, "patient": patient}
    used = planted(
        PushSubscription,
        {**known, "device_session": DeviceSession.objects.get(), "endpoint": "https://push.test/2"},
    )
    Delivery.objects.update(subscription=used)
    DeviceSession.objects.update(created_at=NOW - 401 * DAY)
    retention.tidy(clinic_id=patient.clinic_id, now=NOW)
    assert Delivery.objects.exists()


def a_message(patient, state):
    known = {"channel": "EMAIL", "state": state, "created_at": NOW - 91 * DAY, "key": state}
    return planted(Delivery, {"clinic": patient.clinic, "patient": patient, **known})


def test_what_signing_in_leaves_is_tidied(patient):
    clinic = patient.clinic
    old = Invitation.objects.get()
    Invitation.objects.update(expires_at=NOW - 31 * DAY)
    whose = {"clinic": clinic, "patient": patient, "caregiver": None}
    new = {"expires_at": NOW - 29 * DAY, "token_digest": "b", "locator": "b"}
    kept = planted(Invitation, {**whose, **new})
    worn = {"token_digest": "c", "created_at": NOW - 401 * DAY}
    gone = planted(DeviceSession, {**whose, **worn})
    about_an_alert = Delivery.objects.get()
    Delivery.objects.update(created_at=NOW - 91 * DAY)
    sent, pending = (a_message(patient, state) for state in ("SENT", "PENDING"))

    retention.tidy(clinic_id=clinic.pk, now=NOW)

    assert list(Invitation.objects.all()) == [kept] != [old]
    assert set(Delivery.objects.all()) == {about_an_alert, pending} and sent.pk
    assert not DeviceSession.objects.filter(pk=gone.pk).exists()
    assert DeviceSession.objects.exists() and Alert.objects.exists()
