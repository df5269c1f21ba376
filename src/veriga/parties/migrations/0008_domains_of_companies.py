import re

from django.db import migrations

CHUNK = 2_000
# As veriga.parties.rules had them when this was written.
PUBLIC_HOSTS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "yahoo.com",
        "icloud.com",
        "me.com",
        "proton.me",
        "protonmail.com",
        "aol.com",
        "gmx.net",
        "gmx.de",
        "gmx.at",
        "web.de",
        "t-online.de",
        "siol.net",
        "amis.net",
        "t-2.net",
        "telemach.net",
        "volja.net",
        "email.si",
        "guest.arnes.si",
        "arnes.si",
        "facebook.com",
        "instagram.com",
        "linkedin.com",
        "bizi.si",
        "net.hr",
        "inet.hr",
        "libero.it",
        "tim.it",
    ]
)


def domain_of(website, email):
    host = website.strip().lower().partition("://")[2] or website.strip().lower()
    for domain in (
        re.split(r"[/?#:]", host)[0],
        email.strip().lower().rpartition("@")[2],
    ):
        domain = domain.removeprefix("www.")
        if "." in domain and domain not in PUBLIC_HOSTS:
            return domain[:120]
    return ""


def fill_domains(apps, schema_editor):
    """Note each company's web domain. Safe to run again."""
    companies = apps.get_model("parties", "Company").objects
    rows = companies.exclude(website="", email="").only(
        "website", "email", "domain_key"
    )
    changed = []
    for row in rows.iterator(chunk_size=CHUNK):
        domain = domain_of(row.website, row.email)
        if domain != row.domain_key:
            row.domain_key = domain
            changed.append(row)
    companies.bulk_update(changed, ["domain_key"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_domain_and_numbers"),
    ]

    operations = [
        migrations.RunPython(fill_domains, migrations.RunPython.noop),
    ]
