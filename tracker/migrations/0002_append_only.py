"""What happened is never rewritten, and the audit never deleted: the database refuses it."""

from django.db import migrations

NEVER_CHANGED = ["auditevent", "alertevent", "assessment", "checkin"]
NEVER_DELETED = ["auditevent"]

REFUSE = """
CREATE FUNCTION tracker_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def _trigger(table: str, verb: str) -> migrations.RunSQL:
    name = f"{table}_no_{verb.lower()}"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE {verb} ON tracker_{table}"
        " FOR EACH ROW EXECUTE FUNCTION tracker_refuse_change()",
        f"DROP TRIGGER {name} ON tracker_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("tracker", "0001_initial")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION tracker_refuse_change()"),
        *[_trigger(table, "UPDATE") for table in NEVER_CHANGED],
        *[_trigger(table, "DELETE") for table in NEVER_DELETED],
    ]
