"""The shapes of the demo's content: frozen dataclasses, plain values only."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Firm:
    """The installation's own firm, the seller of the demo."""

    name: str
    street: str
    postcode: str
    town: str
    country: str
    domain: str
    email: str
    phone: str
    description: str


@dataclass(frozen=True)
class Person:
    """A user: role is administrator, manager, sales or reader.

    `team` is the team's name, or empty for those who stand above the teams;
    `scope` (own, team, all) says which companies the person sees.
    """

    first: str
    last: str
    email: str
    role: str
    team: str
    phone: str
    function: str
    scope: str


@dataclass(frozen=True)
class CompanyLine:
    """A customer or prospect; `country` is the ISO code of two letters."""

    name: str
    street: str
    postcode: str
    town: str
    country: str
    domain: str
    industry: str
    prospect: bool


@dataclass(frozen=True)
class NameSet:
    """First and last names of one country."""

    first_f: tuple[str, ...]
    first_m: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True)
class ContactFunction:
    """What a contact does at a company: stable code and name in the language."""

    code: str
    name: str


@dataclass(frozen=True)
class ProductLine:
    """A product or service; the price is net, in cents, per unit.

    `is_main` marks the machines a chain can be about, as opposed to parts,
    film and services that only fill the lines of a quote.
    """

    code: str
    name: str
    unit: str
    price_cents: int
    is_main: bool


@dataclass(frozen=True)
class Line:
    """One believable activity: title and one to three possible first entries.

    `product` is the code of the product that the title names, or empty: then the
    line suits every product. `{product}` (a product's name) and `{town}` (the
    company's town) may stand in title and texts, where the nominative is right.
    """

    phase: str
    kind: str
    type: str
    direction: str
    title: str
    texts: tuple[str, ...]
    product: str = ""


@dataclass(frozen=True)
class QuoteItem:
    """One line of a quote; quantity is a decimal as a string, price net in cents."""

    code: str
    quantity: str
    price_cents: int


@dataclass(frozen=True)
class QuoteText:
    """What a quote for one main product usually holds (codes and quantities)."""

    product: str
    items: tuple[QuoteItem, ...]


@dataclass(frozen=True)
class StoryContact:
    """A contact of the story's company."""

    key: str
    first: str
    last: str
    function: str
    function_code: str
    email: str
    phone: str


@dataclass(frozen=True)
class StoryStep:
    """One activity of the manual's story, told relative to today.

    `days_before_today` counts calendar days; a day that falls on a weekend is
    meant to be moved back to the working day before it. `due_days_before` is the
    deadline of a task or the validity of a quote, negative when it is still to
    come. `follows` is the key of an earlier step, with the `reason` of the link:
    `link` where a user links by hand, `made_on` where the step was made on it.
    """

    key: str
    days_before_today: int
    hour: int
    kind: str
    type: str
    direction: str
    title: str
    text: str
    actor: str
    result: str
    follows: str | None
    reason: str
    due_days_before: int | None
    done: bool
    product: str = ""
    stage: str = ""
    lines: tuple[QuoteItem, ...] = ()
    duration_minutes: int = 30
    place: str = ""
    contacts: tuple[str, ...] = ()


@dataclass(frozen=True)
class GroupEvent:
    """An event to which `companies` of one salesperson's customers are invited.

    It is so many working days from today, before it if negative. `replies` are those of
    the first companies, in their order.
    """

    title: str
    place: str
    text: str
    type: str
    working_days: int
    companies: int
    replies: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """Everything the demo says, in one language."""

    language: str
    firm: Firm
    teams: tuple[str, ...]
    users: tuple[Person, ...]
    companies: tuple[CompanyLine, ...]
    first_names_f: Mapping[str, tuple[str, ...]]
    first_names_m: Mapping[str, tuple[str, ...]]
    last_names: Mapping[str, tuple[str, ...]]
    functions: tuple[ContactFunction, ...]
    products: tuple[ProductLine, ...]
    lines: tuple[Line, ...]
    planned: tuple[Line, ...]
    results: Mapping[str, tuple[str, ...]]
    story: tuple[StoryStep, ...]
    story_contacts: tuple[StoryContact, ...]
    quote_texts: tuple[QuoteText, ...]
    quote_terms: tuple[str, ...]
    group_events: tuple[GroupEvent, ...]
    hints: tuple[str, ...]
