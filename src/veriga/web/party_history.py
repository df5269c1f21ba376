"""The history of a company or a contact in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from veriga.access.queries import list_teams, users_by_id
from veriga.access.rules import Actor
from veriga.history.models import Record
from veriga.history.queries import list_changes
from veriga.parties.queries import company_names
from veriga.setup.rules import Subject
from veriga.web.forms.companies import expected_words, kind_name, language_name
from veriga.web.forms.custom import changes_of
from veriga.web.forms.parties import country_name
from veriga.web.record_history import Step
from veriga.work.queries.names import prospect_type_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from veriga.parties.models import Company, Contact

PEOPLE: Final = ("account_owner_id", "user")


def history_of_company(actor: Actor, company: Company) -> list[Step]:
    """Return what happened to a visible company, newest first; at most four."""
    records = list_changes("company", company.pk)
    people = users_by_id(
        value
        for record in records
        for name in PEOPLE
        for value in record.changes.get(name, [])
        if isinstance(value, int)
    )
    names = {pk: user.name for pk, user in people.items()}
    above = (v for record in records for v in record.changes.get("parent_id", []))
    parents = company_names(actor, (v for v in above if isinstance(v, int)))
    teams = {team.pk: team.name for team in list_teams(actor)}
    say: dict[str, Callable[[Any], str]] = {
        "account_owner_id": lambda pk: names.get(pk, str(pk)),
        "user": lambda pk: names.get(pk, str(pk)),
        "team_id": lambda pk: teams.get(pk, str(pk)),
        "prospect_type_id": prospect_type_name,
        "country": country_name,
        "status": _status,
        "kind": kind_name,
        "language": language_name,
        "expected_on": expected_words,
        "parent_id": lambda pk: parents.get(pk, f"#{pk}"),
    }
    return [_step(record, say, Subject.COMPANY) for record in records]


def history_of_contact(contact: Contact) -> list[Step]:
    """Return what happened to a visible contact, newest first; one statement."""
    records = list_changes("contact", contact.pk)
    return [_step(record, {}, Subject.CONTACT) for record in records]


def _step(record: Record, say: dict[str, Callable[[Any], str]], subject: str) -> Step:
    details = list(_details(record, say))
    if "custom" in record.changes:
        details += changes_of(subject, *record.changes["custom"])
    return Step(record.made_at, record.made_by_name, _action(record.action), details)


def _details(
    record: Record, say: dict[str, Callable[[Any], str]]
) -> Iterator[tuple[str, str, str]]:
    # In the order of the form: PostgreSQL keeps no order of keys.
    for name, label in _labels().items():
        if name not in record.changes or record.action == "create":
            continue
        old, new = record.changes[name]
        words = say.get(name, _plain)
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
    }.get(action, action)


def _labels() -> dict[str, str]:
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
    }
