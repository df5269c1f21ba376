"""Making and revoking API tokens."""

from __future__ import annotations

import secrets

from veriga.access.models import Token
from veriga.access.queries import token_hash
from veriga.access.rules import Context
from veriga.common.checks import clean_text
from veriga.common.errors import NotAllowed, Problems
from veriga.common.rows import lock_row
from veriga.common.transactions import write
from veriga.history.services import note_change

NAME_LENGTH = 80
HINT_LENGTH = 8


@write
def create_token(*, context: Context, name: str) -> tuple[Token, str]:
    """Return a new API token of the actor and its secret, which nobody sees again."""
    if context.actor.user_id is None:
        raise NotAllowed
    problems = Problems()
    name = clean_text(problems, "name", name, limit=NAME_LENGTH, required=True)
    problems.raise_if_any()
    secret = f"vrg_{secrets.token_urlsafe(32)}"
    token = Token.objects.create(
        user_id=context.actor.user_id,
        name=name,
        token_hash=token_hash(secret),
        hint=secret[:HINT_LENGTH],
        created_at=context.now,
    )
    note_change(context, "token", token.pk, "create", {"name": (None, name)})
    return token, secret


@write
def revoke_token(*, context: Context, token_id: int) -> Token:
    """Return the token, of no more use; again changes nothing.

    One's own; administrators revoke anybody's. Others' tokens are NotFound.
    """
    actor = context.actor
    tokens = Token.objects.all()
    if not actor.is_administrator:
        tokens = tokens.filter(user_id=actor.user_id or 0)
    token = lock_row(tokens, token_id)
    if token.revoked_at is None:
        token.revoked_at = context.now
        token.save(update_fields=["revoked_at"])
        note_change(context, "token", token.pk, "revoke")
    return token
