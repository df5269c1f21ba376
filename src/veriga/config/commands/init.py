"""`veriga init`: tables, code lists, the own firm and the first administrator."""

from __future__ import annotations

import argparse
import secrets
from pathlib import Path

from django.utils import timezone

from veriga.access.queries import find_user
from veriga.access.rules import Context, Role, Source, system
from veriga.access.services import create_user
from veriga.automation.services import install_rules
from veriga.common.errors import NotFound
from veriga.config.database import migrate
from veriga.config.errors import UsageError
from veriga.parties.services import create_own_firm
from veriga.setup.services import install_code_lists

OWN_FIRM = "Interno"


def run(given: argparse.Namespace) -> int:
    password = _read_password(given.password_file)
    migrate()
    context = Context(system("init"), timezone.now(), Source.SYSTEM)
    install_code_lists()
    install_rules(context=context)
    create_own_firm(context=context, name=OWN_FIRM)
    if _is_there(context, given.admin):
        print(f"The user {given.admin} is there already and stays as is.")
        return 0
    made = password or secrets.token_urlsafe(12)
    create_user(
        context=context,
        email=given.admin,
        name=given.admin.partition("@")[0],
        role=Role.ADMINISTRATOR,
        password=made,
    )
    print(f"Administrator: {given.admin}")
    if password is None:
        print(f"Password: {made}")
    return 0


def _is_there(context: Context, email: str) -> bool:
    if "@" not in email:
        raise UsageError(f"{email} is no e-mail address.")
    try:
        find_user(context.actor, email)
    except NotFound:
        return False
    return True


def _read_password(name: str | None) -> str | None:
    if name is None:
        return None
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise UsageError(f"{name} holds no password.")
    return lines[0]
