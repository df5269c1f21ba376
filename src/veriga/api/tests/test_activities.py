"""The four kinds: making, reading, listing, changing, finishing, deleting."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from veriga.access.models import User
from veriga.access.rules import Role
from veriga.access.tests.factories import make_team, make_user
from veriga.activities.models import Activity, Entry
from veriga.catalogue.models import Product
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company, make_contact

from .client import Api, codes
from .declared import assert_declared, assert_problem

STARTS = "2026-03-01T10:00:00Z"


@pytest.fixture
def product(db: None) -> Product:
    return Product.objects.create(
        code="VT-200",
        name="Vibracijska miza",
        name_key="vibracijska miza",
        name_folded="vibracijska miza",
        unit="kos",
        unit_price=199_000_000,
    )


def in_days(days: int) -> str:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)
    return moment.isoformat().replace("+00:00", "Z")


class TestCreate:
    def test_an_event_needs_a_company_a_title_and_a_start(
        self, api: Api, company: Company, seller: User
    ) -> None:
        answer = api.post(
            "events", {"company": company.pk, "title": "Obisk", "starts_at": STARTS}
        )
        assert answer.status == 201
        assert_declared("create_event", answer)
        said = answer.json
        me = {"id": seller.pk, "name": "Ana Novak", "email": seller.email}
        assert said["reference"].startswith("D-")
        assert answer.headers["Location"] == f"/api/v1/activities/{said['reference']}"
        assert answer.headers["ETag"] == '"1"'
        assert said["kind"] == "event"
        assert said["company"] == {"id": company.pk, "name": company.name}
        assert said["owner"] == me
        assert (said["type"], said["direction"]) == ("call", "out")
        assert (said["starts_at"], said["date"]) == (STARTS, STARTS)
        assert (said["source"], said["chain_size"]) == ("api", 1)
        assert said["linked"] == {
            "quotes": 0,
            "product_records": 0,
            "events": 0,
            "tasks": 0,
        }

    def test_every_field_of_an_event_comes_back(
        self, api: Api, company: Company, seller: User, product: Product
    ) -> None:
        colleague = make_user("Bor Kos", team=seller.team)
        contact = make_contact(company, first_name="Eva", last_name="Žagar")
        answer = api.post(
            "events",
            {
                "company": company.pk,
                "title": "  Obisk   na sejmu ",
                "direction": "in",
                "owner": colleague.email.upper(),
                "participants": [seller.pk],
                "contacts": [contact.pk],
                "importance": "high",
                "product": "VT-200",
                "text": "Prva vrstica\nDruga 🙂",
                "type": "fair",
                "reason": "fair",
                "starts_at": "2026-03-01T11:00:00+01:00",
                "ends_at": "2026-03-01T12:30:00+01:00",
                "place": "Ljubljana",
            },
        )
        said = answer.json
        assert said["title"] == "Obisk na sejmu"
        assert said["owner"]["id"] == colleague.pk
        assert [p["id"] for p in said["participants"]] == [seller.pk]
        assert said["contacts"] == [{"id": contact.pk, "name": "Eva Žagar"}]
        assert said["importance"] == "high"
        assert said["product"] == {
            "id": product.pk,
            "code": "VT-200",
            "name": "Vibracijska miza",
        }
        assert (said["type"], said["reason"], said["place"]) == (
            "fair",
            "fair",
            "Ljubljana",
        )
        assert (said["starts_at"], said["ends_at"]) == (
            STARTS,
            "2026-03-01T11:30:00Z",
        )
        assert (said["direction"], said["all_day"]) == ("in", False)
        entries = api.get(f"activities/{said['reference']}/entries").json["items"]
        assert [e["text"] for e in entries] == ["Prva vrstica\nDruga 🙂"]

    def test_a_held_event_is_done_unless_kept_open(
        self, api: Api, company: Company
    ) -> None:
        body = {"company": company.pk, "title": "Klic", "starts_at": STARTS}
        done = api.post("events", body).json
        assert (done["done_at"], done["result"], done["state"]) == (
            STARTS,
            "carried_out",
            "done",
        )
        open_one = api.post("events", {**body, "done_at": None}).json
        assert (open_one["done_at"], open_one["result"], open_one["state"]) == (
            None,
            None,
            "overdue",
        )

    def test_it_may_be_done_at_another_time_with_another_result(
        self, api: Api, company: Company
    ) -> None:
        said = api.post(
            "events",
            {
                "company": company.pk,
                "title": "Klic",
                "starts_at": STARTS,
                "done_at": "2026-03-01T10:05:00Z",
                "result": "not_reached",
            },
        ).json
        assert (said["done_at"], said["result"]) == (
            "2026-03-01T10:05:00Z",
            "not_reached",
        )

    def test_a_task_takes_a_day_or_an_instant(self, api: Api, company: Company) -> None:
        body = {"company": company.pk, "title": "Pokliči", "starts_on": "2026-07-01"}
        by_day = api.post("tasks", {**body, "due_on": "2026-07-03"})
        assert_declared("create_task", by_day)
        said = by_day.json
        assert said["reference"].startswith("N-")
        assert (said["starts_on"], said["due_on"]) == ("2026-07-01", "2026-07-03")
        # The first instant of the next day in Ljubljana, where it is summer.
        assert said["due_at"] == "2026-07-03T22:00:00Z"
        assert said["date"] == "2026-06-30T22:00:00Z"
        by_hour = api.post("tasks", {**body, "due_at": "2026-07-03T12:00:00+02:00"})
        assert by_hour.json["due_on"] is None
        assert by_hour.json["due_at"] == "2026-07-03T10:00:00Z"

    def test_a_product_record_keeps_its_quantity_as_text(
        self, api: Api, company: Company, product: Product
    ) -> None:
        answer = api.post(
            "product-records",
            {
                "company": company.pk,
                "title": "Vzorec",
                "product": product.pk,
                "type": "sample_sent",
                "recorded_on": "2026-03-01",
                "follow_up_on": "2026-03-10",
                "quantity": "1200.50",
            },
        )
        assert answer.status == 201, answer.text
        assert_declared("create_product_record", answer)
        said = answer.json
        assert said["reference"].startswith("Z-")
        assert said["quantity"] == "1200.5"
        assert (said["recorded_on"], said["follow_up_on"]) == (
            "2026-03-01",
            "2026-03-10",
        )
        assert said["state"] == "overdue"

    def test_a_quote_adds_its_lines_up(
        self, api: Api, company: Company, product: Product
    ) -> None:
        answer = api.post(
            "quotes",
            {
                "company": company.pk,
                "title": "Ponudba",
                "issued_on": "2026-03-01",
                "valid_until": "2126-03-31",
                "lines": [
                    {
                        "text": "Montaža",
                        "quantity": "2.5",
                        "unit": "h",
                        "unit_price": "19.90",
                        "discount_percent": "0",
                        "vat_rate": "22",
                    },
                    {"product": "VT-200"},
                ],
            },
        )
        assert answer.status == 201, answer.text
        assert_declared("create_quote", answer)
        said = answer.json
        assert said["reference"].startswith("P-")
        assert said["lines"][0] == {
            "product": None,
            "text": "Montaža",
            "quantity": "2.5",
            "unit": "h",
            "unit_price": "19.90",
            "discount_percent": "0",
            "vat_rate": "22",
            "net": "49.75",
        }
        assert said["lines"][1]["product"] == product.pk
        assert said["lines"][1]["text"] == "Vibracijska miza"
        assert said["lines"][1]["unit_price"] == "19900.00"
        assert (said["net"], said["vat"], said["total"]) == (
            "19949.75",
            "10.95",
            "19960.70",
        )
        assert (said["currency"], said["state"]) == ("EUR", "pending")

    def test_what_is_made_on_an_activity_follows_it(
        self, api: Api, company: Company
    ) -> None:
        first = api.event(company.pk)
        answer = api.post(
            "tasks", {"company": company.pk, "title": "Ponudba", "made_on": first}
        )
        assert answer.json["chain_size"] == 2
        assert answer.json["linked"]["events"] == 1
        chain = api.get(f"activities/{first}/chain").json
        (link,) = chain["links"]
        assert link["follow_up"] == answer.json["reference"]
        assert (link["stimulus"], link["reason"]) == (first, "made_on")

    def test_the_reference_it_follows_may_be_typed_shorter(
        self, api: Api, company: Company
    ) -> None:
        first = api.event(company.pk)
        prefix, year, number = first.split("-")
        typed = f"{prefix.lower()}-{year}-{int(number)}"
        assert api.task(company.pk, made_on=typed)

    def test_null_counts_as_not_given(self, api: Api, company: Company) -> None:
        body = {
            "company": company.pk,
            "title": "Klic",
            "starts_at": STARTS,
            **dict.fromkeys(
                ["direction", "owner", "participants", "contacts", "importance"]
            ),
            **dict.fromkeys(["text", "product", "made_on", "result", "type"]),
            **dict.fromkeys(["ends_at", "all_day", "place", "reason"]),
        }
        answer = api.post("events", body)
        assert answer.status == 201, answer.text

    def test_a_reader_may_not(self, reader: Api, company: Company) -> None:
        body = {"company": company.pk, "title": "Klic", "starts_at": STARTS}
        assert_problem(reader.post("events", body), 403, "not_allowed")
        assert not Activity.objects.exists()

    def test_an_invisible_company_is_like_none(
        self, outsider: Api, company: Company
    ) -> None:
        body = {"company": company.pk, "title": "Klic", "starts_at": STARTS}
        hidden = outsider.post("events", body)
        unknown = outsider.post("events", {**body, "company": 10**9})
        assert_problem(hidden, 404, "not_found")
        assert hidden.json == unknown.json

    def test_an_unknown_stimulus_is_not_found(self, api: Api, company: Company) -> None:
        body = {"company": company.pk, "title": "Klic", "starts_at": STARTS}
        for made_on in ("D-26-99999", "nonsense", "D-26-00001\n"):
            answer = api.post("events", {**body, "made_on": made_on})
            assert answer.status in {404, 422}
        assert not Activity.objects.exists()

    def test_a_stimulus_of_another_company_is_refused(
        self, api: Api, company: Company, seller: User
    ) -> None:
        other = make_company(owner=seller)
        first = api.event(other.pk)
        answer = api.post(
            "tasks", {"company": company.pk, "title": "X", "made_on": first}
        )
        assert_problem(answer, 422, "other_company")
        assert codes(answer) == {"made_on": "other_company"}

    def test_an_owner_must_see_the_company(self, api: Api, company: Company) -> None:
        stranger = make_user(team=make_team())
        for field, value in (
            ("owner", stranger.email),
            ("participants", [stranger.pk]),
        ):
            answer = api.post(
                "tasks", {"company": company.pk, "title": "X", field: value}
            )
            assert_problem(answer, 422, "cannot_see_company")
            assert codes(answer) == {field: "cannot_see_company"}

    def test_an_unknown_owner_is_not_found(self, api: Api, company: Company) -> None:
        for owner in (10**9, "nobody@example.com", "nobody"):
            answer = api.post(
                "tasks", {"company": company.pk, "title": "X", "owner": owner}
            )
            assert_problem(answer, 404, "not_found")


class TestRead:
    def test_a_reference_forgives_case_and_zeros(
        self, api: Api, company: Company
    ) -> None:
        ref = api.event(company.pk)
        prefix, year, number = ref.split("-")
        answer = api.get(f"activities/{prefix.lower()}-{year}-{int(number)}")
        assert answer.json["reference"] == ref
        assert answer.headers["ETag"] == '"1"'
        assert_declared("read_activity", answer)

    def test_missing_deleted_and_invisible_are_the_same(
        self, api: Api, outsider: Api, company: Company
    ) -> None:
        ref = api.event(company.pk)
        answers = [outsider.get(f"activities/{ref}"), api.get("activities/D-26-9")]
        api.delete(f"activities/{ref}")
        answers.append(api.get(f"activities/{ref}"))
        for answer in answers:
            assert_problem(answer, 404, "not_found")
        assert answers[0].json == answers[1].json == answers[2].json

    def test_a_reader_reads(self, api: Api, reader: Api, company: Company) -> None:
        ref = api.event(company.pk)
        assert reader.get(f"activities/{ref}").status == 200


class TestList:
    def references(
        self, api: Api, path: str = "activities", **query: object
    ) -> list[str]:
        answer = api.get(path, **query)
        assert answer.status == 200, answer.text
        return [item["reference"] for item in answer.json["items"]]

    def test_it_is_newest_first_in_pages(self, api: Api, company: Company) -> None:
        made = api.chain(company.pk, 5)
        first = api.get("activities", limit=2)
        assert_declared("list_all_activities", first)
        found, cursor = (
            [i["reference"] for i in first.json["items"]],
            first.json["next"],
        )
        while cursor:
            page = api.get("activities", limit=2, cursor=cursor).json
            found += [i["reference"] for i in page["items"]]
            cursor = page["next"]
        assert found == made[::-1]

    def test_each_kind_has_a_list(self, api: Api, company: Company) -> None:
        body = {"company": company.pk, "title": "Vzorec"}
        record = api.post("product-records", body).json["reference"]
        of_kind = {
            "event": ("events", api.event(company.pk)),
            "task": ("tasks", api.task(company.pk)),
            "product_record": ("product-records", record),
            "quote": ("quotes", api.quote(company.pk)),
        }
        for kind, (path, ref) in of_kind.items():
            assert self.references(api, path) == [ref]
            assert self.references(api, kind=kind) == [ref]
        assert_problem(api.get("events", kind="task"), 422, "unknown_field")

    def test_the_list_shows_each_kinds_own_fields(
        self, api: Api, company: Company
    ) -> None:
        api.event(company.pk)
        api.task(company.pk, due_on="2126-03-01")
        api.quote(company.pk, lines=[{"text": "Montaža", "unit_price": "10"}])
        answer = api.get("activities")
        assert_declared("list_all_activities", answer)
        by_kind = {item["kind"]: item for item in answer.json["items"]}
        assert by_kind["task"]["due_on"] == "2126-03-01"
        assert by_kind["quote"]["net"] == "10.00"
        assert by_kind["event"]["type"] == "call"

    def test_filters(self, api: Api, company: Company, seller: User) -> None:
        other = make_company("Zvezda, d. o. o.", owner=seller)
        colleague = make_user("Bor Kos", team=seller.team)
        late = api.event(company.pk, done_at=None, title="Šestanek v Kočevju")
        done = api.event(company.pk, owner=colleague.email, starts_at=STARTS)
        coming = api.event(other.pk, starts_at="2126-05-01T22:30:00Z")
        assert self.references(api, company=other.pk) == [coming]
        assert self.references(api, company=10**9) == []
        assert self.references(api, state="done") == [done]
        assert self.references(api, state="overdue") == [late]
        assert self.references(api, state="pending") == [coming]
        assert self.references(api, owner=colleague.email) == [done]
        assert self.references(api, owner=colleague.pk) == [done]
        assert self.references(api, q="SESTANEK v koc") == [late]
        assert self.references(api, q="zvezda") == [coming]
        assert self.references(api, q=done) == [done]
        assert self.references(api, q="🙂") == []
        # Half past midnight of 2 May in Ljubljana.
        assert self.references(api, from_="2126-05-02", to="2126-05-02") == [coming]
        assert self.references(api, from_="2126-05-01", to="2126-05-01") == []
        assert self.references(api, company="", kind="", q="", cursor="", from_="")

    def test_linked_to_gives_the_others_of_the_chain(
        self, api: Api, company: Company
    ) -> None:
        made = api.chain(company.pk, 3)
        api.event(company.pk)
        assert self.references(api, linked_to=made[1]) == [made[2], made[0]]
        one = api.get(f"activities/{made[1]}").json
        linked = api.get("activities", linked_to=made[1], kind="event").json["items"]
        assert len(linked) == one["linked"]["events"] == 2

    def test_unknown_people_and_records_in_filters_are_not_found(
        self, api: Api
    ) -> None:
        for query in (
            {"owner": "nobody@example.com"},
            {"owner": "nobody"},
            {"linked_to": "D-26-1"},
        ):
            assert_problem(api.get("activities", **query), 404, "not_found")

    @pytest.mark.parametrize("limit", ["0", "201", "-1", "abc", "1.5", "9" * 30, "５"])
    def test_a_limit_out_of_range_is_refused(self, api: Api, limit: str) -> None:
        for path in ("activities", "events", "companies", "contacts"):
            answer = api.get(path, limit=limit)
            assert_problem(answer, 422, "limit_range")
            assert codes(answer) == {"limit": "limit_range"}

    def test_two_hundred_is_the_most(self, api: Api) -> None:
        assert api.get("activities", limit=200).status == 200

    @pytest.mark.parametrize(
        ("name", "value", "code"),
        [
            ("kind", "order", "unknown_choice"),
            ("state", "late", "unknown_choice"),
            ("company", "abc", "wrong_type"),
            ("company", "0", "out_of_range"),
            ("company", "9" * 19, "out_of_range"),
            ("from", "yesterday", "not_a_date"),
            ("to", "2026-02-30", "not_a_date"),
            ("to", "20260203", "not_a_date"),
            ("from", "0001-01-01", "out_of_range"),
            ("q", "a\x00b", "control_characters"),
            ("linked_to", "\x00", "control_characters"),
            ("owner", "a@\x00", "control_characters"),
            ("sate", "done", "unknown_field"),
        ],
    )
    def test_wrong_parameters_are_refused(
        self, api: Api, name: str, value: str, code: str
    ) -> None:
        answer = api.get("activities", **{f"{name}_": value})
        assert_problem(answer, 422, code)
        assert codes(answer) == {name: code}

    def test_it_shows_only_what_its_reader_sees(
        self, api: Api, outsider: Api, company: Company
    ) -> None:
        api.event(company.pk)
        assert self.references(outsider) == []


class TestChange:
    def test_it_changes_what_the_body_names(
        self, api: Api, company: Company, seller: User
    ) -> None:
        colleague = make_user("Bor Kos", team=seller.team)
        ref = api.event(company.pk, place="Kranj")
        answer = api.patch(
            f"activities/{ref}",
            {"title": "Obisk", "owner": colleague.pk, "starts_at": "2026-03-02T10:00Z"},
        )
        assert answer.status == 200, answer.text
        assert_declared("change_activity", answer)
        said = answer.json
        assert (said["title"], said["place"]) == ("Obisk", "Kranj")
        assert said["owner"]["id"] == colleague.pk
        assert said["date"] == "2026-03-02T10:00:00Z"
        assert (said["row_version"], answer.headers["ETag"]) == (2, '"2"')

    def test_null_empties(self, api: Api, company: Company) -> None:
        ref = api.task(company.pk, due_on="2126-03-01", importance="high")
        said = api.patch(f"activities/{ref}", {"due_on": None, "importance": None}).json
        assert (said["due_on"], said["due_at"], said["importance"]) == (
            None,
            None,
            None,
        )

    def test_people_and_contacts_are_replaced(
        self, api: Api, company: Company, seller: User
    ) -> None:
        contact = make_contact(company)
        colleague = make_user("Bor Kos", team=seller.team)
        ref = api.event(company.pk, participants=[colleague.pk], contacts=[contact.pk])
        said = api.patch(f"activities/{ref}", {"participants": [], "contacts": []}).json
        assert (said["participants"], said["contacts"]) == ([], [])

    def test_lines_of_a_quote_are_replaced(self, api: Api, company: Company) -> None:
        ref = api.quote(company.pk, lines=[{"text": "A", "unit_price": "10"}])
        said = api.patch(
            f"activities/{ref}",
            {"lines": [{"text": "B", "unit_price": "0.5", "quantity": "3"}]},
        ).json
        assert [line["text"] for line in said["lines"]] == ["B"]
        assert said["net"] == "1.50"

    def test_a_time_finishes_and_null_reopens(self, api: Api, company: Company) -> None:
        ref = api.task(company.pk)
        done = api.patch(
            f"activities/{ref}", {"done_at": STARTS, "result": "cancelled"}
        ).json
        assert (done["done_at"], done["result"]) == (STARTS, "cancelled")
        again = api.patch(f"activities/{ref}", {"done_at": None}).json
        assert (again["done_at"], again["result"], again["state"]) == (
            None,
            None,
            "pending",
        )

    def test_fields_of_another_kind_are_unknown(
        self, api: Api, company: Company
    ) -> None:
        ref = api.task(company.pk)
        answer = api.patch(
            f"activities/{ref}", {"starts_at": STARTS, "lines": [], "color": "red"}
        )
        assert_problem(answer, 422, "unknown_field")
        assert codes(answer) == {"color": "unknown_field"}
        answer = api.patch(f"activities/{ref}", {"starts_at": STARTS, "lines": []})
        assert codes(answer) == {
            "starts_at": "unknown_field",
            "lines": "unknown_field",
        }

    def test_a_linked_activity_keeps_its_company(
        self, api: Api, company: Company, seller: User
    ) -> None:
        other = make_company(owner=seller)
        made = api.chain(company.pk, 2)
        answer = api.patch(f"activities/{made[0]}", {"company": other.pk})
        assert_problem(answer, 422, "company_fixed")
        assert codes(answer) == {"company": "company_fixed"}
        loose = api.event(company.pk)
        moved = api.patch(f"activities/{loose}", {"company": other.pk})
        assert moved.json["company"]["id"] == other.pk
        unknown = api.patch(f"activities/{loose}", {"company": 10**9})
        assert_problem(unknown, 404, "not_found")

    @pytest.mark.parametrize("tag", ['"1"', 'W/"1"', "1", "*", ""])
    def test_the_version_that_was_read_may_be_changed(
        self, api: Api, company: Company, tag: str
    ) -> None:
        ref = api.event(company.pk)
        answer = api.patch(
            f"activities/{ref}", {"title": "A"}, headers={"If-Match": tag}
        )
        assert answer.status == 200

    def test_a_stale_version_is_refused_with_the_present_one(
        self, api: Api, company: Company
    ) -> None:
        ref = api.event(company.pk)
        api.patch(f"activities/{ref}", {"title": "A"})
        answer = api.patch(
            f"activities/{ref}", {"title": "B"}, headers={"If-Match": '"1"'}
        )
        assert_problem(answer, 409, "stale")
        assert answer.json["row_version"] == 2
        assert answer.headers["ETag"] == '"2"'
        assert api.get(f"activities/{ref}").json["title"] == "A"
        stale = api.delete(f"activities/{ref}", headers={"If-Match": '"1"'})
        assert_problem(stale, 409, "stale")

    @pytest.mark.parametrize("tag", ['"x"', "one", '"1", "2"', "9" * 40, '"-1"'])
    def test_what_is_no_version_is_refused(
        self, api: Api, company: Company, tag: str
    ) -> None:
        ref = api.event(company.pk)
        answer = api.patch(
            f"activities/{ref}", {"title": "B"}, headers={"If-Match": tag}
        )
        assert codes(answer) == {"If-Match": "wrong_type"}

    def test_others_of_the_team_may_not(
        self, api: Api, reader: Api, company: Company, seller: User
    ) -> None:
        ref = api.event(company.pk)
        colleague = Api(make_user(team=seller.team))
        for who in (reader, colleague):
            answer = who.patch(f"activities/{ref}", {"title": "X"})
            assert_problem(answer, 403, "not_allowed")

    def test_an_invisible_one_is_not_found(
        self, api: Api, outsider: Api, company: Company
    ) -> None:
        ref = api.event(company.pk)
        for answer in (
            outsider.patch(f"activities/{ref}", {"title": "X"}),
            outsider.delete(f"activities/{ref}"),
            outsider.post(f"activities/{ref}/done"),
        ):
            assert_problem(answer, 404, "not_found")


class TestDone:
    def test_it_is_done_now_and_carried_out(self, api: Api, company: Company) -> None:
        ref = api.task(company.pk)
        answer = api.post(f"activities/{ref}/done")
        assert answer.status == 200, answer.text
        assert_declared("finish", answer)
        assert (answer.json["result"], answer.json["state"]) == ("carried_out", "done")

    @pytest.mark.parametrize("body", [{}, {"done_at": None, "result": None}])
    def test_nothing_said_is_the_same(
        self, api: Api, company: Company, body: dict[str, None]
    ) -> None:
        ref = api.task(company.pk)
        assert api.post(f"activities/{ref}/done", body).json["result"] == "carried_out"

    def test_again_changes_nothing(self, api: Api, company: Company) -> None:
        ref = api.task(company.pk)
        first = api.post(f"activities/{ref}/done", {"done_at": STARTS}).json
        second = api.post(f"activities/{ref}/done", {"result": "cancelled"}).json
        assert first == second
        assert first["done_at"] == STARTS

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"done_at": "2126-01-01T00:00:00Z"}, "done_at", "out_of_range"),
            ({"done_at": "1626-01-01T00:00:00Z"}, "done_at", "out_of_range"),
            ({"done_at": "2026-01-01T00:00:00"}, "done_at", "naive_time"),
            ({"done_at": "yesterday"}, "done_at", "not_a_date"),
            ({"result": "accepted"}, "result", "wrong_result"),
            ({"result": "great"}, "result", "unknown_choice"),
            ({"when": "now"}, "when", "unknown_field"),
        ],
    )
    def test_wrong_input_leaves_it_open(
        self, api: Api, company: Company, body: dict[str, str], field: str, code: str
    ) -> None:
        ref = api.task(company.pk)
        answer = api.post(f"activities/{ref}/done", body)
        assert_problem(answer, 422, code)
        assert codes(answer) == {field: code}
        assert api.get(f"activities/{ref}").json["done_at"] is None

    def test_an_accepted_quote_closes_its_sale(
        self, api: Api, company: Company
    ) -> None:
        ref = api.quote(company.pk)
        answer = api.post(f"activities/{ref}/done", {"result": "accepted"})
        assert_declared("finish", answer)
        assert answer.json["result"] == "accepted"
        assert "ask_to_close" not in answer.json
        assert api.get(f"activities/{ref}/chain").json["outcome"] == "won"
        api.post(f"changes/{answer.json['change']}/undo")
        assert api.get(f"activities/{ref}/chain").json["outcome"] == "open"

    def test_it_asks_while_another_quote_is_open(
        self, api: Api, company: Company
    ) -> None:
        first = api.quote(company.pk)
        api.quote(company.pk, made_on=first)
        answer = api.post(
            f"activities/{first}/done", {"result": "accepted", "done_at": STARTS}
        )
        assert_declared("finish", answer)
        assert answer.json["ask_to_close"] is True
        assert "change" not in answer.json
        assert answer.json["done_at"] == STARTS
        assert api.get(f"activities/{first}/chain").json["outcome"] == "open"

    def test_a_quote_is_not_just_carried_out(self, api: Api, company: Company) -> None:
        ref = api.quote(company.pk)
        answer = api.post(f"activities/{ref}/done")
        assert codes(answer) == {"result": "wrong_result"}
        declined = api.post(f"activities/{ref}/done", {"result": "declined"})
        assert declined.json["result"] == "declined"

    def test_a_reader_may_not(self, api: Api, reader: Api, company: Company) -> None:
        ref = api.task(company.pk)
        assert_problem(reader.post(f"activities/{ref}/done"), 403, "not_allowed")


class TestDelete:
    def test_it_can_be_undone(self, api: Api, company: Company) -> None:
        made = api.chain(company.pk, 3)
        answer = api.delete(f"activities/{made[1]}")
        assert answer.status == 200
        assert_declared("remove_activity", answer)
        assert api.get(f"activities/{made[0]}").json["chain_size"] == 2
        api.post(f"changes/{answer.json['change']}/undo")
        assert api.get(f"activities/{made[1]}").json["chain_size"] == 3

    def test_a_participant_may_not(
        self, api: Api, company: Company, seller: User
    ) -> None:
        colleague = make_user(team=seller.team, role=Role.SALES)
        ref = api.event(company.pk, participants=[colleague.pk])
        answer = Api(colleague).delete(f"activities/{ref}")
        assert_problem(answer, 403, "not_allowed")


class TestEntries:
    def test_they_come_back_in_order(
        self, api: Api, reader: Api, company: Company, seller: User
    ) -> None:
        ref = api.event(company.pk, text="Prvi")
        answer = api.post(f"activities/{ref}/entries", {"text": "Drugi\nz vrstico"})
        assert answer.status == 201
        assert_declared("write_entry", answer)
        assert answer.json["author"]["id"] == seller.pk
        listed = reader.get(f"activities/{ref}/entries")
        assert_declared("read_entries", listed)
        assert [e["text"] for e in listed.json["items"]] == ["Prvi", "Drugi\nz vrstico"]

    def test_a_confidential_one_is_not_there_for_others(
        self, company: Company, seller: User, reader: Api
    ) -> None:
        User.objects.filter(pk=seller.pk).update(may_see_confidential=True)
        api = Api(User.objects.get(pk=seller.pk))
        ref = api.event(company.pk)
        before = reader.get(f"activities/{ref}")
        answer = api.post(
            f"activities/{ref}/entries", {"text": "Tajno", "confidential": True}
        )
        assert answer.json["is_confidential"] is True
        assert len(api.get(f"activities/{ref}/entries").json["items"]) == 1
        assert reader.get(f"activities/{ref}/entries").json["items"] == []
        after = reader.get(f"activities/{ref}")
        assert (after.text, after.headers["ETag"]) == (
            before.text,
            before.headers["ETag"],
        )

    def test_whoever_could_not_read_it_may_not_write_it(
        self, api: Api, company: Company
    ) -> None:
        ref = api.event(company.pk)
        answer = api.post(
            f"activities/{ref}/entries", {"text": "Tajno", "confidential": True}
        )
        assert_problem(answer, 403, "not_allowed")

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({}, "required"),
            ({"text": "  "}, "required"),
            ({"text": 5}, "wrong_type"),
            ({"text": None}, "wrong_type"),
            ({"text": "a\x00"}, "control_characters"),
            ({"text": "a\ud800"}, "control_characters"),
            ({"text": "x" * 100_001}, "too_long"),
        ],
    )
    def test_wrong_texts_are_refused(
        self, api: Api, company: Company, body: dict[str, object], code: str
    ) -> None:
        ref = api.event(company.pk)
        answer = api.post(f"activities/{ref}/entries", body)
        assert_problem(answer, 422, code)
        assert codes(answer) == {"text": code}
        assert not Entry.objects.exists()

    def test_readers_and_outsiders_do_not_write(
        self, api: Api, reader: Api, outsider: Api, company: Company
    ) -> None:
        path = f"activities/{api.event(company.pk)}/entries"
        assert_problem(reader.post(path, {"text": "a"}), 403, "not_allowed")
        assert_problem(outsider.post(path, {"text": "a"}), 404, "not_found")
        assert_problem(outsider.get(path), 404, "not_found")
