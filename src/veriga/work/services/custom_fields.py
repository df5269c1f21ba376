"""Custom fields that lists are narrowed by: each gets an index where its values stand.

An index of an expression on rows of other rooms, so neither the room of settings nor
one of the others can make it.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import connection, models

from veriga.access.rules import Context
from veriga.activities.models import Activity
from veriga.common.transactions import write
from veriga.parties.models import Company, Contact
from veriga.setup import services as setup
from veriga.setup.custom_fields import is_filter, value_sql
from veriga.setup.models import CustomField
from veriga.setup.rules import Subject

# In which order the lists show what a filter leaves; activities are those that live.
ORDER: Final[dict[type[models.Model], str]] = {
    Activity: '"date" DESC, "reference_key" DESC',
    Company: '"name_key", "id"',
    Contact: '"name_key", "id"',
}
INDEX: Final = re.compile(r"custom_f[0-9]+")
TABLES: Final[dict[str, type[models.Model]]] = {
    Subject.COMPANY: Company,
    Subject.CONTACT: Contact,
}


@write
def create_field(*, context: Context, **given: Any) -> CustomField:
    """Add a field, with an index if lists are narrowed by it.

    Rights, fields and errors: setup.services.create_field. Writes to the table wait
    while the index is made, which takes seconds where there are a million rows.
    """
    field = setup.create_field(context=context, **given)
    _make_index(field)
    return field


def index_custom_fields() -> None:
    """Make the indexes of custom fields that are missing; safe to repeat."""
    if CustomField._meta.db_table not in connection.introspection.table_names():
        return  # in the middle of making the tables
    # Of a table that a later migration widens, only what an index needs.
    for field in CustomField.objects.only("id", "subject", "type"):
        _make_index(field)


def custom_indexes() -> set[str]:
    """Return the names of the indexes of custom fields that there are."""
    known = "SELECT name FROM sqlite_master WHERE type = 'index'"
    if connection.vendor == "postgresql":
        known = "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
    with connection.cursor() as cursor:
        cursor.execute(known)
        return {name for (name,) in cursor.fetchall() if INDEX.fullmatch(name)}


def drop_custom_indexes() -> None:
    """Drop the indexes of all custom fields."""
    with connection.cursor() as cursor:
        for name in custom_indexes():
            cursor.execute(f'DROP INDEX "{name}"')


def _make_index(field: CustomField) -> None:
    if not is_filter(field):
        return
    model = TABLES.get(field.subject, Activity)
    table = connection.ops.quote_name(model._meta.db_table)
    value = value_sql(connection.vendor, '"custom"', field.key)
    living = ' AND "deleted_at" IS NULL' if model is Activity else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'CREATE INDEX IF NOT EXISTS "custom_{field.key}"'
            f" ON {table} (({value}), {ORDER[model]})"
            f" WHERE ({value}) IS NOT NULL{living}"
        )
