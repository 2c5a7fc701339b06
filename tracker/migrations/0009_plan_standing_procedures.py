from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tracker", "0008_staff_accounts")]

    operations = [
        # Procedures from before reminders were planned get theirs with the next sweep.
        migrations.RunSQL(
            "UPDATE tracker_procedure SET plan_due_at = now() WHERE state = 'DONE'",
            migrations.RunSQL.noop,
        ),
    ]
