"""`veriga token`: a new API token, printed once."""

from __future__ import annotations

import argparse

from django.utils import timezone

from veriga.access.queries import actor_of, find_user
from veriga.access.rules import Context, Source, system
from veriga.access.services import create_token
from veriga.common.errors import NotFound
from veriga.config.database import require_current_database
from veriga.config.errors import UsageError


def run(given: argparse.Namespace) -> int:
    require_current_database()
    try:
        user = find_user(system("token"), given.email)
    except NotFound:
        raise UsageError(f"There is no user {given.email}.") from None
    if not user.is_active:
        raise UsageError(f"The user {given.email} is deactivated.")
    context = Context(actor_of(user), timezone.now(), Source.SYSTEM)
    _, secret = create_token(context=context, name="veriga token")
    print(secret)
    return 0
