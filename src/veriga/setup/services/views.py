"""Saving, sharing, pinning and deleting views of lists."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode

from veriga.access.rules import Context
from veriga.common.checks import clean_choice, clean_text
from veriga.common.errors import FieldError, NotAllowed, Problems
from veriga.common.rows import constraint_errors
from veriga.common.text import has_control_characters
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.setup.models import PinnedView, SavedView
from veriga.setup.rules import VIEW_PAGES, VIEW_QUERY_LENGTH
from veriga.setup.views import get_view, may_change

NAME_LENGTH: Final = 80
MOST_VIEWS: Final = 200  # of one user on one page
MOST_FILTERS: Final = 40
NAME_TAKEN: Final = FieldError("name", "name_taken")
_PASSING = frozenset({"cursor"})  # a place in a list is no filter


@write
def save_view(
    *, context: Context, page: str, name: str, query: str, shared: bool = False
) -> SavedView:
    """Save the filters of a page under a name of one's own, and return the view.

    Under a name that one has used on that page before, its filters are replaced.
    Errors: unknown_choice for page, required, too_long, control_characters for name,
    too_long or control_characters for query, too_many.
    """
    if context.actor.user_id is None:
        raise NotAllowed
    problems = Problems()
    clean_choice(problems, "page", page, list(VIEW_PAGES))
    title = clean_text(problems, "name", name, limit=NAME_LENGTH, required=True)
    kept = clean_query_string(problems, query)
    own = SavedView.objects.filter(user_id=context.actor.user_id, page=page)
    known = own.filter(name=title).first()
    if known is None and own.count() >= MOST_VIEWS:
        problems.add("name", "too_many", limit=MOST_VIEWS)
    problems.raise_if_any()
    if known is not None:
        changed = {
            field: (getattr(known, field), value)
            for field, value in (("query", kept), ("is_shared", bool(shared)))
            if getattr(known, field) != value
        }
        known.query, known.is_shared = kept, bool(shared)
        known.save(update_fields=["query", "is_shared"])
        if changed:
            note_change(context, "saved_view", known.pk, "update", changed)
        return known
    view = SavedView(
        user_id=context.actor.user_id,
        page=page,
        name=title,
        query=kept,
        is_shared=bool(shared),
        created_at=context.now,
    )
    table = SavedView._meta.db_table
    with constraint_errors(
        {f"{table}.name": NAME_TAKEN, "saved_view_name_once": NAME_TAKEN}
    ):
        view.save(force_insert=True)
    note_change(context, "saved_view", view.pk, "create", {"name": (None, title)})
    return view


@write
def delete_view(*, context: Context, view_id: int) -> SavedView:
    """Delete a view, also from the menus of others; by its maker or a manager."""
    view = get_view(context.actor, view_id)
    if not may_change(context.actor, view):
        raise NotAllowed
    note_change(context, "saved_view", view.pk, "delete", {"name": (view.name, None)})
    SavedView.objects.filter(pk=view.pk).delete()
    return view


@write
def pin_view(*, context: Context, view_id: int, pinned: bool) -> SavedView:
    """Put a view into the actor's menu, or take it out; repeating changes nothing."""
    view = get_view(context.actor, view_id)
    user_id = context.actor.user_id or 0
    if pinned:
        PinnedView.objects.get_or_create(user_id=user_id, view=view)
    else:
        PinnedView.objects.filter(user_id=user_id, view=view).delete()
    return view


def clean_query_string(problems: Problems, query: str) -> str:
    """Return filters as an address has them, without what is empty or passing."""
    if has_control_characters(query):
        problems.add("query", "control_characters")
        return ""
    try:
        pairs = parse_qsl(query.removeprefix("?"), max_num_fields=MOST_FILTERS)
    except ValueError:
        problems.add("query", "too_long", limit=VIEW_QUERY_LENGTH)
        return ""
    kept = [(name, value) for name, value in pairs if value and name not in _PASSING]
    text = urlencode(kept)
    if len(text) > VIEW_QUERY_LENGTH:
        problems.add("query", "too_long", limit=VIEW_QUERY_LENGTH)
    if any(has_control_characters(part) for pair in kept for part in pair):
        problems.add("query", "control_characters")
    return text
