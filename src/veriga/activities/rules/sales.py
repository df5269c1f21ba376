"""Sales: what the marks and quotes of a chain say about its stage and outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from .words import CLOSING, MarkKind, Outcome


@dataclass(frozen=True, slots=True)
class Sign:
    """A mark, or the recording of a quote (`kind` "quote"), as sales read them.

    From `amount_minor` to `name` are those of a statement: what somebody expects of the
    sale. `closes` and what follows is kept on a mark that closes a sale: see `Close`.
    """

    at: datetime
    order: tuple[int, int]  # ties: marks before quotes, then by id
    kind: str
    value: str = ""
    activity_id: int = 0
    amount_minor: int | None = None
    currency: str = ""
    month_on: date | None = None
    name: str = ""
    closes: str = ""
    closed_minor: int | None = None
    closed_currency: str = ""


@dataclass(frozen=True, slots=True)
class SentQuote:
    """A quote that went out to the customer."""

    at: datetime
    activity_id: int
    amount_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Worth:
    """What a sale may bring: stated by a person, or of a newer sent quote.

    `amount_minor` is None where only a month or a name was stated; `activity_id` is
    the quote, or what the statement was made on.
    """

    amount_minor: int | None
    currency: str
    month_on: date | None
    name: str
    activity_id: int
    is_quoted: bool


@dataclass(frozen=True, slots=True)
class AcceptedQuote:
    """A quote that the customer has accepted."""

    at: datetime
    activity_id: int
    amount_minor: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Close:
    """How a sale was closed, and what it was worth then: docs/maths/forecast.md."""

    outcome: str
    amount_minor: int | None
    currency: str


@dataclass(slots=True)
class Sale:
    """One pass of a chain towards an order; `since` the end of the one before it.

    `closed_by` is the id of the mark that closed it.
    """

    since: datetime | None = None
    outcome: Outcome = Outcome.OPEN
    closed_at: datetime | None = None
    closed_by: int | None = None
    quotes: list[int] = field(default_factory=list)  # ids of the quotes recorded in it


def read_sales(signs: Iterable[Sign]) -> tuple[list[Sale], str]:
    """Return the sales of a chain in order (at least one), and its newest stage.

    A close ends the current sale. What comes after is after-sales work until a stage
    mark that does not close, or a quote, opens the next sale; so does an explicit
    outcome "open", which takes the last close back.
    """
    sales = [Sale()]
    stage = ""
    for sign in sorted(signs, key=lambda s: (s.at, s.order)):
        current = sales[-1]
        if sign.kind == MarkKind.OUTCOME:
            outcome = Outcome(sign.value)
            if outcome in CLOSING:
                current.outcome, current.closed_at = outcome, sign.at
                current.closed_by = sign.order[1]
            else:
                current.outcome, current.closed_at = Outcome.OPEN, None
                current.closed_by = None
        elif sign.kind == MarkKind.STAGE:
            stage = sign.value
            # A closing stage comes with its own outcome mark, made just before it.
            if current.outcome in CLOSING and current.closed_at != sign.at:
                sales.append(Sale(since=current.closed_at))
        elif sign.kind == "quote":
            if current.outcome in CLOSING:
                sales.append(Sale(since=current.closed_at))
            sales[-1].quotes.append(sign.activity_id)
    return sales, stage


def worth_of(
    sale: Sale, signs: Iterable[Sign], quotes: Iterable[SentQuote]
) -> Worth | None:
    """Return what the present sale of a chain may bring, None if nobody has said.

    The newest statement counts, and a quote of this sale that was sent later replaces
    its value. What was stated before the sale in front closed belongs to that one.
    """
    stated = max(
        (
            sign
            for sign in signs
            if sign.kind == MarkKind.STATEMENT
            and (sale.since is None or sign.at > sale.since)
        ),
        key=lambda sign: (sign.at, sign.order),
        default=None,
    )
    sent = max(
        (quote for quote in quotes if quote.activity_id in sale.quotes),
        key=lambda quote: (quote.at, quote.activity_id),
        default=None,
    )
    if sent is not None and (stated is None or sent.at > stated.at):
        return Worth(
            sent.amount_minor,
            sent.currency,
            stated.month_on if stated else None,
            stated.name if stated else "",
            sent.activity_id,
            True,
        )
    if stated is None:
        return None
    return Worth(
        stated.amount_minor,
        stated.currency,
        stated.month_on,
        stated.name,
        stated.activity_id,
        False,
    )


def closes_of(
    sales: Iterable[Sale],
    signs: Iterable[Sign],
    sent: Iterable[SentQuote],
    accepted: Iterable[AcceptedQuote],
) -> dict[int, Close]:
    """Return how the closed ones of a chain's `sales` were closed, by mark.

    Worth is what its accepted quotes come to together, in the currency of the newest;
    without one, what `worth_of` said at that moment.
    Source: docs/maths/forecast.md, section 4.
    """
    signs, sent, accepted = list(signs), list(sent), list(accepted)
    found = {}
    for sale in sales:
        if sale.closed_by is None or sale.closed_at is None:
            continue
        closed_at = sale.closed_at
        own = [quote for quote in accepted if quote.activity_id in sale.quotes]
        if own:
            newest = max(own, key=lambda quote: (quote.at, quote.activity_id))
            currency = newest.currency
            amount: int | None = sum(
                q.amount_minor or 0 for q in own if q.currency == currency
            )
        else:
            worth = worth_of(
                sale,
                [sign for sign in signs if sign.at <= closed_at],
                [quote for quote in sent if quote.at <= closed_at],
            )
            amount = worth.amount_minor if worth else None
            currency = worth.currency if worth else ""
        found[sale.closed_by] = Close(sale.outcome, amount, currency)
    return found
