"""Sessions in the database, as Django's own; reading one is a prepared query.

Named in SESSION_ENGINE. Every page reads its session and its user before anything else.
"""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from veriga.common.prepared import prepared


@prepared
def _session(*, key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(db.SessionStore):
    """One session; all but its reading is Django's."""

    def _get_session_from_db(self) -> Session | None:
        found = _session(key=str(self.session_key), now=timezone.now())
        if not found:
            self._session_key = None
            return None
        return found[0]
