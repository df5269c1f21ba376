"""Removing what nobody reads any more: in pieces, so that others may write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db.models import Exists, OuterRef

from veriga.activities.models import Chain
from veriga.common.transactions import write
from veriga.insight.models import ChainFigures, Population, Sight

PIECE: Final = 2_000  # rows of figures to a transaction


def forget_all_but(wanted: Sequence[str]) -> None:
    """Remove sights that nobody has any more, and populations that nobody reads."""
    _forget_sights(wanted)
    for old in Population.objects.filter(sights__isnull=True).values_list("pk"):
        while ids := list(
            ChainFigures.objects.filter(population_id=old[0]).values_list(
                "pk", flat=True
            )[:PIECE]
        ):
            _forget_figures(ids)
        _forget_population(old[0])
    _forget_strays()


@write
def _forget_sights(wanted: Sequence[str]) -> None:
    Sight.objects.exclude(key__in=wanted).delete()


@write
def _forget_figures(ids: Sequence[int]) -> None:
    ChainFigures.objects.filter(pk__in=ids).delete()


@write
def _forget_population(pk: int) -> None:
    Population.objects.filter(pk=pk, sights__isnull=True).delete()


@write
def _forget_strays() -> None:
    """Remove the figures of chains that are gone: nothing reads them."""
    chains = Chain.objects.filter(pk=OuterRef("chain_id"))
    ChainFigures.objects.filter(~Exists(chains)).delete()
