"""Give the audit its chain: an event is sealed once, and nothing else of it ever changes."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

ONLY_SEALED = """
CREATE FUNCTION tracker_audit_only_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.position IS NULL AND NEW.position IS NOT NULL THEN
        OLD.position := NEW.position;
        OLD.hash := NEW.hash;
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGERS = [
    (
        "DROP TRIGGER auditevent_no_update ON tracker_auditevent",
        "CREATE TRIGGER auditevent_no_update BEFORE UPDATE ON tracker_auditevent"
        " FOR EACH ROW EXECUTE FUNCTION tracker_refuse_change()",
    ),
    (ONLY_SEALED, "DROP FUNCTION tracker_audit_only_sealed()"),
    (
        "CREATE TRIGGER auditevent_only_sealed BEFORE UPDATE ON tracker_auditevent"
        " FOR EACH ROW EXECUTE FUNCTION tracker_audit_only_sealed()",
        "DROP TRIGGER auditevent_only_sealed ON tracker_auditevent",
    ),
    (
        "CREATE TRIGGER auditevent_no_truncate BEFORE TRUNCATE ON tracker_auditevent"
        " FOR EACH STATEMENT EXECUTE FUNCTION tracker_refuse_change()",
        "DROP TRIGGER auditevent_no_truncate ON tracker_auditevent",
    ),
]


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0010_people_ask'),
    ]

    operations = [
        migrations.CreateModel(
            name='BreakGlass',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('opened_at', models.DateTimeField()),
                ('closes_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='auditevent',
            name='fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), db_default=[], default=list, help_text='Names of what was changed', size=None),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='hash',
            field=models.CharField(db_default='', default='', help_text='Of this event and all before it', max_length=64),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='outcome',
            field=models.CharField(choices=[('ok', 'Done'), ('denied', 'Refused')], db_default='ok', default='ok', max_length=8),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='position',
            field=models.BigIntegerField(help_text="Place in the clinic's chain; the sealer gives it, once", null=True),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='shown',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), db_default=[], default=list, help_text='The patients of a list', size=None),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='actor',
            field=models.CharField(help_text='user:7, patient:<id>, caregiver:<id>, system or unknown', max_length=60),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='clinic',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tracker.clinic'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(fields=['clinic', '-at'], name='audit_of_clinic'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=models.Index(condition=models.Q(('position__isnull', True)), fields=['clinic', 'id'], name='audit_not_sealed'),
        ),
        migrations.AddIndex(
            model_name='auditevent',
            index=django.contrib.postgres.indexes.GinIndex(fields=['shown'], name='audit_shown'),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.UniqueConstraint(fields=('clinic', 'position'), name='audit_one_a_place'),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hash', ''), ('position__isnull', True)), models.Q(('hash__regex', '^[0-9a-f]{64}$'), ('position__gte', 1)), _connector='OR'), name='audit_sealed_has_hash'),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(condition=models.Q(('action__regex', '^[a-z_]+(\\.[a-z_]+)+$'), ('actor__regex', '^(user:[0-9]+|(patient|caregiver):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|system|unknown)$'), ('subject__regex', '^[a-z_-]+:[a-z0-9_-]+$')), name='audit_names_no_person'),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(condition=models.Q(('outcome__in', ['ok', 'denied'])), name='audit_outcome_is_known'),
        ),
        migrations.AddField(
            model_name='breakglass',
            name='clinic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tracker.clinic'),
        ),
        migrations.AddField(
            model_name='breakglass',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='tracker.patient'),
        ),
        migrations.AddField(
            model_name='breakglass',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='breakglass',
            index=models.Index(fields=['user', 'patient', '-closes_at'], name='break_glass_open'),
        ),
        migrations.AddConstraint(
            model_name='breakglass',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='break_glass_says_why'),
        ),
        *[migrations.RunSQL(there, back) for there, back in TRIGGERS],
    ]
