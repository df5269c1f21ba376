"""Who is signed in: allauth's way of signing in, the user read by a prepared query.

Named in AUTHENTICATION_BACKENDS.
"""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from veriga.access.models import User
from veriga.common.prepared import prepared


@prepared
def _user(*, pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)


class SignInBackend(AuthenticationBackend):  # type: ignore[misc]  # untyped base
    """Signs in by e-mail; gives a session its user."""

    def get_user(self, user_id: int) -> User | None:
        """Return the active user of a session, None if there is none any more."""
        found = _user(pk=int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None
