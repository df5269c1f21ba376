"""Colleagues who are busy at another time than the activity, over the API."""

from __future__ import annotations

from .test_activities import STARTS, Api, Company, assert_problem

OWN = {"busy_from": "2026-03-01T10:15:00Z", "busy_until": "2026-03-01T10:45:00Z"}


class TestOwnTimes:
    def test_a_time_is_kept_until_it_is_emptied(
        self, api: Api, company: Company, seller
    ) -> None:
        person = {"user": seller.pk, **OWN}
        body = {"company": company.pk, "title": "Klic", "starts_at": STARTS}
        made = api.post("events", {**body, "participants": [person]}).json
        assert made["participants"][0]["busy_from"] == OWN["busy_from"]
        path = f"activities/{made['reference']}"
        kept = api.patch(path, {"participants": [seller.pk]}).json
        assert kept["participants"][0]["busy_until"] == OWN["busy_until"]
        emptied = api.patch(path, {"participants": [{"user": seller.pk}]}).json
        assert emptied["participants"][0]["busy_from"] is None

    def test_an_end_before_the_start_is_refused(
        self, api: Api, company: Company, seller
    ) -> None:
        wrong = {"user": seller.pk, "busy_from": OWN["busy_until"]}
        wrong["busy_until"] = OWN["busy_from"]
        body = {"company": company.pk, "title": "Klic", "starts_at": STARTS}
        answer = api.post("events", {**body, "participants": [wrong]})
        assert_problem(answer, 422, "ends_before_start")
