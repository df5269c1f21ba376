from django.db import migrations, models

import veriga.common.fields


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0004_batches_of_parties"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrequentWord",
            fields=[
                (
                    "word",
                    veriga.common.fields.KeyField(
                        max_length=41, primary_key=True, serialize=False
                    ),
                ),
                ("activities", models.PositiveIntegerField()),
            ],
        ),
    ]
