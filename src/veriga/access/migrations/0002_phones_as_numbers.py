import re

import phonenumbers
from django.db import migrations


def store_numbers(apps, schema_editor):
    """Rewrite users' phones as numbers; what is none stays. Safe to run again."""
    for user in apps.get_model("access", "User").objects.exclude(phone=""):
        try:
            number = phonenumbers.parse(re.sub(r"^\s*\(?00", "+", user.phone), "SI")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            kind = phonenumbers.PhoneNumberFormat.E164
            stored = phonenumbers.format_number(number, kind)
            ending = f";ext={number.extension}" if number.extension else ""
            user.phone = f"{stored}{ending}"
            user.save(update_fields=["phone"])


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(store_numbers, migrations.RunPython.noop),
    ]
