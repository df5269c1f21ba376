"""`veriga check --repair`: make what is stored twice agree again."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max
from django.utils import timezone

from veriga.access.models import User
from veriga.activities.kinds import kind_of
from veriga.activities.models import Activity, Chain, Counter
from veriga.activities.queries.checking import Difference, find_differences
from veriga.activities.queries.columns import company_columns
from veriga.activities.rules.references import read_reference, write_key
from veriga.activities.rules.times import occurred_at
from veriga.activities.rules.words import KindCode
from veriga.common.errors import Problems
from veriga.common.text import fold, sort_key
from veriga.common.transactions import write
from veriga.parties.models import Company

from .chains import settle_chains
from .columns import set_company_columns, set_owner_columns
from .locking import lock_companies
from .sums import forget_sums, withdraw


def repair(differences: Iterable[Difference]) -> list[Difference]:
    """Mend what can be mended, and return what is left, for a person to decide.

    A link between companies or a circle is never removed by itself: somebody meant it.
    """
    found = list(differences)
    for company_id in sorted({d.company_id for d in found if d.company_id}):
        _repair_company(company_id)
    if any(d.code == "chain_sums" for d in found):
        forget_sums()
    if any(d.code in {"counter", "reference_key"} for d in found):
        _repair_counters()
    return list(find_differences())


@write
def _repair_company(company_id: int) -> None:
    company = lock_companies([company_id])[company_id]
    owner = company.account_owner
    if owner is not None and company.team_id != owner.team_id:
        company.team_id = owner.team_id
        company.save(update_fields=["team"])
    activities = list(
        Activity.objects.filter(
            company=company, deleted_at__isnull=True
        ).select_related("owner")
    )
    for activity in activities:
        _repair_columns(activity, company, activity.owner)
    chain_ids = {a.chain_id for a in activities}
    chain_ids |= set(Chain.objects.filter(company=company).values_list("pk", flat=True))
    chains = Chain.objects.filter(pk__in=[c for c in chain_ids if c])
    withdraw(chains)
    chains.update(company=company, **company_columns(company))
    settle_chains(company_id, chain_ids)


def _repair_columns(activity: Activity, company: Company, owner: User) -> None:
    set_company_columns(activity, company)
    set_owner_columns(activity, owner)
    activity.title_key = sort_key(activity.title)
    activity.title_folded = fold(activity.title)[:200]
    own = kind_of(activity.kind).read(
        {},
        activity,
        now=activity.recorded_at,
        zone=timezone.get_default_timezone(),
        problems=Problems(),
    )
    if own is not None:
        times = own.times
        activity.date, activity.due_at = times.date, times.due_at
        activity.starts_at, activity.ends_at = times.starts_at, times.ends_at
        activity.document_at, activity.sent_at = times.document_at, times.sent_at
    activity.occurred_at = occurred_at(
        KindCode(activity.kind),
        starts_at=activity.starts_at,
        done_at=activity.done_at,
        document_at=activity.document_at,
    )
    activity.save()


@write
def _repair_counters() -> None:
    """Write the keys that references imply, and raise counters to what was given."""
    for activity in Activity.objects.filter(reference__isnull=False).iterator():
        reference = activity.reference or ""
        if read_reference(reference) != reference:
            continue
        prefix, year, number = reference.split("-")
        key = write_key(prefix, int(year), int(number))
        if activity.reference_key != key:
            Activity.objects.filter(pk=activity.pk).update(reference_key=key)
    for counter in Counter.objects.all():
        start = f"{counter.prefix}-{counter.year % 100:02d}-"
        highest = Activity.objects.filter(reference_key__startswith=start).aggregate(
            key=Max("reference_key")
        )["key"]
        if highest and int(highest.rsplit("-", 1)[1]) > counter.last:
            counter.last = int(highest.rsplit("-", 1)[1])
            counter.save(update_fields=["last"])
