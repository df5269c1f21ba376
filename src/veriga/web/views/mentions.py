"""Saying to the author of a text who is mentioned in it and was not told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from veriga.access.rules import Actor
from veriga.activities.models import Entry
from veriga.activities.queries.mentions import Mentioned, mentioned_in
from veriga.events.models import Gathering
from veriga.events.queries.mentions import mentioned_in_gathering


def with_untold(actor: Actor, entry: Entry | None, text: str) -> str:
    """Return `text`, and after it whom the mentions of an entry did not reach."""
    if entry is None:
        return text
    found = mentioned_in(actor, entry.activity, entry)
    untold = _("Not told, because they may not read it: %(names)s.")
    return _with_untold(found, text, untold)


def with_untold_of_gathering(actor: Actor, gathering: Gathering, text: str) -> str:
    """Return the same for the text of a group event.

    Who is not told yet may be later: when a company that they see is invited.
    """
    found = mentioned_in_gathering(actor, gathering)
    untold = _("Not told before a company that they see is invited: %(names)s.")
    return _with_untold(found, text, untold)


def _with_untold(found: Mentioned, text: str, untold: str) -> str:
    parts = [text]
    if found.untold:
        names = ", ".join(user.name for user in found.untold)
        parts.append(untold % {"names": names})
    if found.unclear:
        names = ", ".join(f"@{name}" for name in found.unclear)
        parts.append(
            _("Not told, because several colleagues are called so: %(names)s.")
            % {"names": names}
        )
    return " ".join(parts)
