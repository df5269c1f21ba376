"""Run inside a generated installation: make somebody to sign in, choose what to ask.

Prints JSON: session cookie, token, and the addresses of a company, a record and chains.
"""

from __future__ import annotations

import json
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")

import django

django.setup()

from importlib import import_module  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from veriga.access.models import User  # noqa: E402
from veriga.access.queries import actor_of  # noqa: E402
from veriga.access.rules import (  # noqa: E402
    Context,
    Role,
    Scope,
    Source,
    system,
)
from veriga.access.services import create_token, create_user  # noqa: E402
from veriga.activities.models import Activity, Chain  # noqa: E402
from veriga.activities.queries.rows import ORDERS  # noqa: E402
from veriga.common.keyset import write_cursor  # noqa: E402

E_MAIL = "bench@veriga.example"
CROWD = 50  # people who have their desks open at the same time


def session_of(user: User) -> str:
    """Sign a user in and return the key of the session."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def main() -> None:
    now = timezone.now()
    context = Context(system("bench"), now, Source.SYSTEM)
    # The second time in the same installation they are there already.
    user = User.objects.filter(email=E_MAIL).first() or create_user(
        context=context, email=E_MAIL, name="Bench", role=Role.MANAGER,
        scope=Scope.ALL, language="sl",
    )  # fmt: skip
    _, secret = create_token(
        context=Context(actor_of(user), now, Source.SYSTEM), name="bench"
    )
    owners = list(User.objects.filter(is_active=True, name__gt="").exclude(pk=user.pk))
    sellers = [one for one in owners if one.role == Role.SALES and one.team_id]
    seller = sellers[0] if sellers else user
    chain = Chain.objects.filter(size=40).order_by("-id").first()
    chain = chain or Chain.objects.order_by("-size").first()
    members = list(chain.members.order_by("-date", "-reference_key"))
    company = chain.company_id
    others = Activity.objects.filter(company=company, deleted_at__isnull=True)
    loose = others.exclude(chain=chain).order_by("id").first()
    deep = Activity.objects.order_by("date", "reference_key")[60]
    if connection.vendor == "postgresql":
        # What the database itself does within a minute or two of such a load.
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(
        json.dumps(
            {
                "session": session_of(user),
                "seller": session_of(seller),
                "crowd": [session_of(owners[n % len(owners)]) for n in range(CROWD)],
                "token": secret,
                "company": company,
                "chain_size": len(members),
                "record": members[len(members) // 2].reference,
                "newest": members[0].reference,
                "oldest": members[-1].reference,
                "loose": loose.reference if loose else None,
                "name": others.values_list("company__name", flat=True)[0],
                "deep": write_cursor(ORDERS["date"], deep),
            }
        )
    )


main()
