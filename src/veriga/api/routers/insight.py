"""Insight: the same stored figures that the pages show."""

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from veriga.api.answers import answer, only_known
from veriga.api.auth import reader
from veriga.api.schemas.insight import (
    ChainInsightOut,
    InsightOut,
    InsightQuery,
    LinksInsightOut,
    ReportWord,
)
from veriga.insight.queries.links import get_link_report, plain_links
from veriga.insight.queries.results import (
    find_chain_figures,
    get_result,
    list_chains,
    plain,
    plain_chain,
)
from veriga.insight.rules.words import ReportKind

router = Router(tags=["insight"])


@router.get("/insight/links", response=LinksInsightOut)
def read_links(request: HttpRequest) -> HttpResponse:
    """Return how suggestions of links are ordered; for managers who see everything."""
    return answer(plain_links(get_link_report(reader(request))))


@router.get("/insight/{kind}", response=InsightOut)
def read_insight(
    request: HttpRequest, kind: ReportWord, query: Query[InsightQuery]
) -> HttpResponse:
    """Return a report over the chains that one sees, or over those of a team."""
    only_known(request, InsightQuery)
    actor, report = reader(request), ReportKind(kind)
    found = get_result(actor, report, query.team)
    chains = list_chains(actor, report, query.team, limit=query.limit)
    return answer(plain(found, chains))


@router.get("/activities/{ref}/chain/insight", response=ChainInsightOut)
def read_chain_insight(request: HttpRequest, ref: str) -> HttpResponse:
    """Return pace, silence, chance and next steps of the chain of an activity."""
    return answer(plain_chain(find_chain_figures(reader(request), ref)))
