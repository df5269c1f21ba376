"""One command for many companies or contacts over the API: foreseen, done, undone."""

from __future__ import annotations

from datetime import date

import pytest

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_user
from veriga.parties.models import Company, Contact
from veriga.parties.tests.factories import make_company, make_contact
from veriga.setup.models import CompanyCategory
from veriga.work.models import Batch
from veriga.work.rules.bulk import MOST

from .client import Answer, Api, codes
from .declared import assert_declared, assert_problem


@pytest.fixture
def companies(seller: User) -> list[int]:
    return [make_company(f"Stranka {n}", owner=seller).pk for n in range(3)]


@pytest.fixture
def contacts(company: Company) -> list[int]:
    return [make_contact(company, last_name=f"Oseba {n}").pk for n in range(3)]


def bulk(api: Api, of: str, action: str, **body: object) -> Answer:
    return api.post(f"bulk/{of}", {"action": action, **body})


def versions(model: type[Company] | type[Contact]) -> set[int]:
    return set(model.objects.values_list("row_version", flat=True))


class TestCompanies:
    def test_foreseen_done_and_taken_back(
        self, api: Api, manager: Api, seller: User, companies: list[int]
    ) -> None:
        colleague = make_user(team=seller.team)
        body = {"companies": companies, "owner": colleague.email}
        foreseen = bulk(api, "companies", "owner", **body, dry_run=True)
        assert_declared("change_many_companies", foreseen)
        assert foreseen.json == {
            "batch": None, "changed": companies, "left": [], "unseen": 0,
        }  # fmt: skip
        assert versions(Company) == {1}
        assert not Batch.objects.exists()
        done = bulk(api, "companies", "owner", **body)
        assert_declared("change_many_companies", done)
        assert (done.json["changed"], done.json["unseen"]) == (companies, None)
        owner = api.get(f"companies/{companies[0]}").json["account_owner"]
        assert owner["id"] == colleague.pk
        undo = f"bulk/{done.json['batch']}/undo"
        assert_problem(manager.post(undo), 404, "not_found")
        assert api.post(undo).json == {"restored": 3, "left": []}
        assert_problem(api.post(undo), 409, "already_undone")
        assert set(Company.objects.values_list("account_owner", flat=True)) == {
            seller.pk
        }

    def test_marks_and_categories(self, api: Api, companies: list[int]) -> None:
        code = str(CompanyCategory.objects.values_list("pk", flat=True)[0])
        for action, value in (
            ("abc", {"abc": "A"}),
            ("add_category", {"category": code}),
        ):
            done = bulk(api, "companies", action, companies=companies, **value)
            assert done.json["changed"] == companies, done.text
        one = api.get(f"companies/{companies[0]}").json
        assert (one["abc"], one["categories"]) == ("A", [code])
        off = {"companies": companies, "category": code}
        bulk(api, "companies", "drop_category", **off)
        bulk(api, "companies", "abc", companies=companies, abc=None)
        one = api.get(f"companies/{companies[0]}").json
        assert (one["abc"], one["categories"]) == ("", [])

    def test_what_stays_is_told_with_its_code(
        self, api: Api, seller: User, companies: list[int]
    ) -> None:
        Company.objects.filter(pk=companies[0]).update(abc="B")
        hidden = make_company("Skrita").pk
        chosen = [companies[0], {"id": companies[1], "row_version": 9}, companies[2]]
        done = bulk(api, "companies", "abc", companies=[*chosen, hidden], abc="B")
        assert_declared("change_many_companies", done)
        assert done.json["changed"] == [companies[2]]
        left = {one["id"]: (one["name"], one["code"]) for one in done.json["left"]}
        assert left == {
            companies[0]: ("Stranka 0", "so_already"),
            companies[1]: ("Stranka 1", "changed_since"),
            hidden: ("", "not_found"),
        }

    def test_what_a_company_lacks_is_named(
        self, manager: Api, companies: list[int]
    ) -> None:
        done = bulk(
            manager, "companies", "status", companies=companies, status="active"
        )
        assert done.json["changed"] == []
        assert done.json["batch"] is None
        (first, *_) = done.json["left"]
        assert first["code"] == "needed_when_active"
        assert {"kind", "street"} <= set(first["fields"])

    def test_all_that_fit_a_filter(
        self, api: Api, seller: User, companies: list[int], monkeypatch
    ) -> None:
        other = make_company("Druga", owner=seller, status="active")
        monkeypatch.setattr("veriga.api.routers.party_bulk.PER_PAGE", 2)
        fits = {"status": "prospect", "account_owner": seller.email}
        done = bulk(api, "companies", "abc", filter=fits, abc="C")
        assert set(done.json["changed"]) == set(companies)
        assert not Company.objects.get(pk=other.pk).abc
        monkeypatch.setattr("veriga.api.routers.party_bulk.MOST", 2)
        refused = bulk(api, "companies", "abc", filter=fits, abc="A")
        assert_problem(refused, 422, "too_many_rows")

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"action": "owner"}, "owner", "required"),
            ({"action": "owner", "owner": 99999}, "owner", "unknown_choice"),
            ({"action": "status"}, "status", "required"),
            ({"action": "status", "status": "x"}, "status", "unknown_choice"),
            ({"action": "add_category"}, "category", "required"),
            ({"action": "add_category", "category": "?"}, "category", "unknown_choice"),
            ({"action": "abc", "abc": "Z"}, "abc", "unknown_choice"),
            ({"action": "delete"}, "action", "unknown_choice"),
            ({"action": "abc", "contacts": [1]}, "contacts", "unknown_field"),
            ({"action": "abc", "filter": {}}, "filter", "either_or"),
            ({"action": "abc", "companies": None}, "companies", "required"),
        ],
    )
    def test_bad_input_is_told_at_its_field(
        self, api: Api, companies: list[int], body: dict, field: str, code: str
    ) -> None:
        answer = api.post("bulk/companies", {"companies": companies, **body})
        assert_problem(answer, 422, code)
        assert codes(answer) == {field: code}
        assert versions(Company) == {1}

    def test_rows_that_are_none_change_nothing(
        self, api: Api, companies: list[int]
    ) -> None:
        none = bulk(api, "companies", "abc", companies=[], abc="A")
        assert_problem(none, 422, "nothing_chosen")
        for wrong in (["x"], [0], [2**63], "1", [{"id": 1}]):
            answer = bulk(api, "companies", "abc", companies=wrong, abc="A")
            assert answer.status == 422, answer.text
        many = bulk(api, "companies", "abc", companies=[*range(1, MOST + 2)], abc="A")
        assert_problem(many, 422, "too_many_rows")
        assert versions(Company) == {1}

    def test_who_may_not(
        self, api: Api, reader: Api, outsider: Api, companies: list[int]
    ) -> None:
        body = {"action": "abc", "companies": companies, "abc": "A"}
        assert_problem(reader.post("bulk/companies", body), 403, "not_allowed")
        dry = {**body, "dry_run": True}
        assert_problem(reader.post("bulk/companies", dry), 403, "not_allowed")
        theirs = outsider.post("bulk/companies", body)
        assert theirs.json["changed"] == []
        assert {(one["name"], one["code"]) for one in theirs.json["left"]} == {
            ("", "not_found")
        }
        assert_problem(Api(None).post("bulk/companies", body), 401, "not_signed_in")
        assert_problem(api.get("bulk/companies"), 405, "method_not_allowed")

    def test_sent_again_with_its_key_it_is_done_once(
        self, api: Api, companies: list[int]
    ) -> None:
        body = {"action": "abc", "companies": companies, "abc": "A"}
        key = {"Idempotency-Key": "enkrat"}
        first = api.post("bulk/companies", body, headers=key)
        again = api.post("bulk/companies", body, headers=key)
        assert again.json == first.json
        assert Batch.objects.count() == 1

    def test_natural_persons_are_out_of_sight_without_the_right(
        self, api: Api, seller: User
    ) -> None:
        person = make_company("Janez Novak", owner=seller, kind="natural_person").pk
        done = bulk(api, "companies", "abc", companies=[person], abc="A")
        assert [one["code"] for one in done.json["left"]] == ["not_found"]
        right = make_user(role=Role.MANAGER, may_see_persons=True)
        seen = bulk(Api(right), "companies", "abc", companies=[person], abc="A")
        assert seen.json["changed"] == [person]


