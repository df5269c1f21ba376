"""Companies and contacts over the API."""

from __future__ import annotations

import pytest

from veriga.access.models import User
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity
from veriga.parties.models import Company, Contact
from veriga.parties.tests.factories import make_company, make_contact, make_own_firm

from .client import Api, codes
from .declared import assert_declared, assert_problem


class TestCompanies:
    def test_a_name_is_enough(self, api: Api, seller: User) -> None:
        answer = api.post("companies", {"name": "  Gora  d. o. o. "})
        assert answer.status == 201
        assert_declared("make_company", answer)
        said = answer.json
        assert (said["name"], said["status"], said["country"]) == (
            "Gora d. o. o.",
            "prospect",
            "SI",
        )
        assert said["account_owner"]["email"] == seller.email
        assert answer.headers["Location"] == f"/api/v1/companies/{said['id']}"
        assert api.get(f"companies/{said['id']}").json == said

    def test_every_field_comes_back(self, api: Api, seller: User) -> None:
        colleague = make_user(team=seller.team)
        User.objects.filter(pk=seller.pk).update(
            may_activate=True, may_see_persons=True
        )
        body = {
            "name": "Gora",
            "status": "active",
            "kind": "legal_entity",
            "prospect_type": "reseller",
            "street": "Glavna 1",
            "postcode": "1000",
            "town": "Ljubljana",
            "country": "AT",
            "phone": "+431234",
            "email": "info@gora.at",
            "website": "gora.at",
            "tax_number": "ATU13585627",
            "account_owner": colleague.email,
            "categories": ["manufacturer", "trader"],
        }
        answer = api.post("companies", body)
        assert answer.status == 201, answer.text
        owner = answer.json["account_owner"]
        assert owner == {
            "id": colleague.pk,
            "name": colleague.name,
            "email": colleague.email,
        }
        assert {k: answer.json[k] for k in body} == {**body, "account_owner": owner}

    def test_activating_needs_the_right_and_all_that_is_needed(
        self, api: Api, seller: User
    ) -> None:
        made = api.post("companies", {"name": "Gora"}).json
        path = f"companies/{made['id']}"
        assert_problem(api.patch(path, {"status": "active"}), 403, "not_allowed")
        User.objects.filter(pk=seller.pk).update(
            may_activate=True, may_see_persons=True
        )
        answer = api.patch(path, {"status": "active", "town": "Kranj"})
        assert codes(answer) == dict.fromkeys(
            ("kind", "street", "postcode", "tax_number"), "needed_when_active"
        )
        whole = {"kind": "natural_person", "street": "G 1", "postcode": "4000"}
        answer = api.patch(path, {"status": "active", "town": "Kranj", **whole})
        assert answer.json["status"] == "active"

    def test_categories_narrow_and_are_checked(self, api: Api) -> None:
        gora = api.post("companies", {"name": "Gora", "categories": ["trader"]}).json
        api.post("companies", {"name": "Dol"})
        items = api.get("companies", category="trader").json["items"]
        assert [(c["name"], c["categories"]) for c in items] == [("Gora", ["trader"])]
        answer = api.patch(f"companies/{gora['id']}", {"categories": ["pirate"]})
        assert codes(answer) == {"categories": "unknown_choice"}
        emptied = api.patch(f"companies/{gora['id']}", {"categories": []})
        assert emptied.json["categories"] == []

    def test_the_list_goes_by_name_in_pages(self, api: Api, seller: User) -> None:
        names = ["Cvet", "Čebela", "Dom", "Gora", "Žaga"]
        for name in reversed(names):
            make_company(name, owner=seller)
        found: list[str] = []
        cursor = ""
        while cursor is not None:
            page = api.get("companies", limit=2, cursor=cursor)
            assert_declared("list_all_companies", page)
            found += [c["name"] for c in page.json["items"]]
            cursor = page.json["next"]
        assert found == names

    def test_filters(self, api: Api, seller: User) -> None:
        make_company("Gora", owner=seller, country="AT", status="active")
        make_company("Dom", owner=seller)
        own = make_user("Bor", team=seller.team)
        make_company("Žaga", owner=own)

        def names(**query: object) -> list[str]:
            return [c["name"] for c in api.get("companies", **query).json["items"]]

        assert names(q="zag") == ["Žaga"]
        assert names(country="at") == ["Gora"]
        assert names(status="active") == ["Gora"]
        assert names(account_owner=own.email) == names(account_owner=own.pk) == ["Žaga"]
        assert_problem(api.get("companies", status="x"), 422, "unknown_choice")
        assert_problem(api.get("companies", town="x"), 422, "unknown_field")

    def test_change(self, api: Api, company: Company) -> None:
        ref = api.event(company.pk)
        answer = api.patch(
            f"companies/{company.pk}", {"name": "Alpinum", "phone": None}
        )
        assert answer.status == 200, answer.text
        assert_declared("change_company", answer)
        assert (answer.json["name"], answer.headers["ETag"]) == ("Alpinum", '"2"')
        assert api.get(f"activities/{ref}").json["company"]["name"] == "Alpinum"
        stale = api.patch(
            f"companies/{company.pk}", {"name": "X"}, headers={"If-Match": '"1"'}
        )
        assert_problem(stale, 409, "stale")
        assert stale.json["row_version"] == 2

    def test_a_new_account_owner_takes_its_activities_along(
        self, api: Api, outsider: Api, company: Company
    ) -> None:
        api.event(company.pk)
        assert outsider.user is not None
        api.patch(f"companies/{company.pk}", {"account_owner": outsider.user.pk})
        assert len(outsider.get("activities").json["items"]) == 1
        assert Activity.objects.get().company_owner_id == outsider.user.pk

    def test_nobody_may_be_its_account_owner(
        self, manager: Api, company: Company
    ) -> None:
        answer = manager.patch(f"companies/{company.pk}", {"account_owner": None})
        assert answer.json["account_owner"] is None

    def test_delete(self, api: Api, company: Company) -> None:
        answer = api.delete(f"companies/{company.pk}")
        assert (answer.status, answer.text) == (204, "")
        assert not Company.objects.exists()

    def test_one_in_use_stays(self, api: Api, company: Company) -> None:
        api.event(company.pk)
        answer = api.delete(f"companies/{company.pk}")
        assert_problem(answer, 409, "company_in_use")

    def test_the_own_firm_stays(self, manager: Api) -> None:
        firm = make_own_firm()
        assert manager.get(f"companies/{firm.pk}").json["is_own"] is True
        assert_problem(manager.delete(f"companies/{firm.pk}"), 403, "not_allowed")

    def test_missing_and_invisible_are_the_same(
        self, outsider: Api, company: Company
    ) -> None:
        for path in (
            f"companies/{company.pk}",
            "companies/999999",
            f"companies/{2**70}",
        ):
            for answer in (
                outsider.get(path),
                outsider.patch(path, {"name": "X"}),
                outsider.delete(path),
            ):
                assert_problem(answer, 404, "not_found")

    def test_a_reader_only_reads(self, reader: Api, company: Company) -> None:
        assert reader.get(f"companies/{company.pk}").status == 200
        for answer in (
            reader.post("companies", {"name": "X"}),
            reader.patch(f"companies/{company.pk}", {"name": "X"}),
            reader.delete(f"companies/{company.pk}"),
        ):
            assert_problem(answer, 403, "not_allowed")

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("name", "", "required"),
            ("name", None, "wrong_type"),
            ("name", 5, "wrong_type"),
            ("name", "x" * 10_000, "too_long"),
            ("name", "a\x07b", "control_characters"),
            ("name", "a\ud800", "control_characters"),
            ("status", "customer", "unknown_choice"),
            ("prospect_type", "friend", "unknown_choice"),
            ("country", "XX", "unknown_choice"),
            ("country", "Slovenija", "unknown_choice"),
            ("email", "nobody", "not_an_email"),
            ("website", "javascript:alert(1)", "not_a_website"),
            ("account_owner", True, "wrong_type"),
            ("account_owner", 0, "out_of_range"),
            ("account_owner", 10**40, "out_of_range"),
            ("account_owner", {"id": 1}, "wrong_type"),
            ("color", "red", "unknown_field"),
            ("account_owner_id", 1, "unknown_field"),
            ("is_own", True, "unknown_field"),
        ],
    )
    def test_wrong_fields_are_refused(
        self, api: Api, company: Company, field: str, value: object, code: str
    ) -> None:
        for answer in (
            api.post("companies", {"name": "Gora", field: value}),
            api.patch(f"companies/{company.pk}", {field: value}),
        ):
            assert_problem(answer, 422, code)
            assert codes(answer) == {field: code}
        assert list(Company.objects.values_list("name", flat=True)) == [company.name]

    def test_a_field_is_named_as_the_interface_does(
        self, api: Api, company: Company, seller: User
    ) -> None:
        gone = make_user(team=seller.team, is_active=False)
        answer = api.patch(f"companies/{company.pk}", {"account_owner": gone.pk})
        assert codes(answer) == {"account_owner": "inactive_user"}

    def test_all_faults_are_told_at_once(self, api: Api) -> None:
        answer = api.post("companies", {"email": 5, "status": "x", "color": 1})
        assert codes(answer) == {
            "name": "required",
            "email": "wrong_type",
            "status": "unknown_choice",
            "color": "unknown_field",
        }


