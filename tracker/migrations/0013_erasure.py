"""Let the erasure of a patient delete their own numbers, and keep sums of what was erased."""

from django.db import migrations, models

# Append-only as before: only the transaction that erases a patient says so, and only it may.
REFUSE_UNLESS_ERASING = """
CREATE FUNCTION tracker_refuse_unless_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('app.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGER = (
    "CREATE TRIGGER tracker_protocoloverride_no_delete BEFORE DELETE ON tracker_protocoloverride"
    " FOR EACH ROW EXECUTE FUNCTION {function}()"
)
DROP = "DROP TRIGGER tracker_protocoloverride_no_delete ON tracker_protocoloverride"


class Migration(migrations.Migration):
    dependencies = [("tracker", "0012_one_clinic_at_a_time")]
    operations = [
        migrations.AddField(
            model_name="clinic",
            name="erased",
            field=models.JSONField(
                db_default={},
                default=dict,
                help_text="Sums of what was erased: how many, of which kind, of nobody",
            ),
        ),
        migrations.RunSQL(REFUSE_UNLESS_ERASING, "DROP FUNCTION tracker_refuse_unless_erasing()"),
        migrations.RunSQL(
            [DROP, TRIGGER.format(function="tracker_refuse_unless_erasing")],
            [DROP, TRIGGER.format(function="tracker_refuse_change")],
        ),
    ]
