"""The same key and the same request: one write, and the same answer."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from veriga.access.models import IdempotentAnswer, User
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity, Entry, Link
from veriga.activities.queries.checking import find_differences
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_company
from veriga.setup.services import install_code_lists

from .client import Answer, Api, codes
from .declared import assert_problem

KEY = {"Idempotency-Key": "5f1c-01"}


def event(company: Company, title: str = "Klic") -> dict[str, object]:
    return {"company": company.pk, "title": title, "starts_at": "2026-03-01T10:00Z"}


class TestKey:
    def test_the_first_answer_comes_again(self, api: Api, company: Company) -> None:
        first = api.post("events", event(company), headers=KEY)
        again = api.post("events", event(company), headers=KEY)
        assert first.status == again.status == 201
        assert first.text == again.text
        assert first.json["reference"].startswith("D-")
        for name in ("ETag", "Location", "Content-Type"):
            assert first.headers[name] == again.headers[name]
        assert "Idempotent-Replay" not in first.headers
        assert again.headers["Idempotent-Replay"] == "true"
        assert Activity.objects.count() == 1
        assert not list(find_differences())

    def test_it_comes_again_even_if_the_record_changed(
        self, api: Api, company: Company
    ) -> None:
        first = api.post("events", event(company), headers=KEY)
        api.patch(f"activities/{first.json['reference']}", {"title": "Obisk"})
        assert api.post("events", event(company), headers=KEY).text == first.text

    def test_every_post_takes_it(self, api: Api, company: Company) -> None:
        ref, task = api.event(company.pk), api.task(company.pk)
        calls: list[tuple[str, object]] = [
            ("companies", {"name": "Gora"}),
            ("contacts", {"company": company.pk, "last_name": "Kos"}),
            ("quotes", {"company": company.pk, "title": "Ponudba"}),
            (f"activities/{ref}/entries", {"text": "Besedilo"}),
            (f"activities/{ref}/marks", {"stage": "negotiation"}),
            ("links", {"follow_up": task, "stimulus": ref}),
            (f"activities/{task}/take-out", None),
            (f"activities/{task}/done", None),
        ]
        for number, (path, body) in enumerate(calls):
            key = {"Idempotency-Key": f"key-{number}"}
            first = api.post(path, body, headers=key)
            again = api.post(path, body, headers=key)
            assert first.status in {200, 201}, first.text
            assert (again.status, again.text) == (first.status, first.text)
            assert again.headers["Idempotent-Replay"] == "true"
        undo = f"changes/{api.delete(f'activities/{task}').json['change']}/undo"
        first = api.post(undo, headers=KEY)
        assert api.post(undo, headers=KEY).json == first.json
        assert Entry.objects.count() == 1

    def test_another_request_under_it_is_refused(
        self, api: Api, company: Company
    ) -> None:
        api.post("events", event(company), headers=KEY)
        for answer in (
            api.post("events", event(company, "Obisk"), headers=KEY),
            api.post("tasks", {"company": company.pk, "title": "Klic"}, headers=KEY),
            api.post("events?x=1", event(company), headers=KEY),
        ):
            assert_problem(answer, 422, "idempotency_mismatch")
        assert Activity.objects.count() == 1

    def test_each_user_has_their_own(
        self, api: Api, company: Company, seller: User
    ) -> None:
        api.post("events", event(company), headers=KEY)
        colleague = Api(make_user(team=seller.team))
        assert colleague.post("events", event(company), headers=KEY).status == 201
        assert Activity.objects.count() == 2

    def test_errors_are_not_kept(self, api: Api, company: Company) -> None:
        wrong = {**event(company), "ends_at": "2020-01-01T00:00:00Z"}
        assert_problem(api.post("events", wrong, headers=KEY), 422, "ends_before_start")
        assert not IdempotentAnswer.objects.exists()
        assert api.post("events", event(company), headers=KEY).status == 201

    def test_without_a_key_each_call_writes(self, api: Api, company: Company) -> None:
        api.post("events", event(company))
        api.post("events", event(company))
        assert Activity.objects.count() == 2
        assert not IdempotentAnswer.objects.exists()

    def test_after_thirty_days_it_is_new(self, api: Api, company: Company) -> None:
        first = api.post("events", event(company), headers=KEY)
        api.post("companies", {"name": "Gora"}, headers={"Idempotency-Key": "other"})
        IdempotentAnswer.objects.update(made_at=timezone.now() - timedelta(days=31))
        again = api.post("events", event(company), headers=KEY)
        assert again.json["reference"] != first.json["reference"]
        assert IdempotentAnswer.objects.count() == 1

    @pytest.mark.parametrize(
        ("key", "code"),
        [("", "wrong_type"), ("a\x07", "wrong_type"), ("x" * 201, "too_long")],
    )
    def test_a_key_has_a_form(
        self, api: Api, company: Company, key: str, code: str
    ) -> None:
        answer = api.post("events", event(company), headers={"Idempotency-Key": key})
        assert codes(answer) == {"Idempotency-Key": code}
        assert not Activity.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Eight calls at the same moment: one writes, all get its answer."""

    def call_together(self, user: User, path: str, body: object) -> list[Answer]:
        answers: list[Answer] = []
        callers = [Api(user) for _ in range(8)]
        start = threading.Barrier(len(callers))

        def call(caller: Api) -> None:
            try:
                start.wait()
                answers.append(caller.post(path, body, headers=KEY))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=call, args=(c,)) for c in callers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def test_only_one_writes(self) -> None:
        install_code_lists()
        user = make_user(language="en")
        company = make_company(owner=user)
        answers = self.call_together(user, "events", event(company))
        assert len(answers) == 8
        assert {a.status for a in answers} == {201}
        assert len({a.text for a in answers}) == 1
        assert sum("Idempotent-Replay" in a.headers for a in answers) == 7
        assert Activity.objects.count() == IdempotentAnswer.objects.count() == 1
        api = Api(user)
        body = {"follow_up": api.task(company.pk), "stimulus": api.event(company.pk)}
        IdempotentAnswer.objects.all().delete()
        linked = self.call_together(user, "links", body)
        assert {a.status for a in linked} == {201}
        assert Link.objects.count() == 1
        assert not list(find_differences())
