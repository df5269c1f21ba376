"""What asks for one's own work, or for what is due, reads but the indexes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0022_count_kinds_by_company")]

    operations = [
        migrations.RemoveIndex(
            model_name="activity",
            name="activity_newest_of_owner",
        ),
        migrations.RemoveIndex(
            model_name="activity",
            name="activity_open_of_owner",
        ),
        migrations.RemoveIndex(
            model_name="chain",
            name="chain_silent_of_account",
        ),
        migrations.RemoveIndex(
            model_name="chain",
            name="chain_silent_of_company",
        ),
        migrations.AddIndex(
            model_name="chain",
            index=models.Index(
                condition=models.Q(("is_running", True)),
                fields=[
                    "company",
                    "last_acted_at",
                    "id",
                    "last_acted",
                    "is_running",
                ],
                name="chain_silent_of_company",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=[
                    "owner",
                    "-date",
                    "-reference_key",
                    "chain",
                    "company",
                    "company_team_id",
                    "company_owner_id",
                    "company_is_person",
                    "deleted_at",
                ],
                name="activity_newest_of_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(
                    ("deleted_at__isnull", True), ("done_at__isnull", True)
                ),
                fields=[
                    "owner",
                    "due_at",
                    "kind",
                    "company",
                    "company_team_id",
                    "company_owner_id",
                    "company_is_person",
                ],
                name="activity_open_of_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="chain",
            index=models.Index(
                condition=models.Q(("is_running", True)),
                fields=[
                    "company_owner_id",
                    "last_acted_at",
                    "id",
                    "company_is_person",
                    "company",
                    "agreed_until",
                    "last_acted",
                    "is_running",
                ],
                name="chain_silent_of_account",
            ),
        ),
        migrations.RemoveIndex(
            model_name="activity",
            name="activity_open_by_due",
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(
                    ("deleted_at__isnull", True), ("done_at__isnull", True)
                ),
                fields=[
                    "due_at",
                    "reference_key",
                    "company_is_person",
                    "kind",
                    "date",
                    "gathering_id",
                    "done_at",
                    "deleted_at",
                    "company",
                    "company_team_id",
                    "company_owner_id",
                ],
                name="activity_open_by_due",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(
                    ("deleted_at__isnull", True), ("done_at__isnull", True)
                ),
                fields=["company", "due_at"],
                name="activity_open_of_company",
            ),
        ),
    ]