class TestContacts:
    def test_make_read_change_delete(self, api: Api, company: Company) -> None:
        answer = api.post(
            "contacts",
            {
                "company": company.pk,
                "first_name": "Eva",
                "last_name": "Žagar",
                "function": "Direktorica",
                "phone": "01 234 56 78",
                "mobile": "040 123 456",
                "email": "eva@alpina.si",
                "note": "Dve\nvrstici",
            },
        )
        assert answer.status == 201, answer.text
        assert_declared("make_contact", answer)
        said = answer.json
        assert said["company"] == {"id": company.pk, "name": company.name}
        assert (said["name"], said["note"]) == ("Eva Žagar", "Dve\nvrstici")
        path = f"contacts/{said['id']}"
        assert answer.headers["Location"] == f"/api/v1/{path}"
        assert api.get(path).json == said
        changed = api.patch(path, {"mobile": None, "last_name": "Kos"})
        assert_declared("change_contact", changed)
        assert (changed.json["mobile"], changed.json["name"]) == ("", "Eva Kos")
        stale = api.patch(path, {"note": "x"}, headers={"If-Match": '"1"'})
        assert_problem(stale, 409, "stale")
        assert stale.json["row_version"] == 2
        assert api.delete(path).status == 204
        assert_problem(api.get(path), 404, "not_found")

    def test_the_list_goes_by_last_name(self, api: Api, company: Company) -> None:
        other = make_company(owner=api.user)
        make_contact(company, last_name="Žagar")
        make_contact(company, last_name="Čeh")
        make_contact(other, last_name="Debevc")
        answer = api.get("contacts")
        assert_declared("list_all_contacts", answer)
        assert [c["last_name"] for c in answer.json["items"]] == [
            "Čeh",
            "Debevc",
            "Žagar",
        ]
        only = api.get("contacts", company=other.pk, q="deb").json["items"]
        assert [c["last_name"] for c in only] == ["Debevc"]
        page = api.get("contacts", limit=2).json
        rest = api.get("contacts", limit=2, cursor=page["next"]).json
        assert [c["last_name"] for c in rest["items"]] == ["Žagar"]

    def test_one_in_use_stays(self, api: Api, company: Company) -> None:
        contact = make_contact(company)
        api.event(company.pk, contacts=[contact.pk])
        assert_problem(api.delete(f"contacts/{contact.pk}"), 409, "company_in_use")

    def test_missing_and_invisible_are_the_same(
        self, outsider: Api, company: Company
    ) -> None:
        contact = make_contact(company)
        for path in (f"contacts/{contact.pk}", "contacts/999999"):
            for answer in (
                outsider.get(path),
                outsider.patch(path, {"last_name": "X"}),
                outsider.delete(path),
            ):
                assert_problem(answer, 404, "not_found")
        body = {"company": company.pk, "last_name": "X"}
        assert_problem(outsider.post("contacts", body), 404, "not_found")

    def test_a_reader_only_reads(self, reader: Api, company: Company) -> None:
        contact = make_contact(company)
        assert reader.get(f"contacts/{contact.pk}").status == 200
        body = {"company": company.pk, "last_name": "X"}
        for answer in (
            reader.post("contacts", body),
            reader.patch(f"contacts/{contact.pk}", {"last_name": "X"}),
            reader.delete(f"contacts/{contact.pk}"),
        ):
            assert_problem(answer, 403, "not_allowed")

    @pytest.mark.parametrize(
        ("field", "value", "code"),
        [
            ("last_name", " ", "required"),
            ("last_name", None, "wrong_type"),
            ("first_name", "x" * 61, "too_long"),
            ("note", "x" * 10_001, "too_long"),
            ("note", "\x00", "control_characters"),
            ("email", "x", "not_an_email"),
            ("title", "dr.", "unknown_field"),
        ],
    )
    def test_wrong_fields_are_refused(
        self, api: Api, company: Company, field: str, value: object, code: str
    ) -> None:
        contact = make_contact(company)
        body = {"company": company.pk, "last_name": "Kos", field: value}
        for answer in (
            api.post("contacts", body),
            api.patch(f"contacts/{contact.pk}", {field: value}),
        ):
            assert_problem(answer, 422, code)
            assert codes(answer) == {field: code}
        assert Contact.objects.count() == 1

    def test_it_stays_at_its_company(self, api: Api, company: Company) -> None:
        contact = make_contact(company)
        answer = api.patch(f"contacts/{contact.pk}", {"company": company.pk})
        assert codes(answer) == {"company": "unknown_field"}

    def test_another_companys_contact_takes_no_part(
        self, api: Api, company: Company
    ) -> None:
        contact = make_contact(make_company(owner=api.user))
        answer = api.post(
            "tasks", {"company": company.pk, "title": "X", "contacts": [contact.pk]}
        )
        assert codes(answer) == {"contacts": "wrong_company"}

    def test_a_company_of_another_team_hides_its_contacts(
        self, api: Api, company: Company
    ) -> None:
        make_contact(make_company(owner=make_user(team=make_team())))
        assert api.get("contacts").json["items"] == []


