from typing import Any

from django.db import migrations

# As they were when this was written: by what the words of activities are looked up.
FOUND_BY = "work_activitywords_fts"


def forget(apps: Any, schema_editor: Any) -> None:
    """Forget the words of activities, which have no marks yet.

    What is empty is filled after all migrations, by the rule of the day.
    """
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(f"DROP INDEX IF EXISTS {FOUND_BY}")
            cursor.execute("TRUNCATE work_activitywords")
            return
        for event in ("insert", "delete", "update"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {FOUND_BY}_{event}")
        cursor.execute(f"DROP TABLE IF EXISTS {FOUND_BY}")
        cursor.execute("DELETE FROM work_activitywords")


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0005_frequent_words"),
    ]

    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
