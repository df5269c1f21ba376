from django.db import migrations


class Migration(migrations.Migration):
    """Kept answers belong to the room `access`; their table is untouched."""

    dependencies = [
        ("api", "0001_initial"),
        ("access", "0007_offline"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="IdempotentAnswer")],
        ),
    ]
