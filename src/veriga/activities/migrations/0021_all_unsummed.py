"""No chain is in the sums yet; the worker puts them in."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def note(apps: Any, _schema_editor: Any) -> None:
    """Say of every running chain that it is in no sum."""
    chains = apps.get_model("activities", "Chain").objects
    chains.filter(is_running=True).update(is_unsummed=True)


class Migration(migrations.Migration):
    dependencies = [("activities", "0020_sums_and_covering_conditions")]
    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
