"""The history of a company, a contact or a product in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.queries import list_teams, list_users
from veriga.access.rules import Actor
from veriga.history.models import Record
from veriga.history.queries import list_changes
from veriga.parties.queries import company_names
from veriga.setup.rules import Subject
from veriga.web.formats import day, phone
from veriga.web.forms.companies import (
    category_names,
    expected_words,
    kind_name,
    language_name,
)
from veriga.web.forms.custom import changes_of
from veriga.web.forms.parties import country_name
from veriga.web.forms.products import price_words
from veriga.web.record_history import Step
from veriga.work.queries.names import prospect_type_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from veriga.catalogue.models import Product
    from veriga.parties.models import Company, Contact


# What a contact is at their own company, hidden from who sees another one only.
AT_FIRST = frozenset({"function", "since_on", "until_on"})


def history_of_company(actor: Actor, company: Company) -> list[Step]:
    """Return what happened to a visible company, newest first; at most four."""
    records = list_changes("company", company.pk)
    say = _ways(actor)
    return [_step(record, say, Subject.COMPANY) for record in records]


def words_of_company(actor: Actor) -> Callable[[str, Any], str]:
    """Return what says a value of a company's column in words; two statements."""
    say = _ways(actor)

    def words(column: str, value: Any) -> str:
        return "" if value in (None, "") else say.get(column, _plain)(value)

    return words


def _ways(actor: Actor) -> dict[str, Callable[[Any], str]]:
    names = {user.pk: user.name for user in list_users(actor)}
    teams = {team.pk: team.name for team in list_teams(actor)}
    return {
        "account_owner_id": lambda pk: names.get(pk, str(pk)),
        "user": lambda pk: names.get(pk, str(pk)),
        "team_id": lambda pk: teams.get(pk, str(pk)),
        "prospect_type_id": prospect_type_name,
        "country": country_name,
        "status": _status,
        "kind": kind_name,
        "categories": category_names,
        "language": language_name,
        "expected_on": expected_words,
        "parent_id": lambda pk: company_names(actor, [pk]).get(pk, f"#{pk}"),
    }


def history_of_contact(actor: Actor, contact: Contact) -> list[Step]:
    """Return what happened to a contact that the actor sees, newest first.

    Nothing is said of companies that the actor does not see. At most two statements.
    """
    records = list_changes("contact", contact.pk)
    ids = {one for record in records for one in _companies_in(record)}
    seen = company_names(actor, ids) if ids else {}
    words: dict[str, Callable[[Any], str]] = {
        "company_id": lambda pk: seen.get(pk, _("another company")),
        "position": lambda said: _position(said, seen),
        "since_on": _day,
        "until_on": _day,
    }
    steps = []
    for record in records:
        named = set(_companies_in(record))
        if named and not named & seen.keys():
            continue
        hidden = AT_FIRST if contact.shown_at is not None else frozenset()
        if record.action == "update" and record.changes.keys() <= hidden:
            continue
        steps.append(_step(record, words, Subject.CONTACT, hidden))
    return steps


def history_of_product(product: Product) -> list[Step]:
    """Return what happened to a product, newest first; one statement."""
    words: dict[str, Callable[[Any], str]] = {"unit_price": price_words}
    records = list_changes("product", product.pk)
    return [_step(record, words, "") for record in records]


def _companies_in(record: Record) -> Iterator[int]:
    """Yield the companies that a change to a contact names."""
    for value in record.changes.get("company_id", ()):
        if value is not None:
            yield value
    for said in record.changes.get("position", ()):
        if said:
            yield said[0]


def _position(said: list[Any], seen: Mapping[int, str]) -> str:
    """Return what was said of a further company: name, function, days."""
    company_id, function, since, until = said
    days = [
        _("since %(day)s") % {"day": _day(since)} if since else "",
        _("until %(day)s") % {"day": _day(until)} if until else "",
    ]
    return ", ".join(filter(None, [seen[company_id], function, *days]))


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso))


def _step(
    record: Record,
    say: dict[str, Callable[[Any], str]],
    subject: str,
    hidden: frozenset[str] = frozenset(),
) -> Step:
    details = list(_details(record, say, hidden))
    if "custom" in record.changes:
        details += changes_of(subject, *record.changes["custom"])
    return Step(record.made_at, record.made_by_name, _action(record.action), details)


def _details(
    record: Record, say: dict[str, Callable[[Any], str]], hidden: frozenset[str]
) -> Iterator[tuple[str, str, str]]:
    # In the order of the form: PostgreSQL keeps no order of keys.
    for name, label in labels().items():
        if name not in record.changes.keys() - hidden or record.action == "create":
            continue
        old, new = record.changes[name]
        words = phone if name in {"phone", "mobile"} else say.get(name, _plain)
        shown = [_("nothing") if v in (None, "", []) else words(v) for v in (old, new)]
        yield label, shown[0], shown[1]


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return _joined(value)
    return str(value)


def _joined(values: Sequence[Any]) -> str:
    return ", ".join(str(value) for value in values)


def _status(status: str) -> str:
    return _("Prospect") if status == "prospect" else _("Active customer")


def _action(action: str) -> str:
    return {
        "create": _("Recorded"),
        "update": _("Changed"),
        "delete": _("Deleted"),
        "share": _("Shared"),
        "unshare": _("Share taken back"),
        "ask": _("Activation asked for"),
        "merge": _("Merged"),
        "unmerge": _("Merging undone"),
    }.get(action, action)


def labels() -> dict[str, str]:
    """Return what the columns of companies and contacts are called."""
    return {
        "name": pgettext("company", "Name"),
        "status": _("Status"),
        "prospect_type_id": _("Prospect type"),
        "street": _("Street"),
        "postcode": _("Postcode"),
        "town": _("Town"),
        "country": _("Country"),
        "phone": _("Phone"),
        "mobile": _("Mobile phone"),
        "email": _("E-mail"),
        "website": _("Website"),
        "tax_number": _("Tax number"),
        "registration_number": _("Registration number"),
        "kind": _("Kind of company"),
        "parent_id": _("Parent company"),
        "categories": _("Categories"),
        "abc": _("ABC"),
        "language": _("Language of mails"),
        "expected_on": _("Co-operation expected"),
        "notes": _("Notes"),
        "account_owner_id": _("Account owner"),
        "team_id": _("Team"),
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "function": _("Function"),
        "note": _("Note"),
        "attachment": _("Attachment"),
        "user": _("User"),
        "activation": _("Asked"),
        "address": _("Address"),
        "code": _("Code"),
        "unit": _("Unit"),
        "unit_price": _("Price"),
        "is_active": _("Offered"),
        "company_id": _("Company"),
        "position": _("Also at"),
        "since_on": _("Since"),
        "until_on": _("Until"),
        "merged": _("Company"),
    }