class TestContacts:
    def test_left_and_taken_back(self, api: Api, contacts: list[int]) -> None:
        body = {"contacts": contacts, "until_on": "2026-03-31"}
        foreseen = bulk(api, "contacts", "left", **body, dry_run=True)
        assert foreseen.json["changed"] == contacts
        done = bulk(api, "contacts", "left", **body)
        assert_declared("change_many_contacts", done)
        assert set(Contact.objects.values_list("until_on", flat=True)) == {
            date(2026, 3, 31)
        }
        back = api.post(f"bulk/{done.json['batch']}/undo")
        assert_declared("undo_many", back)
        assert back.json == {"restored": 3, "left": []}
        assert set(Contact.objects.values_list("until_on", flat=True)) == {None}

    def test_a_function_for_all_of_one_company(
        self, api: Api, company: Company, contacts: list[int], seller: User
    ) -> None:
        other = make_contact(make_company("Druga", owner=seller))
        fits = {"company": company.pk}
        done = bulk(api, "contacts", "function", filter=fits, function="Nabava")
        assert set(done.json["changed"]) == set(contacts)
        assert api.get(f"contacts/{other.pk}").json["function"] != "Nabava"
        again = bulk(api, "contacts", "function", filter=fits, function="Nabava")
        assert {one["code"] for one in again.json["left"]} == {"so_already"}

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"action": "left"}, "until_on", "required"),
            ({"action": "left", "until_on": "jutri"}, "until_on", "not_a_date"),
            ({"action": "function"}, "function", "required"),
            ({"action": "function", "function": "x" * 81}, "function", "too_long"),
            ({"action": "owner"}, "action", "unknown_choice"),
            ({"action": "left", "contacts": None}, "contacts", "required"),
        ],
    )
    def test_bad_input_is_told_at_its_field(
        self, api: Api, contacts: list[int], body: dict, field: str, code: str
    ) -> None:
        answer = api.post("bulk/contacts", {"contacts": contacts, **body})
        assert_problem(answer, 422, code)
        assert codes(answer) == {field: code}
        assert versions(Contact) == {1}

    def test_who_may_not(self, reader: Api, outsider: Api, contacts: list[int]) -> None:
        body = {"action": "function", "contacts": contacts, "function": "X"}
        assert_problem(reader.post("bulk/contacts", body), 403, "not_allowed")
        theirs = outsider.post("bulk/contacts", body).json
        assert (theirs["changed"], theirs["batch"]) == ([], None)
        assert {one["name"] for one in theirs["left"]} == {""}
