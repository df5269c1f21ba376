import re

import phonenumbers
from django.db import migrations

CHUNK = 2_000


def number_of(text, region):
    """Return the number in one writing; None for what is no number."""
    try:
        number = phonenumbers.parse(re.sub(r"^\s*\(?00", "+", text), region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{stored};ext={number.extension}" if number.extension else stored


def store_numbers(apps, schema_editor):
    """Rewrite what was typed; what is no number stays. Safe to run again."""
    company, contact = (
        apps.get_model("parties", name) for name in ("Company", "Contact")
    )
    _rewrite(company.objects.all(), ("phone",), lambda row: row.country)
    people = contact.objects.select_related("company")
    _rewrite(people, ("phone", "mobile"), lambda row: row.company.country)


def _rewrite(rows, fields, region_of):
    changed = []
    for row in rows.iterator(chunk_size=CHUNK):
        found = {
            field: number_of(getattr(row, field), region_of(row))
            for field in fields
            if getattr(row, field)
        }
        found = {name: n for name, n in found.items() if n and n != getattr(row, name)}
        if found:
            for name, number in found.items():
                setattr(row, name, number)
            changed.append(row)
    rows.model.objects.bulk_update(changed, fields, batch_size=100)


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_company_fields"),
    ]

    operations = [
        migrations.RunPython(store_numbers, migrations.RunPython.noop),
    ]
