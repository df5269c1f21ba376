"""Making one company part of another: everything moves, and undo for 30 days.

The chains of both stay as they are: whole chains move and none are joined. What is
moved is found by asking the database's own description which tables point to companies,
so that a table that is added later is not forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.apps import apps
from django.db.models import ForeignKey, Model
from django.utils.dateparse import parse_date, parse_datetime

from veriga.access.rules import Actor, Context
from veriga.activities.models import Activity, Chain
from veriga.activities.services import refresh_company_columns
from veriga.activities.services.locking import lock_companies
from veriga.common.announcing import announce
from veriga.common.errors import Conflict, Invalid, NotAllowed, NotFound
from veriga.common.rows import set_changed
from veriga.common.text import fold, sort_key
from veriga.common.transactions import write
from veriga.history.services import note_change
from veriga.parties.models import Company, Merge, Position, Share
from veriga.parties.queries import get_company, visible_companies
from veriga.parties.rules import own_domain
from veriga.parties.services import update_company

from .indexing import announce_activities_of

UNDO_FOR: Final = timedelta(days=30)
# What is the company's own affair, not a value to choose.
NOT_CHOSEN: Final = frozenset(
    {
        *(
            "id",
            "name_key",
            "name_folded",
            "domain_key",
            "is_own",
            "team_id",
            "created_by_id",
        ),
        *("created_at", "row_version", "parent_id"),
    }
)
CHOSEN_AS: Final = {"prospect_type_id": "prospect_type"}
# The other column with which a row must be unique at one company.
UNIQUE_WITH: Final[Mapping[type[Model], str]] = {
    Share: "user_id",
    Position: "contact_id",
}
AWAY: Final = "away"


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which two companies differ: its column, and both values."""

    column: str
    kept: Any
    away: Any

    @property
    def prefers_away(self) -> bool:
        """Whether the kept company has nothing there."""
        return self.kept in ("", None, {})


@dataclass(frozen=True, slots=True)
class Preview:
    """What merging would do: fields to choose, and how many rows move by table."""

    kept: Company
    away: Company
    choices: list[Choice]
    numbers: dict[str, int]


def preview_merge(context: Context, kept_id: int, away_id: int) -> Preview:
    """Return what merging two visible companies would do.

    Errors: not_found, not_allowed, same_company.
    """
    kept, away = _both(context, kept_id, away_id)
    numbers = {
        model._meta.label: len(_ids(model, name, away.pk))
        for model, name in _relations()
        if not model._meta.auto_created
    }
    return Preview(kept, away, _choices(kept, away), numbers)


@write
def merge_companies(
    *,
    context: Context,
    kept_id: int,
    away_id: int,
    take: Mapping[str, str] | None = None,
) -> Merge:
    """Make the company `away_id` part of `kept_id`, and return what undoes it.

    `take` says for columns that differ whether "kept" or "away" is right; where it is
    silent the kept one is, unless it has nothing there. By a manager, or the account
    owner of both. Errors: not_found, not_allowed, same_company, unknown_choice.
    """
    _both(context, kept_id, away_id)
    lock_companies([kept_id, away_id])
    kept, away = _both(context, kept_id, away_id)
    before = _take(context, kept, away, take or {})
    if kept.parent_id == away.pk:  # nothing stands above itself
        before["parent_id"] = away.pk
        Company.objects.filter(pk=kept.pk).update(parent=None)
    moved: dict[str, list[int]] = {}
    dropped = _drop_own_positions(kept.pk, away.pk)
    for model, name in _relations():
        label = model._meta.label
        gone = _doubles(model, name, kept.pk, away.pk)
        if gone:
            dropped.setdefault(label, []).extend(_row(one) for one in gone)
            model._default_manager.filter(pk__in=[one.pk for one in gone]).delete()
        ids = _ids(model, name, away.pk)
        if ids:
            moved[label] = ids
            model._default_manager.filter(pk__in=ids).update(**{name: kept.pk})
    merge = Merge.objects.create(
        kept=kept,
        gone_id=away.pk,
        gone=_row(away),
        moved=moved,
        dropped=dropped,
        before=before,
        made_by_id=context.actor.user_id,
        made_at=context.now,
    )
    away.delete()
    refresh_company_columns(Company.objects.get(pk=kept.pk))
    _announce(kept.pk, merge.gone_id)
    told = {"merged": (None, merge.gone["name"])}
    note_change(context, "company", kept.pk, "merge", told)
    return merge


