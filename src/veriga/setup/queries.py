"""Reading code lists: from a cache, so that a page needs no statement for them.

Everybody may read them, hence no actor. Each process keeps a list for a few seconds;
a change made in another process shows after that.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from veriga.common.errors import Invalid
from veriga.common.kept import Kept

from .models import CodeListEntry, LifeCycle

E = TypeVar("E", bound=CodeListEntry)

_kept: Kept[dict[Any, Any]] = Kept(5.0)


def code_list(model: type[E], *, offered_only: bool = False) -> list[E]:
    """Return the entries of a list in its order; `offered_only`: for new records.

    The entries are shared: not to be changed.
    """
    entries = _entries(model).values()
    if offered_only:
        return [entry for entry in entries if entry.life_cycle == LifeCycle.ACTIVE]
    return list(entries)


def names(model: type[CodeListEntry], language: str) -> dict[str, str]:
    """Return the name of every entry by its code, whatever its life cycle."""
    return {code: entry.name(language) for code, entry in _entries(model).items()}


def find_entry(model: type[E], code: str) -> E | None:
    """Return the entry of this code, None if there is none."""
    return _entries(model).get(code)


def get_offered(model: type[E], code: object, field: str) -> E:
    """Return the entry that a new record may take, for the input called `field`.

    Errors: Invalid unknown_choice if there is none, not_offered if it is retiring or
    off.
    """
    entry = _entries(model).get(code) if isinstance(code, str) else None
    if entry is None:
        raise Invalid.of(field, "unknown_choice")
    if entry.life_cycle != LifeCycle.ACTIVE:
        raise Invalid.of(field, "not_offered")
    return entry


def usual(model: type[E], code: str) -> str:
    """Return `code` if new records may take it, else the first one that they may."""
    offered = [entry.pk for entry in code_list(model, offered_only=True)]
    return code if code in offered else str(next(iter(offered), ""))


def forget_code_lists() -> None:
    """Empty the cache of this process; services and tests call it."""
    _kept.forget()


def _entries(model: type[E]) -> dict[Any, E]:
    return cast("dict[Any, E]", _kept.get(model, lambda: _read(model)))


def _read(model: type[E]) -> dict[Any, E]:
    rows = model._default_manager.order_by("position", "code")
    return {entry.pk: entry for entry in rows}
