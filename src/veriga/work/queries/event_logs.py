"""What earlier imports of an event log have left, for the next import of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from veriga.access.rules import Source
from veriga.activities.models import Activity
from veriga.catalogue.models import Product
from veriga.parties.models import Company


def references_of_log(name: str) -> set[str]:
    """Return the source references of everything that was imported under a name.

    Deleted activities too: what somebody threw away does not come back by itself.
    """
    return set(_imported(name).values_list("source_reference", flat=True))


def companies_of_log(name: str) -> dict[str, int]:
    """Return the companies of what was imported under a name: id by name."""
    ids = _imported(name).values("company_id")
    return dict(Company.objects.filter(pk__in=ids).values_list("name", "pk"))


def products_of_log(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of the products that have these codes, by code."""
    found = Product.objects.filter(code__in=list(codes))
    return dict(found.values_list("code", "pk"))


def _imported(name: str) -> QuerySet[Activity]:
    return Activity.objects.filter(
        source=Source.IMPORT, source_reference__startswith=f"{name}:"
    )
