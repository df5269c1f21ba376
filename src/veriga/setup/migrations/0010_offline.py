from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("setup", "0009_reminders"),
    ]

    operations = [
        migrations.AddField(
            model_name="preferences",
            name="keeps_offline",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
