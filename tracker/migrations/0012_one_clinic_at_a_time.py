"""Let the application see and write the rows of one clinic at a time (docs/security.md).

Three walls, each of which holds alone: policies compare a row's clinic with that of the session;
foreign keys take the clinic along, so that no row points into another; and what has to be asked
across clinics is a view of moments or a function, which tell no more than where to go on.

The owner of the tables is not held by policies: migrations and commands on the server run as the
owner. tests/isolation/ compares these lists with the models.
"""

from django.db import migrations, models

CONFINED = [
    "alert", "alertevent", "answertoadvice", "assessment", "auditevent", "breakglass",
    "callbackrequest", "cardapproval", "caregiver", "checkin", "consent", "delivery",
    "devicesession", "icesession", "invitation", "membership", "message", "note", "patient",
    "procedure", "protocoloverride", "protocolversion", "pushsubscription", "reminder",
    "stafflink", "task", "therapy",
]  # fmt: skip
"""Tables whose rows belong to a clinic. Without a policy are: `user` and what allauth and the
sessions keep, which is read before anybody is known, and tells of staff only; `trycount` and
`sharedvalue`, whose keys are digests that name nobody; `periodicjob`, `reconciliation` and
`sweeperbeat`, which tell of the installation. A row of `clinic` is its own clinic's."""

HERE = "(SELECT nullif(current_setting('app.clinic_id', true), '')::uuid)"
"""In brackets of its own, so that it is asked once a statement. Nowhere is null: equal to none."""

PARENTS = {
    "patient": "patient",
    "procedure": "procedure",
    "check_in": "checkin",
    "alert": "alert",
    "caregiver": "caregiver",
    "device_session": "devicesession",
    "ice_session": "icesession",
    "protocol_version": "protocolversion",
    "protocol_override": "protocoloverride",
    "reminder": "reminder",
    "subscription": "pushsubscription",
}
"""The name of a foreign key, and the table that it leads to."""
WITHIN = {
    "alert": ["patient", "procedure", "check_in"],
    "alertevent": ["alert", "check_in"],
    "answertoadvice": ["patient", "alert", "caregiver"],
    "assessment": ["procedure", "check_in", "protocol_version", "protocol_override"],
    "breakglass": ["patient"],
    "callbackrequest": ["patient", "procedure", "caregiver"],
    "caregiver": ["patient"],
    "checkin": ["patient", "procedure", "caregiver", "corrects"],
    "consent": ["patient"],
    "delivery": ["patient", "subscription", "alert", "reminder"],
    "devicesession": ["patient", "caregiver"],
    "icesession": ["patient", "procedure"],
    "invitation": ["patient", "caregiver"],
    "message": ["patient", "alert"],
    "note": ["patient"],
    "procedure": ["patient", "protocol_version"],
    "protocoloverride": ["procedure"],
    "pushsubscription": ["patient", "device_session"],
    "reminder": ["patient", "procedure", "ice_session"],
    "task": ["patient", "procedure"],
    "therapy": ["patient", "procedure", "caregiver"],
}

MOMENTS = {
    "procedure": "id, clinic_id, next_assessment_at, plan_due_at",
    "alert": "id, clinic_id, tier, state, raised_at, due_at, exhausted_at",
    "reminder": "id, clinic_id, kind, state, due_at, expires_at",
    "delivery": "id, clinic_id, kind, channel, state, priority, due_at, created_at, sent_at,"
    " confirm_by, reminder_id",
}
"""Of each row when it is due, and of nobody in particular: tracker/models/moments.py reads them."""

WHOSE = [
    ("phone", "token text", "tracker_devicesession WHERE token_digest = token"),
    ("invitation", "token text", "tracker_invitation WHERE token_digest = token"),
    ("locator", "typed text", "tracker_invitation WHERE locator = typed"),
    ("staff_link", "token text", "tracker_stafflink WHERE token_digest = token"),
]
"""In which clinic to look for what a secret opens: whoever has none learns nothing."""

TAKE = """
    UPDATE tracker_delivery AS taken SET attempts = taken.attempts + 1, due_at = until
    FROM due WHERE taken.id = due.id RETURNING taken.id, taken.attempts, taken.clinic_id
"""
# MATERIALIZED, so that no plan asks the inner part twice and takes more rows than it may.
DUE = """
    WITH due AS MATERIALIZED (
        SELECT d.id FROM tracker_delivery d
        WHERE {which} AND d.state = 'PENDING' AND (d.due_at <= moment OR d.due_at > beyond)
            AND d.kind = ANY(kinds) {limit} FOR UPDATE SKIP LOCKED
    )
"""
TAKEN = "TABLE (id bigint, attempts integer, clinic_id uuid)"
FUNCTIONS = [
    *[
        (f"tracker_clinic_of_{name}", argument, "SETOF uuid STABLE", f"SELECT clinic_id FROM {row}")  # noqa: S608
        for name, argument, row in WHOSE
    ],
    ("tracker_newest_check_in", "", "bigint STABLE", "SELECT max(id) FROM tracker_checkin"),
    ("tracker_clinics", "", "SETOF uuid STABLE", "SELECT id FROM tracker_clinic ORDER BY id"),
    (
        "tracker_clinics_of_user",
        "somebody bigint",
        "SETOF uuid STABLE",
        "SELECT clinic_id FROM tracker_membership"
        " WHERE user_id = somebody AND ended_at IS NULL ORDER BY id",
    ),
    # A browser takes messages for one patient: the row stays for what was sent through it.
    (
        "tracker_release_endpoint",
        "address text, newcomer uuid, moment timestamptz",
        "SETOF uuid",
        "UPDATE tracker_pushsubscription SET endpoint = 'released:' || id,"
        " ended_at = coalesce(ended_at, moment)"
        " WHERE endpoint = address AND clinic_id <> newcomer RETURNING id",
    ),
    (
        "tracker_use_up_staff_links",
        "address text, moment timestamptz",
        "SETOF uuid",
        "UPDATE tracker_stafflink SET used_at = moment"
        " WHERE upper(email) = upper(address) AND used_at IS NULL RETURNING id",
    ),
    # Claims stay one statement, whosever rows are due.
    (
        "tracker_take_due",
        "urgency integer, moment timestamptz, beyond timestamptz, kinds text[], most integer,"
        " until timestamptz",
        TAKEN,
        DUE.format(which="d.priority = urgency", limit="ORDER BY d.due_at LIMIT most") + TAKE,
    ),
    (
        "tracker_take_one",
        "wanted bigint, moment timestamptz, beyond timestamptz, kinds text[], until timestamptz",
        TAKEN,
        DUE.format(which="d.id = wanted", limit="") + TAKE,
    ),
]


