"""A confidential entry changes no answer and no header that others get."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from veriga.access.models import User
from veriga.access.rules import Role, Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Entry
from veriga.api.api import description
from veriga.automation.tests.factories import make_rule
from veriga.catalogue.tests.factories import make_product
from veriga.insight.rules.words import ReportKind
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_contact

from .client import Api, codes
from .declared import assert_declared, assert_problem

WORD = "Skrivalnica"


@pytest.fixture
def holder(seller: User) -> Api:
    """The seller with the right to confidential entries."""
    User.objects.filter(pk=seller.pk).update(may_see_confidential=True)
    return Api(User.objects.get(pk=seller.pk))


def read_all(api: Api, known: dict[str, list[Any]]) -> dict[str, Any]:
    """Return what every call that reads answers, by its address."""
    found = {}
    for path, methods in description()["paths"].items():
        if "get" not in methods:
            continue
        for address in _filled(path.removeprefix("/api/v1/"), known):
            others = {"other": known["company_id"][0]}
            for query in ({}, {"q": WORD}, {"linked_to": known["ref"][0]}, others):
                told = api.get(address, **query)
                found[f"{address} {query}"] = (
                    told.status,
                    told.text,
                    sorted(told.headers.items()),
                )
    return found


def _filled(path: str, known: dict[str, list[Any]]) -> Iterator[str]:
    name = re.search(r"{(\w+)}", path)
    if name is None:
        yield path
        return
    for value in known[name[1]]:
        yield from _filled(path.replace(name[0], str(value)), known)


def test_no_call_tells_others_anything(
    holder: Api, reader: Api, company: Company
) -> None:
    contact = make_contact(company)
    chain = holder.chain(company.pk, 3)
    path = f"activities/{chain[0]}/attachments"
    file = holder.post(path, raw=b"a", name="a.txt").json
    gathering = holder.post(
        "gatherings",
        {
            "title": "Dan",
            "starts_at": "2026-03-05T08:00:00Z",
            "companies": [{"company": company.pk}],
        },
    ).json
    known = {
        "ref": chain,
        "company_id": [company.pk],
        "contact_id": [contact.pk],
        "product_id": [make_product().pk],
        "attachment_id": [file["id"]],
        "gathering_id": [gathering["id"]],
        "rule_id": [make_rule(make_user(role=Role.MANAGER)).pk],
        "kind": list(ReportKind),
    }
    # Without the right; with it, but without a part in the activity.
    admin = Api(make_user(role=Role.ADMINISTRATOR, scope=Scope.ALL))
    idle = Api(make_user(role=Role.MANAGER, may_see_confidential=True))
    before = [read_all(one, known) for one in (reader, admin, idle)]
    for reference in chain:
        body = {"text": WORD, "confidential": True}
        assert holder.post(f"activities/{reference}/entries", body).status == 201
    after = [read_all(one, known) for one in (reader, admin, idle)]
    assert before == after
    assert len(before[0]) > 20
    assert WORD in holder.get(f"activities/{chain[0]}/entries").text


class TestEntries:
    def test_text_and_lock_change_at_once(
        self, holder: Api, seller: User, company: Company
    ) -> None:
        ref = holder.event(company.pk, text="Prvi")
        entry = holder.get(f"activities/{ref}/entries").json["items"][0]
        answer = holder.patch(
            f"entries/{entry['id']}", {"text": "Drugi", "locked": True}
        )
        assert_declared("edit_entry", answer)
        assert (answer.json["text"], answer.json["is_locked"]) == ("Drugi", True)
        assert answer.json["made_at"] == entry["made_at"]
        assert answer.json["author"]["id"] == seller.pk

    def test_a_locked_one_is_its_authors(
        self, holder: Api, manager: Api, reader: Api, outsider: Api, company: Company
    ) -> None:
        holder.event(company.pk, text="Moje")
        path = f"entries/{Entry.objects.get().pk}"
        holder.patch(path, {"locked": True})
        for body in ({"text": "Tuje"}, {"locked": False}):
            assert_problem(manager.patch(path, body), 403, "entry_locked")
            assert reader.patch(path, body).status == 403
            assert_problem(outsider.patch(path, body), 404, "not_found")
        assert Entry.objects.get().text == "Moje"

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"text": "  "}, "text", "required"),
            ({"text": "a\x00"}, "text", "control_characters"),
            ({"text": 5}, "text", "wrong_type"),
            ({"locked": "yes"}, "locked", "wrong_type"),
            ({"author": 1}, "author", "unknown_field"),
        ],
    )
    def test_wrong_bodies(
        self, holder: Api, company: Company, body: Any, field: str, code: str
    ) -> None:
        holder.event(company.pk, text="Moje")
        answer = holder.patch(f"entries/{Entry.objects.get().pk}", body)
        assert (answer.status, codes(answer)) == (422, {field: code})
        assert Entry.objects.get().text == "Moje"

    def test_the_first_text_may_be_confidential(
        self, holder: Api, reader: Api, company: Company
    ) -> None:
        ref = holder.event(company.pk, text=WORD, confidential=True)
        assert reader.get(f"activities/{ref}/entries").json["items"] == []
        body = {"company": company.pk, "title": "A", "text": "B", "confidential": True}
        plain = Api(make_user(team=company.account_owner.team))
        assert_problem(plain.post("tasks", body), 403, "not_allowed")
