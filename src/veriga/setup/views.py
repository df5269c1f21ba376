"""Saved views: each user their own, and those that colleagues share."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from veriga.access.rules import Actor
from veriga.common.errors import NotFound

from .models import PinnedView, SavedView


@dataclass(frozen=True, slots=True)
class ShownView:
    """A view as its reader's list shows it."""

    view: SavedView
    is_own: bool
    is_pinned: bool
    may_change: bool


def visible_views(actor: Actor) -> QuerySet[SavedView]:
    """Return the views that the actor may use, unordered."""
    return SavedView.objects.filter(Q(user_id=actor.user_id or 0) | Q(is_shared=True))


def list_views(actor: Actor, page: str) -> list[ShownView]:
    """Return the views of a page, the actor's own first, each by name."""
    pins = PinnedView.objects.filter(user_id=actor.user_id or 0, view=OuterRef("pk"))
    views = visible_views(actor).filter(page=page).annotate(pinned=Exists(pins))
    shown = [
        ShownView(
            view=view,
            is_own=view.user_id == actor.user_id,
            is_pinned=view.pinned,
            may_change=may_change(actor, view),
        )
        for view in views.select_related("user")
    ]
    return sorted(shown, key=lambda one: (not one.is_own, one.view.name.casefold()))


def pinned_views(actor: Actor) -> list[SavedView]:
    """Return what the actor has in the menu, by name."""
    pins = PinnedView.objects.filter(user_id=actor.user_id or 0)
    views = visible_views(actor).filter(pk__in=pins.values("view_id"))
    return sorted(views, key=lambda view: view.name.casefold())


def get_view(actor: Actor, view_id: int) -> SavedView:
    """Return a view that the actor may use; or NotFound."""
    view = visible_views(actor).filter(pk=view_id).first()
    if view is None:
        raise NotFound
    return view


def may_change(actor: Actor, view: SavedView) -> bool:
    """Tell whether the actor may rename, share or delete it: its maker, or a manager
    if it is shared."""
    return view.user_id == actor.user_id or (view.is_shared and actor.is_manager)