@write
def undo_merge(*, context: Context, merge_id: int) -> Company:
    """Part two companies again, and return the one that is back.

    What was recorded since stays with the kept company, except in chains that go back.
    By whoever merged them or a manager, within 30 days. Errors: already_undone,
    undo_too_late, undo_conflict if a chain or a contact by now belongs to both.
    """
    merge = _merge(context, merge_id)
    lock_companies([merge.kept_id])
    merge = _merge(context, merge_id)
    if merge.undone_at is not None:
        raise Conflict("already_undone")
    if context.now - merge.made_at > UNDO_FOR:
        raise Conflict("undo_too_late")
    if Company.objects.filter(pk=merge.gone_id).exists():
        raise Conflict("undo_conflict")
    later = _later_members(merge)
    back: Company = _restore(Company, merge.gone)
    back.save(force_insert=True)
    for label, ids in merge.moved.items():
        model = apps.get_model(label)
        name = next(n for m, n in _relations() if m is model)
        rows = model._default_manager.filter(pk__in=ids, **{name: merge.kept_id})
        if rows.count() != len(ids):
            raise Conflict("undo_conflict")
        rows.update(**{name: back.pk})
    Activity.objects.filter(pk__in=later).update(company=back)
    for label, rows_of in merge.dropped.items():
        for row in rows_of:
            _restore(apps.get_model(label), row).save(force_insert=True)
    _refuse_crossed_people(merge)
    kept = Company.objects.get(pk=merge.kept_id)
    _put_back(kept, merge)
    for company in (kept, back):
        refresh_company_columns(company)
    _announce(kept.pk, back.pk)
    merge.undone_at = context.now
    merge.save(update_fields=["undone_at"])
    told = {"merged": (back.name, None)}
    note_change(context, "company", kept.pk, "unmerge", told)
    return back


def _announce(*company_ids: int) -> None:
    """Have search follow: names, and which company an activity belongs to."""
    announce("company", company_ids)
    for company_id in company_ids:
        announce_activities_of(company_id)


def list_merges(actor: Actor, *, since: datetime) -> list[Merge]:
    """Return the merges since then that the actor may undo, newest first."""
    rows = Merge.objects.filter(
        undone_at__isnull=True,
        made_at__gte=since,
        kept__in=visible_companies(actor),
    )
    if not actor.is_manager:
        rows = rows.filter(made_by_id=actor.user_id or 0)
    return list(rows.select_related("kept", "made_by").order_by("-made_at", "-id"))


def merged_into(company_id: int) -> int | None:
    """Return the company of which a merged one is part by now, None if it is none."""
    merges = Merge.objects.filter(gone_id=company_id, undone_at__isnull=True)
    return merges.order_by("-pk").values_list("kept_id", flat=True).first()


# --- the parts -------------------------------------------------------------------


def _both(context: Context, kept_id: int, away_id: int) -> tuple[Company, Company]:
    if kept_id == away_id:
        raise Invalid.of("other", "same_company")
    kept = get_company(context.actor, kept_id)
    away = get_company(context.actor, away_id)
    actor = context.actor
    owners = {kept.account_owner_id, away.account_owner_id}
    if away.is_own or kept.is_own or not actor.can_record:
        raise NotAllowed
    if not actor.is_manager and owners != {actor.user_id}:
        raise NotAllowed
    return kept, away


def _merge(context: Context, merge_id: int) -> Merge:
    merge = Merge.objects.filter(pk=merge_id).first()
    if merge is None:
        raise NotFound
    get_company(context.actor, merge.kept_id)
    actor = context.actor
    if not actor.is_manager and not (
        actor.can_record and merge.made_by_id == actor.user_id
    ):
        raise NotAllowed
    return merge


def _relations() -> Iterator[tuple[type[Model], str]]:
    """Yield every table that points to companies, and the column by which it does."""
    for relation in Company._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if (
            relation.auto_created
            and not relation.concrete
            and isinstance(field, ForeignKey)
        ):
            yield field.model, field.attname


def _ids(model: type[Model], name: str, company_id: int) -> list[int]:
    rows = model._default_manager.filter(**{name: company_id})
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _doubles(model: type[Model], name: str, kept_id: int, away_id: int) -> list[Model]:
    """Return the rows of the company that goes that the kept one has already."""
    other = UNIQUE_WITH.get(model)
    if model._meta.auto_created:
        columns = [f.attname for f in model._meta.fields if isinstance(f, ForeignKey)]
        other = next(column for column in columns if column != name)
    if other is None:
        return []
    rows = model._default_manager
    there = rows.filter(**{name: kept_id}).values_list(other, flat=True)
    return list(rows.filter(**{name: away_id, f"{other}__in": list(there)}))


def _drop_own_positions(kept_id: int, away_id: int) -> dict[str, list[dict[str, Any]]]:
    """Delete positions at what becomes the contact's own company; return their rows."""
    gone = [
        position
        for there, own in ((away_id, kept_id), (kept_id, away_id))
        for position in Position.objects.filter(
            company_id=there, contact__company_id=own
        ).order_by("pk")
    ]
    Position.objects.filter(pk__in=[one.pk for one in gone]).delete()
    return {Position._meta.label: [_row(one) for one in gone]} if gone else {}


