"""The demo company: a maker of packaging machines with three years behind it.

Everything follows from the content, one seed and the moment it is made: the same day
makes the same company. The story and the group events are told through the services,
the rest bulk-loaded by the same rules.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from veriga.access.models import User
from veriga.access.rules import Context, Source, system
from veriga.parties.models import Company
from veriga.parties.services import create_own_firm
from veriga.setup.services import install_code_lists, set_silence_limits
from veriga.work.services.loading import LoadedChain, large_load, load_chains

from .automation import make_rules
from .chains import Teller
from .content import load
from .content.types import CompanyLine, Content
from .customers import Customer, make_customers, make_people, make_products
from .days import OfficeDays
from .forecast import make_targets, state_sales
from .gatherings import count_guests, make_gatherings
from .past import Past, PastTeller
from .plots import ACTIVE, Plotter
from .story import Story

# After how many working days without anything further the firm wants to know.
SILENCE_LIMITS = {"call": 10, "email": 10, "visit": 15, "meeting": 15}
SEED = 20_260
ACTIVITIES = 7_000
INTERNAL_CHAINS = 12
YEARS = 3
PARALLEL_SIZE = 8
ENTERING = ("maja.kovac", "natasa.golob", "tomaz.vidmar", "bostjan.oblak")


@dataclass(frozen=True, slots=True)
class Made:
    """The demo as it was made: where it begins and how large it is."""

    company_id: int
    companies: int
    activities: int
    references: Mapping[str, str]  # of the story's steps, by their key


def make_demo(*, language: str, now: datetime, activities: int = ACTIVITIES) -> Made:
    """Fill an empty, migrated database with the demo company as of `now`."""
    now = now.astimezone(UTC).replace(microsecond=0)
    rng = random.Random(SEED)
    content = load(language)
    office = OfficeDays(now, timezone.get_default_timezone())
    since = now - timedelta(days=YEARS * 365)
    context = Context(system("demo"), now, Source.DEMO)
    install_code_lists()
    set_silence_limits(context=context, limits=SILENCE_LIMITS)
    users = make_people(context, content)
    firm = create_own_firm(context=context, name=content.firm.name)
    products = make_products(context, content)
    with large_load(activities):
        story = Story(content, office, users)
        company_id = story.tell(users["maja.kovac"])
        customers = make_customers(context, content, users, rng, since)
        teller = PastTeller(content, rng, office, products, users["tomaz.vidmar"])
        chains = _Aside(rng, office, content, teller, customers, since.date())
        make_gatherings(content, office, users["maja.kovac"], customers)
        told = len(content.story) + count_guests(content)
        left = activities - told
        batch = list(chains.all(_insiders(firm, users), users))
        left -= sum(len(chain.activities) for chain in batch)
        past = Past(content, rng, office, teller, customers, since.date())
        batch += [told.chain for told in past.tell(left)]
        # By chance of its own, so that what is told does not change with it.
        chance = random.Random(SEED + 1)
        state_sales(batch, chance, now)
        load_chains(context=context, chains=batch)
    make_targets(context, users.values(), chance)
    ruled = make_rules(context, office, users["tomaz.vidmar"], language=language)
    made = sum(len(chain.activities) for chain in batch) + told + ruled
    return Made(company_id, len(customers) + 1, made, story.references)


def _insiders(firm: Company, users: Mapping[str, User]) -> Customer:
    """Return the own firm as a customer, for what is done among ourselves."""
    line = CompanyLine(firm.name, "", "", firm.town, firm.country, "", "", False)
    sellers = tuple(user for user in users.values() if user.role == "sales")
    return Customer(firm.pk, (), line, users["natasa.golob"], sellers)


class _Aside:
    """The few chains that are not simulated: among ourselves, and two side by side."""

    def __init__(
        self,
        rng: random.Random,
        office: OfficeDays,
        content: Content,
        teller: Teller,
        customers: Sequence[Customer],
        since: date,
    ) -> None:
        self._rng = rng
        self._office = office
        self._teller = teller
        self._customers = customers
        self._since = since
        self._plotter = Plotter(content, rng)

    def all(
        self, insiders: Customer, users: Mapping[str, User]
    ) -> Iterator[LoadedChain]:
        """Yield them."""
        for _ in range(INTERNAL_CHAINS):
            plot = self._plotter.internal(self._rng.randint(2, 9))
            yield self._teller.tell(insiders, plot, self._past_day(2, 300), self._since)
        yield from self._side_by_side(users)

    def _side_by_side(self, users: Mapping[str, User]) -> Iterator[LoadedChain]:
        """Two colleagues at one company, each with a chain of their own, unaware."""
        customer = next(c for c in self._customers if c.owner == users["maja.kovac"])
        for name, days_ago in (("maja.kovac", 4), ("ana.bizjak", 6)):
            plot = self._plotter.sale(PARALLEL_SIZE, ACTIVE)
            alone = Customer(
                customer.id, customer.contact_ids, customer.line, users[name], ()
            )
            yield self._teller.tell(
                alone,
                plot,
                self._office.today - timedelta(days=days_ago),
                self._office.today - timedelta(days=150),
            )

    def _past_day(self, nearest: int, farthest: int) -> date:
        days = self._rng.randint(nearest, max(nearest, farthest))
        return self._office.on_or_before(self._office.today - timedelta(days=days))
