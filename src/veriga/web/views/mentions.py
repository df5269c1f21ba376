"""Saying to the author of a text who is mentioned in it and was not told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from veriga.access.rules import Actor
from veriga.activities.models import Entry
from veriga.activities.queries.mentions import mentioned_in


def with_untold(actor: Actor, entry: Entry | None, text: str) -> str:
    """Return `text`, and after it whom the mentions of an entry did not reach."""
    if entry is None:
        return text
    found = mentioned_in(actor, entry.activity, entry)
    parts = [text]
    if found.untold:
        names = ", ".join(user.name for user in found.untold)
        parts.append(
            _("Not told, because they may not read it: %(names)s.") % {"names": names}
        )
    if found.unclear:
        names = ", ".join(f"@{name}" for name in found.unclear)
        parts.append(
            _("Not told, because several colleagues are called so: %(names)s.")
            % {"names": names}
        )
    return " ".join(parts)
