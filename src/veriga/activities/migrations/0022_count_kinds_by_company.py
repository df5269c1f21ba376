"""Counts of a kind, by whoever sees a part of it, read nothing but the index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0021_all_unsummed"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="activity",
            name="activity_newest_of_kind",
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=[
                    "kind",
                    "-date",
                    "-reference_key",
                    "company",
                    "company_is_person",
                    "deleted_at",
                ],
                name="activity_newest_of_kind",
            ),
        ),
    ]