def _confine(table: str, column: str = "clinic_id") -> migrations.RunSQL:
    name = f"tracker_{table}"
    return migrations.RunSQL(
        [
            f"CREATE POLICY one_clinic ON {name}"
            f" USING ({column} = {HERE}) WITH CHECK ({column} = {HERE})",
            f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
        ],
        [
            f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
            f"DROP POLICY one_clinic ON {name}",
        ],
    )


def _unique(table: str) -> migrations.RunSQL:
    name = f"tracker_{table}"
    return migrations.RunSQL(
        f"ALTER TABLE {name} ADD CONSTRAINT {table}_in_clinic UNIQUE (id, clinic_id)",
        f"ALTER TABLE {name} DROP CONSTRAINT {table}_in_clinic",
    )


def _within(table: str, key: str) -> migrations.RunSQL:
    parent = PARENTS.get(key, table)  # a check-in corrects a check-in
    name = f"{table}_{key}_in_clinic"
    return migrations.RunSQL(
        f"ALTER TABLE tracker_{table} ADD CONSTRAINT {name} FOREIGN KEY ({key}_id, clinic_id)"
        f" REFERENCES tracker_{parent} (id, clinic_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE tracker_{table} DROP CONSTRAINT {name}",
    )


def _moment(table: str) -> migrations.RunSQL:
    view = f"tracker_{table}moment"
    return migrations.RunSQL(
        f"CREATE VIEW {view} AS SELECT {MOMENTS[table]} FROM tracker_{table}",  # noqa: S608
        f"DROP VIEW {view}",
    )


def _function(name: str, arguments: str, returns: str, body: str) -> migrations.RunSQL:
    # Whose schema comes first is not the caller's choice, else they could slip in a table.
    return migrations.RunSQL(
        [
            f"CREATE FUNCTION {name}({arguments}) RETURNS {returns} LANGUAGE sql SECURITY DEFINER"
            f" SET search_path = public, pg_temp AS $$ {body} $$",
            f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
        ],
        f"DROP FUNCTION {name}",
    )


def _unmanaged(name: str, *fields: tuple[str, models.Field]) -> migrations.CreateModel:
    options = {"db_table": f"tracker_{name.lower()}", "managed": False}
    return migrations.CreateModel(name, list(fields), options=options)


def _at(null: bool = False) -> models.DateTimeField:
    return models.DateTimeField(null=null)


class Migration(migrations.Migration):
    dependencies = [("tracker", "0011_audit_chain")]
    operations = [
        *[_unique(table) for table in sorted({*PARENTS.values(), "checkin"})],
        *[_within(table, key) for table, keys in WITHIN.items() for key in keys],
        *[_moment(table) for table in MOMENTS],
        *[_function(*each) for each in FUNCTIONS],
        *[_confine(table) for table in CONFINED],
        _confine("clinic", "id"),
        _unmanaged(
            "ProcedureMoment",
            ("id", models.UUIDField(primary_key=True, serialize=False)),
            ("clinic_id", models.UUIDField()),
            ("next_assessment_at", _at(null=True)),
            ("plan_due_at", _at(null=True)),
        ),
        _unmanaged(
            "AlertMoment",
            ("id", models.UUIDField(primary_key=True, serialize=False)),
            ("clinic_id", models.UUIDField()),
            ("tier", models.PositiveSmallIntegerField()),
            ("state", models.CharField(max_length=12)),
            ("raised_at", _at()),
            ("due_at", _at(null=True)),
            ("exhausted_at", _at(null=True)),
        ),
        _unmanaged(
            "ReminderMoment",
            ("id", models.BigIntegerField(primary_key=True, serialize=False)),
            ("clinic_id", models.UUIDField()),
            ("kind", models.CharField(max_length=10)),
            ("state", models.CharField(max_length=10)),
            ("due_at", _at()),
            ("expires_at", _at()),
        ),
        _unmanaged(
            "DeliveryMoment",
            ("id", models.BigIntegerField(primary_key=True, serialize=False)),
            ("clinic_id", models.UUIDField()),
            ("kind", models.CharField(max_length=16)),
            ("channel", models.CharField(max_length=8)),
            ("state", models.CharField(max_length=10)),
            ("priority", models.PositiveSmallIntegerField()),
            ("due_at", _at()),
            ("created_at", _at()),
            ("sent_at", _at(null=True)),
            ("confirm_by", _at(null=True)),
            (
                "reminder",
                models.ForeignKey(
                    "tracker.ReminderMoment",
                    models.DO_NOTHING,
                    null=True,
                    db_constraint=False,
                    related_name="+",
                ),
            ),
        ),
    ]