def _choices(kept: Company, away: Company) -> list[Choice]:
    found = []
    for column in _columns():
        mine, theirs = getattr(kept, column), getattr(away, column)
        if mine != theirs and theirs not in ("", None, {}):
            found.append(Choice(column, mine, theirs))
    return found


def _columns() -> list[str]:
    """Return the columns of a company that a person may choose between."""
    names = [f.attname for f in Company._meta.local_concrete_fields]
    return [name for name in names if name not in NOT_CHOSEN]


def _take(
    context: Context, kept: Company, away: Company, take: Mapping[str, str]
) -> dict[str, Any]:
    """Give the kept company what is taken of the other; return what it had."""
    choices = {choice.column: choice for choice in _choices(kept, away)}
    for column, side in take.items():
        if column not in _columns() or side not in {"kept", AWAY}:
            raise Invalid.of(column, "unknown_choice")
    wanted = {
        column: choice.away
        for column, choice in choices.items()
        if take.get(column, AWAY if choice.prefers_away else "kept") == AWAY
    }
    before = {column: _plain(getattr(kept, column)) for column in wanted}
    if "custom" in wanted:
        # Fields of the one fill the gaps of the other rather than replace them all.
        wanted["custom"] = {**wanted["custom"], **kept.custom}
        if take.get("custom") == AWAY:
            wanted["custom"] = {**kept.custom, **away.custom}
    if not wanted:
        return {}
    changed = set_changed(kept, {k: v for k, v in wanted.items() if k in DIRECT})
    if changed:
        kept.row_version += 1
        kept.save(update_fields=[*changed, "row_version"])
        note_change(context, "company", kept.pk, "update", changed)
    checked = {CHOSEN_AS.get(k, k): v for k, v in wanted.items() if k not in DIRECT}
    if checked:
        update_company(context=context, company_id=kept.pk, **checked)
    return before


# Columns that are taken as they are stored.
DIRECT: Final = frozenset({"custom", "phone", "status"})


def _later_members(merge: Merge) -> list[int]:
    """Return what was recorded since in the chains that go back.

    Undo_conflict if such a chain holds what was the kept company's before: then it
    would belong to both.
    """
    ids = set(merge.moved.get(Activity._meta.label, []))
    chains = merge.moved.get(Chain._meta.label, [])
    if Chain.objects.filter(pk__in=chains).count() != len(chains):
        raise Conflict("undo_conflict")
    own = Activity.objects.filter(pk__in=ids, chain__isnull=False)
    if own.exclude(chain_id__in=chains).exists():
        raise Conflict("undo_conflict")
    others = Activity.objects.filter(chain_id__in=chains).exclude(pk__in=ids)
    if others.filter(recorded_at__lt=merge.made_at).exists():
        raise Conflict("undo_conflict")
    return list(others.values_list("pk", flat=True))


def _refuse_crossed_people(merge: Merge) -> None:
    """Refuse if a contact takes part on the other side by now."""
    through = Activity.contacts.through.objects
    for company_id, other_id in (
        (merge.gone_id, merge.kept_id),
        (merge.kept_id, merge.gone_id),
    ):
        crossed = through.filter(
            activity__company_id=company_id, contact__company_id=other_id
        )
        # Whoever had or has a further company may be named there.
        there = Position.objects.filter(company_id=company_id).values("contact_id")
        if crossed.exclude(contact_id__in=there).exists():
            raise Conflict("undo_conflict")


def _put_back(kept: Company, merge: Merge) -> None:
    """Give the kept company what it had, where it still has what it took."""
    for column, value in merge.before.items():
        if column == "parent_id":
            kept.parent_id = kept.parent_id or value
        elif column == "custom" or _plain(getattr(kept, column)) == merge.gone[column]:
            setattr(kept, column, _typed(Company, column, value))
    kept.row_version += 1
    kept.name_key, kept.name_folded = sort_key(kept.name), fold(kept.name)[:200]
    kept.domain_key = own_domain(kept.website, kept.email)
    if kept.account_owner_id is not None:
        owner = kept.account_owner
        kept.team_id = owner.team_id if owner else None
    kept.save()


def _row(one: Model) -> dict[str, Any]:
    """Return the columns of a row as JSON takes them."""
    return {
        f.attname: _plain(getattr(one, f.attname))
        for f in one._meta.local_concrete_fields
    }


def _restore(model: type[Model], row: Mapping[str, Any]) -> Any:
    return model(**{name: _typed(model, name, value) for name, value in row.items()})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _typed(model: type[Model], column: str, value: Any) -> Any:
    kind = next(
        f.get_internal_type()
        for f in model._meta.local_concrete_fields
        if f.attname == column
    )
    if value is None or kind not in {"DateTimeField", "DateField"}:
        return value
    return parse_datetime(value) if kind == "DateTimeField" else parse_date(value)