class TestPositions:
    def test_a_further_company_is_added_changed_made_first_and_removed(
        self, api: Api, company: Company
    ) -> None:
        other = make_company("Birokrat", owner=api.user)
        kos = make_contact(company, last_name="Kos", function="Direktor")
        path = f"contacts/{kos.pk}/positions"
        made = api.post(
            path,
            {"company": other.pk, "function": "Prokurist", "since_on": "2026-03-01"},
        )
        assert made.status == 201, made.text
        assert_declared("make_position", made)
        (position,) = made.json["positions"]
        assert position["company"] == {"id": other.pk, "name": "Birokrat"}
        one = f"{path}/{position['id']}"
        changed = api.patch(one, {"until_on": "2026-09-30"})
        assert_declared("change_position", changed)
        assert changed.json["positions"][0]["until_on"] == "2026-09-30"
        listed = api.get("contacts", company=other.pk).json["items"]
        assert [c["function"] for c in listed] == ["Prokurist"]
        event = api.event(other.pk, contacts=[kos.pk])
        assert [c["id"] for c in api.get(f"activities/{event}").json["contacts"]] == [
            kos.pk
        ]
        assert_problem(api.delete(one), 409, "position_in_use")
        first = api.post(f"{one}/first", {"left_on": "2026-02-28"})
        assert_declared("put_first", first)
        assert first.json["company"]["name"] == "Birokrat"
        (former,) = first.json["positions"]
        assert (former["company"]["id"], former["until_on"]) == (
            company.pk,
            "2026-02-28",
        )
        assert api.delete(f"{path}/{former['id']}").status == 204
        assert api.get(f"contacts/{kos.pk}").json["positions"] == []

    def test_bad_input(self, api: Api, company: Company) -> None:
        kos = make_contact(company)
        path = f"contacts/{kos.pk}/positions"
        hidden = make_company(owner=make_user(team=make_team()))
        assert codes(api.post(path, {"company": company.pk})) == {
            "company": "already_there"
        }
        assert codes(api.post(path, {})) == {"company": "required"}
        assert_problem(api.post(path, {"company": hidden.pk}), 404, "not_found")
        assert_problem(api.patch(f"{path}/1", {"function": "x"}), 404, "not_found")
        other = make_company(owner=api.user)
        wrong = {
            "company": other.pk,
            "since_on": "2026-03-01",
            "until_on": "2026-02-28",
        }
        assert codes(api.post(path, wrong)) == {"until_on": "until_before_since"}
        assert api.get(f"contacts/{kos.pk}").json["positions"] == []

    def test_a_reader_adds_none(self, reader: Api, company: Company) -> None:
        kos = make_contact(company)
        other = make_company()
        path = f"contacts/{kos.pk}/positions"
        assert_problem(reader.post(path, {"company": other.pk}), 403, "not_allowed")

    def test_activities_are_listed_by_who_takes_part(
        self, api: Api, company: Company
    ) -> None:
        kos = make_contact(company)
        event = api.event(company.pk, contacts=[kos.pk])
        api.event(company.pk)
        items = api.get("activities", contact=kos.pk).json["items"]
        assert [item["reference"] for item in items] == [event]
        hidden = make_contact(make_company(owner=make_user(team=make_team())))
        answer = api.get("activities", contact=hidden.pk)
        assert_problem(answer, 404, "not_found")


