from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0018_link_weights"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="participant",
            index=models.Index(
                condition=models.Q(("busy_from__isnull", False)),
                fields=["busy_from"],
                name="participant_by_busy_from",
            ),
        ),
    ]
