"""The demo's users, products, companies and contacts."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from veriga.access.models import User
from veriga.access.rules import Context
from veriga.access.services import create_team, create_user
from veriga.catalogue.services import create_product
from veriga.common.money import PRICE_SCALE
from veriga.work.services.loading.parties import (
    LoadedCompany,
    StoredCompany,
    load_companies,
)

from .content.types import CompanyLine, Content

PASSWORD = "veriga-demo"  # noqa: S105  printed for everybody to read
SELLERS_ABROAD = {"AT": "petra.leskovar", "DE": "petra.leskovar", "HR": "luka.turk"}
SELLERS_AT_HOME = (
    ("maja.kovac", 26), ("ana.bizjak", 26), ("rok.zupan", 8), ("natasa.golob", 8),
    ("simona.rozman", 15), ("matej.kos", 15),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Customer:
    """A stored company with what chains need to know of it."""

    id: int
    contact_ids: tuple[int, ...]
    line: CompanyLine
    owner: User
    colleagues: tuple[User, ...]


def make_people(context: Context, content: Content) -> dict[str, User]:
    """Make the teams and users; return the users by their mailbox."""
    teams = {name: create_team(context=context, name=name).pk for name in content.teams}
    users = {}
    for person in content.users:
        users[person.email.split("@")[0]] = create_user(
            context=context,
            email=person.email,
            name=f"{person.first} {person.last}",
            role=person.role,
            team_id=teams.get(person.team),
            scope=person.scope,
            language=content.language,
            phone=person.phone,
            may_see_confidential=person.role == "manager",
            may_see_persons=person.role != "reader",
        )
    # Hashing is slow on purpose: once is enough for a password that is no secret.
    User.objects.update(password=make_password(PASSWORD))
    return users


def make_products(context: Context, content: Content) -> dict[str, int]:
    """Make the products; return their ids by code."""
    return {
        product.code: create_product(
            context=context,
            code=product.code,
            name=product.name,
            unit=product.unit,
            unit_price=product.price_cents * PRICE_SCALE // 100,
        ).pk
        for product in content.products
    }


def make_customers(
    context: Context,
    content: Content,
    users: Mapping[str, User],
    rng: random.Random,
    since: datetime,
) -> list[Customer]:
    """Make all companies but the story's, with their contacts."""
    lines = content.companies[1:]
    owners = [_owner(line, users, rng) for line in lines]
    stored = load_companies(
        context=context,
        companies=[
            LoadedCompany(
                name=line.name,
                account_owner_id=owner.pk,
                created_at=since,
                fields=company_fields(line, number),
                contacts=_contacts(content, line, rng),
            )
            for number, (line, owner) in enumerate(zip(lines, owners, strict=True))
        ],
    )
    sellers = [user for user in users.values() if user.role == "sales"]
    return [
        _customer(company, line, owner, sellers)
        for company, line, owner in zip(stored, lines, owners, strict=True)
    ]


def company_fields(line: CompanyLine, number: int) -> dict[str, Any]:
    """Return the fields of a company as parties' services take them."""
    # Numbers that are given to nobody.
    country_code = {"SI": 386, "AT": 43, "DE": 49, "HR": 385, "IT": 39}[line.country]
    return {
        "status": "prospect" if line.prospect else "active",
        "prospect_type": "customer",
        "street": line.street,
        "postcode": line.postcode,
        "town": line.town,
        "country": line.country,
        "phone": f"+{country_code} 59 000 {number % 1000:03d}",
        "email": f"info@{line.domain}",
        "website": f"www.{line.domain}",
        "kind": "legal_entity",
        "abc": "" if line.prospect else "ABBCCC"[number % 6],
        "language": {"SI": "sl", "AT": "de", "DE": "de", "HR": "hr", "IT": "it"}[
            line.country
        ],
    }


def mailbox(name: str) -> str:
    """Return a name as e-mail addresses write it."""
    plain = name.lower().replace("đ", "d").replace("ß", "ss").replace(" ", "")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


def _owner(line: CompanyLine, users: Mapping[str, User], rng: random.Random) -> User:
    if line.country != "SI":
        return users[SELLERS_ABROAD.get(line.country, "luka.turk")]
    names, weights = zip(*SELLERS_AT_HOME, strict=True)
    return users[rng.choices(names, weights)[0]]


def _contacts(
    content: Content, line: CompanyLine, rng: random.Random
) -> list[dict[str, str]]:
    firsts = [
        *content.first_names_f[line.country],
        *content.first_names_m[line.country],
    ]
    count = rng.choices((1, 2, 3, 4), (18, 42, 30, 10))[0]
    functions = rng.sample(content.functions, count)
    people = []
    for function in functions:
        first, last = rng.choice(firsts), rng.choice(content.last_names[line.country])
        people.append(
            {
                "first_name": first,
                "last_name": last,
                "function": function.name,
                "mobile": f"+386 41 000 {rng.randrange(300, 1000)}",
                "email": f"{mailbox(first)}.{mailbox(last)}@{line.domain}",
            }
        )
    return people


def _customer(
    company: StoredCompany, line: CompanyLine, owner: User, sellers: Sequence[User]
) -> Customer:
    team = tuple(
        user for user in sellers if user.team_id == owner.team_id and user != owner
    )
    return Customer(company.id, company.contact_ids, line, owner, team)