class TestAddresses:
    def test_made_changed_listed_and_removed(self, api: Api, company: Company) -> None:
        path = f"companies/{company.pk}/addresses"
        made = api.post(path, {"kind": "invoice", "town": "Kranj", "postcode": "4000"})
        assert made.status == 201, made.text
        assert_declared("make_address", made)
        one = f"{path}/{made.json['id']}"
        changed = api.patch(one, {"street": "Nova 1"})
        assert_declared("change_address", changed)
        listed = api.get(path)
        assert_declared("list_addresses", listed)
        assert listed.json["items"] == [changed.json]
        stale = api.patch(one, {"town": "X"}, headers={"If-Match": '"1"'})
        assert_problem(stale, 409, "stale")
        assert codes(api.post(path, {"kind": "invoice"})) == {"town": "required"}
        assert codes(api.patch(one, {"postcode": "x"})) == {"postcode": "bad_postcode"}
        assert api.delete(one).status == 204
        assert api.get(path).json["items"] == []

    def test_only_who_may(self, reader: Api, outsider: Api, company: Company) -> None:
        path = f"companies/{company.pk}/addresses"
        body = {"kind": "invoice", "town": "Kranj"}
        assert_problem(reader.post(path, body), 403, "not_allowed")
        assert_problem(outsider.post(path, body), 404, "not_found")
        assert_problem(outsider.get(path), 404, "not_found")
