"""Links, chains, what Poveži offers, and undo."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from veriga.access.models import User
from veriga.access.tests.factories import make_user
from veriga.activities.models import Change, Link
from veriga.activities.queries import linking
from veriga.activities.queries.chains import summaries
from veriga.activities.queries.checking import find_differences
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company

from .client import Api
from .declared import assert_declared, assert_problem


def link(api: Api, follow_up: str, stimulus: str) -> dict[str, int]:
    answer = api.post("links", {"follow_up": follow_up, "stimulus": stimulus})
    assert answer.status == 201, answer.text
    return dict(answer.json)


class TestLink:
    def test_it_joins_two_chains(self, api: Api, company: Company) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        answer = api.post("links", {"follow_up": second, "stimulus": first})
        assert answer.status == 201
        assert_declared("link", answer)
        assert isinstance(answer.json["change"], int)
        assert api.get(f"activities/{first}").json["chain_size"] == 2
        assert not list(find_differences())

    def test_again_changes_nothing(self, api: Api, company: Company) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        made = link(api, second, first)
        for pair in ((second, first), (first, second)):
            again = api.post("links", {"follow_up": pair[0], "stimulus": pair[1]})
            assert again.status == 200
            assert_declared("link", again)
            assert again.json == {**made, "change": None}
        assert Link.objects.count() == Change.objects.count() == 1

    def test_what_may_not_be_is_refused(
        self, api: Api, company: Company, seller: User
    ) -> None:
        made = api.chain(company.pk, 3)
        stranger = api.event(make_company(owner=seller).pk)
        changes = Change.objects.count()
        for follow_up, stimulus, code in (
            (made[0], made[0], "link_to_itself"),
            (made[0], made[2], "circle"),
            (made[0], stranger, "other_company"),
        ):
            answer = api.post("links", {"follow_up": follow_up, "stimulus": stimulus})
            assert_problem(answer, 422, code)
            preview = api.get("links/preview", follow_up=follow_up, stimulus=stimulus)
            assert preview.json["problem"] == code
        assert Link.objects.count() == 2
        assert Change.objects.count() == changes

    def test_unknown_and_invisible_ends_are_not_found(
        self, api: Api, outsider: Api, company: Company
    ) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        body = {"follow_up": second, "stimulus": first}
        assert_problem(outsider.post("links", body), 404, "not_found")
        for end in ("follow_up", "stimulus"):
            answer = api.post("links", {**body, end: "D-26-99999"})
            assert_problem(answer, 404, "not_found")
        assert_problem(
            outsider.get("links/preview", **body),
            404,
            "not_found",
        )

    def test_readers_do_not_link_and_colleagues_do(
        self, api: Api, reader: Api, company: Company, seller: User
    ) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        body = {"follow_up": second, "stimulus": first}
        assert_problem(reader.post("links", body), 403, "not_allowed")
        colleague = Api(make_user(team=seller.team))
        assert colleague.post("links", body).status == 201

    @pytest.mark.parametrize(
        "body", [{}, {"follow_up": 1, "stimulus": None}, {"follow_up": "\x00"}]
    )
    def test_both_ends_are_texts(self, api: Api, body: dict[str, object]) -> None:
        answer = api.post("links", body)
        assert answer.status == 422
        assert {e["field"] for e in answer.json["errors"]} == {"follow_up", "stimulus"}


class TestPreview:
    def test_it_says_what_would_be_joined(self, api: Api, company: Company) -> None:
        made = api.chain(company.pk, 2)
        quote = api.quote(company.pk)
        answer = api.get("links/preview", follow_up=quote, stimulus=made[1])
        assert answer.status == 200
        assert_declared("preview", answer)
        mine, theirs = answer.json["joins"]
        assert (mine["origin"], theirs["origin"]) == (quote, made[0])
        assert theirs["counts"] == {
            "events": 2,
            "tasks": 0,
            "product_records": 0,
            "quotes": 0,
        }
        assert (theirs["first_date"], theirs["last_date"]) == (
            "2026-03-01T10:00:00Z",
            "2026-03-02T10:00:00Z",
        )
        assert theirs["outcome"] == "open"
        assert (answer.json["already_linked"], answer.json["problem"]) == (False, None)

    def test_it_says_what_is_linked(self, api: Api, company: Company) -> None:
        made = api.chain(company.pk, 2)
        answer = api.get("links/preview", follow_up=made[0], stimulus=made[1])
        assert_declared("preview", answer)
        assert (answer.json["already_linked"], answer.json["problem"]) == (True, None)

    @pytest.mark.parametrize(("taken", "status"), [(2, 200), (3, 409)])
    def test_chains_that_others_change_meanwhile(
        self,
        api: Api,
        company: Company,
        monkeypatch: pytest.MonkeyPatch,
        taken: int,
        status: int,
    ) -> None:
        made = [api.event(company.pk), api.task(company.pk)]
        answers = [{}] * taken  # of chains that are others by the time they are read
        monkeypatch.setattr(
            linking,
            "summaries",
            lambda ids: answers.pop() if answers else summaries(ids),
        )
        answer = api.get("links/preview", follow_up=made[1], stimulus=made[0])
        assert answer.status == status, answer.text
        if status == 409:
            assert_problem(answer, 409, "stale")

    def test_both_ends_are_needed(self, api: Api) -> None:
        assert_problem(api.get("links/preview", follow_up="D-26-1"), 422, "required")


class TestChain:
    def test_it_is_whole(self, api: Api, company: Company, seller: User) -> None:
        made = api.chain(company.pk, 2)
        quote = api.quote(company.pk, made_on=made[1])
        answer = api.get(f"activities/{made[1]}/chain")
        assert answer.status == 200
        assert_declared("read_chain", answer)
        said = answer.json
        assert said["origin"] == made[0]
        assert said["counts"] == {
            "events": 2,
            "tasks": 0,
            "product_records": 0,
            "quotes": 1,
        }
        assert [a["reference"] for a in said["activities"]] == [quote, made[1], made[0]]
        assert (said["stage"], said["outcome"], said["next"]) == ("", "open", None)
        assert {(x["follow_up"], x["stimulus"]) for x in said["links"]} == {
            (made[1], made[0]),
            (quote, made[1]),
        }
        assert said["links"][0]["made_by"]["id"] == seller.pk

    def test_pages_hold_each_activity_and_link_once(
        self, api: Api, company: Company
    ) -> None:
        made = api.chain(company.pk, 5)
        seen: list[str] = []
        links: list[int] = []
        cursor = ""
        while cursor is not None:
            page = api.get(f"activities/{made[2]}/chain", limit=2, cursor=cursor).json
            assert page["counts"]["events"] == 5
            seen += [a["reference"] for a in page["activities"]]
            links += [x["id"] for x in page["links"]]
            cursor = page["next"]
        assert seen == made[::-1]
        assert len(links) == len(set(links)) == 4

    @pytest.mark.parametrize("limit", ["0", "501", "x"])
    def test_its_limit_has_a_range(
        self, api: Api, company: Company, limit: str
    ) -> None:
        ref = api.event(company.pk)
        answer = api.get(f"activities/{ref}/chain", limit=limit)
        assert_problem(answer, 422, "limit_range")
        assert api.get(f"activities/{ref}/chain", limit=500).status == 200

    def test_an_invisible_one_is_not_found(
        self, api: Api, outsider: Api, company: Company
    ) -> None:
        ref = api.event(company.pk)
        for what in ("chain", "linkable"):
            assert_problem(outsider.get(f"activities/{ref}/{what}"), 404, "not_found")


class TestLinkable:
    def test_others_first_own_chain_last_never_itself(
        self, api: Api, company: Company, seller: User
    ) -> None:
        made = api.chain(company.pk, 2)
        loose = api.event(company.pk)
        api.event(make_company(owner=seller).pk)
        answer = api.get(f"activities/{made[1]}/linkable")
        assert answer.status == 200
        assert_declared("list_offer", answer)
        found = [
            (i["reference"], i["in_this_chain"], bool(i["reasons"]))
            for i in answer.json["items"]
        ]
        assert found == [(loose, False, True), (made[0], True, False)]

    def test_it_narrows(self, api: Api, company: Company) -> None:
        ref = api.event(company.pk)
        task = api.task(company.pk, title="Pripravi vzorec")
        api.quote(company.pk)

        def offered(**query: object) -> list[str]:
            answer = api.get(f"activities/{ref}/linkable", **query)
            assert answer.status == 200, answer.text
            return [i["reference"] for i in answer.json["items"]]

        assert offered(kind="task") == offered(q="vzor") == [task]
        assert offered(owner=str(api.user and api.user.pk), kind="task") == [task]
        assert offered(from_="2126-01-01") == []
        assert offered(to="2020-01-01") == []

    def test_pages_offer_everything_once(self, api: Api, company: Company) -> None:
        made = [api.event(company.pk) for _ in range(6)] + api.chain(company.pk, 3)
        found: list[str] = []
        cursor = ""
        while cursor is not None:
            page = api.get(f"activities/{made[-1]}/linkable", limit=2, cursor=cursor)
            found += [i["reference"] for i in page.json["items"]]
            cursor = page.json["next"]
        assert sorted(found) == sorted(made[:-1])

    def test_its_limit_has_a_range(self, api: Api, company: Company) -> None:
        path = f"activities/{api.event(company.pk)}/linkable"
        for limit in (0, 201):
            assert_problem(api.get(path, limit=limit), 422, "limit_range")


class TestSplitAndTakeOut:
    def test_a_split_names_both_chains(self, api: Api, company: Company) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        made = link(api, second, first)
        answer = api.delete(f"links/{made['id']}")
        assert answer.status == 200
        assert_declared("unlink", answer)
        assert len(set(answer.json["chains"])) == 2
        assert api.get(f"activities/{first}").json["chain_size"] == 1
        assert_problem(api.delete(f"links/{made['id']}"), 404, "not_found")

    def test_who_may_not_split(
        self, api: Api, reader: Api, outsider: Api, company: Company, seller: User
    ) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        path = f"links/{link(api, second, first)['id']}"
        assert_problem(reader.delete(path), 403, "not_allowed")
        assert_problem(outsider.delete(path), 404, "not_found")
        colleague = Api(make_user(team=seller.team))
        assert_problem(colleague.delete(path), 403, "not_allowed")

    @pytest.mark.parametrize("number", ["0", "999999", str(2**63), "9" * 400])
    def test_unknown_links_and_changes_are_not_found(
        self, api: Api, number: str
    ) -> None:
        assert_problem(api.delete(f"links/{number}"), 404, "not_found")
        assert_problem(api.post(f"changes/{number}/undo"), 404, "not_found")

    def test_taking_out_keeps_the_rest_whole(self, api: Api, company: Company) -> None:
        made = api.chain(company.pk, 3)
        answer = api.post(f"activities/{made[1]}/take-out")
        assert answer.status == 200
        assert_declared("take_out_of_chain", answer)
        assert api.get(f"activities/{made[0]}").json["chain_size"] == 2
        assert api.get(f"activities/{made[1]}").json["chain_size"] == 1
        again = api.post(f"activities/{made[1]}/take-out")
        assert_problem(again, 409, "not_linked")

    def test_who_may_not_take_out(
        self, api: Api, reader: Api, outsider: Api, company: Company
    ) -> None:
        path = f"activities/{api.chain(company.pk, 2)[0]}/take-out"
        assert_problem(reader.post(path), 403, "not_allowed")
        assert_problem(outsider.post(path), 404, "not_found")
        assert_problem(api.post("activities/D-26-99/take-out"), 404, "not_found")


class TestUndo:
    def test_undo_and_undo_of_undo(self, api: Api, company: Company) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        made = link(api, second, first)
        answer = api.post(f"changes/{made['change']}/undo")
        assert answer.status == 200
        assert_declared("undo", answer)
        assert api.get(f"activities/{first}").json["chain_size"] == 1
        again = api.post(f"changes/{made['change']}/undo")
        assert_problem(again, 409, "already_undone")
        api.post(f"changes/{answer.json['change']}/undo")
        (restored,) = api.get(f"activities/{first}/chain").json["links"]
        assert restored["id"] == made["id"]

    def test_a_conflict_is_told(self, api: Api, company: Company) -> None:
        first, second = api.event(company.pk), api.task(company.pk)
        made = link(api, second, first)
        api.delete(f"links/{made['id']}")
        answer = api.post(f"changes/{made['change']}/undo")
        assert_problem(answer, 409, "undo_conflict")

    def test_after_thirty_days_it_is_too_late(self, api: Api, company: Company) -> None:
        made = link(api, api.task(company.pk), api.event(company.pk))
        old = timezone.now() - timedelta(days=31)
        Change.objects.update(made_at=old)
        answer = api.post(f"changes/{made['change']}/undo")
        assert_problem(answer, 409, "undo_too_late")

    def test_others_may_not(
        self, api: Api, reader: Api, outsider: Api, manager: Api, company: Company
    ) -> None:
        made = link(api, api.task(company.pk), api.event(company.pk))
        path = f"changes/{made['change']}/undo"
        assert_problem(reader.post(path), 403, "not_allowed")
        assert_problem(outsider.post(path), 404, "not_found")
        assert manager.post(path).status == 200
