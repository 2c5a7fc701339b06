"""Say in Spanish, too, what to do when nobody is there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracker", "0013_erasure")]
    operations = [
        migrations.AddField(
            model_name="clinic",
            name="after_hours_text_es",
            field=models.TextField(
                blank=True, db_default="", help_text="The same for patients who read Spanish"
            ),
        )
    ]
