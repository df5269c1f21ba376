"""The description of the API and the statements of its calls, pinned in files.

REWRITE=1 .venv/bin/python -m pytest src/veriga/api/tests/test_pinned.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from veriga.access.models import User
from veriga.access.rules import Scope
from veriga.access.tests.factories import make_user
from veriga.activities.models import Activity
from veriga.api.api import description
from veriga.api.errors import CODES, OWN_CODES
from veriga.catalogue.models import Product
from veriga.parties.models import Company
from veriga.parties.tests.factories import make_contact
from veriga.work.messages import MESSAGES

from .client import Api
from .pinned import assert_pinned

MOST_OF_A_LIST = 12
MOST_OF_A_LINK = 20
DOCS = Path(__file__).parents[4] / "docs" / "api.md"


class TestDescription:
    def test_it_is_pinned(self) -> None:
        assert_pinned("openapi.json", json.loads(json.dumps(description())))

    def test_it_is_served(self, api: Api) -> None:
        answer = api.get("openapi.json")
        assert answer.status == 200
        assert answer.json == json.loads(json.dumps(description()))
        assert api.call("HEAD", "openapi.json").status == 200

    def test_it_loads_nothing_from_elsewhere(self, api: Api) -> None:
        assert "http://" not in api.get("openapi.json").text
        assert "https://" not in api.get("openapi.json").text
        assert api.get("docs").status == 404

    def test_every_call_is_described(self) -> None:
        operations = [
            operation
            for methods in description()["paths"].values()
            for operation in methods.values()
        ]
        names = [operation["operationId"] for operation in operations]
        assert len(names) == len(set(names)) == 83
        for operation in operations:
            assert operation["description"].endswith(".")
            assert operation["security"] == [{"BearerToken": []}]
            assert "default" in operation["responses"]

    def test_every_call_is_in_the_guide(self) -> None:
        text = DOCS.read_text(encoding="utf-8")
        for path, methods in description()["paths"].items():
            short = re.sub(r"{\w+_id}", "{id}", path.removeprefix("/api/v1/"))
            for method in methods:
                assert re.search(f"`{method.upper()} {re.escape(short)}[`?]", text)

    def test_every_code_of_the_guide_has_a_sentence(self) -> None:
        text = DOCS.read_text(encoding="utf-8")
        table = text[text.index("| status | codes |") :]
        told = set(re.findall(r"`([a-z_]+)`", table))
        assert told <= set(MESSAGES)
        assert told >= set(CODES.values()) | OWN_CODES | {"wrong_type"}


class TestStatements:
    """How many each call takes must not grow with what it shows."""

    def fill(self, api: Api, company: Company) -> dict[str, Any]:
        """Make a chain of 40 with every kind in it, and others beside it."""
        product = Product.objects.create(
            code="VT-200", name="Miza", name_key="miza", name_folded="miza"
        )
        contact = make_contact(company)
        common = {"product": product.pk, "contacts": [contact.pk]}
        chain = [api.event(company.pk, **common)]
        for number in range(39):
            make = (api.task, api.quote, api.event, self.record(api))[number % 4]
            lines = {"lines": [{"text": "A"}] * 3} if make == api.quote else {}
            chain.append(make(company.pk, made_on=chain[-1], **common, **lines))
        loose = [api.event(company.pk, **common) for _ in range(12)]
        return {"chain": chain, "loose": loose}

    def record(self, api: Api) -> Any:
        def make(company: int, **fields: Any) -> str:
            return api._made("product-records", company, {"title": "Vzorec", **fields})

        return make

    def count(self, api: Api, method: str, path: str, body: Any = None) -> int:
        with CaptureQueriesContext(connection) as caught:
            answer = api.call(method, path, body)
        assert answer.status < 300, answer.text
        self.last = answer
        kept = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
        return sum(not query["sql"].startswith(kept) for query in caught)

    def test_they_are_pinned(self, api: Api, company: Company, seller: User) -> None:
        made = self.fill(api, company)
        chain, (first, second, *_) = made["chain"], made["loose"]
        # Nobody's view costs more than that of a salesperson with a team and shares.
        assert seller.scope == Scope.TEAM
        colleague = make_user(team=seller.team)
        middle, ref = chain[20], chain[0]
        reads = {
            "list": "activities",
            "list of one owner": f"activities?owner={colleague.email}",
            "list with every filter": f"activities?company={company.pk}&kind=event"
            f"&state=done&owner={seller.email}&linked_to={ref}&q=klic"
            "&from=2026-01-01&to=2026-12-31",
            "events": "events",
            "quotes": "quotes",
            "chain of 40": f"activities/{middle}/chain",
            "linkable": f"activities/{first}/linkable",
            "linkable, found": f"activities/{first}/linkable?q=klic",
            "one": f"activities/{middle}",
            "entries": f"activities/{middle}/entries",
            "preview": f"links/preview?follow_up={first}&stimulus={middle}",
            "companies": "companies",
            "contacts": "contacts",
        }
        Activity.objects.first()  # the connection is there
        api.get("activities")  # code lists are read, the token's use is noted
        found = {name: self.count(api, "GET", path) for name, path in reads.items()}
        assert max(found.values()) <= MOST_OF_A_LIST, found
        pair = {"follow_up": first, "stimulus": middle}
        writes = {"link to 40": self.count(api, "POST", "links", pair)}
        link = self.last.json
        writes["unlink"] = self.count(api, "DELETE", f"links/{link['id']}")
        undo = f"changes/{self.last.json['change']}/undo"
        writes["undo"] = self.count(api, "POST", undo)
        assert max(writes.values()) <= MOST_OF_A_LINK, writes
        body = {
            "company": company.pk,
            "title": "Klic",
            "starts_at": "2026-03-01T10:00Z",
        }
        writes["create"] = self.count(api, "POST", "events", body)
        body["made_on"] = second
        writes["create and link"] = self.count(api, "POST", "events", body)
        writes["change"] = self.count(
            api, "PATCH", f"activities/{first}", {"title": "A"}
        )
        assert_pinned("query_counts.json", {**found, **writes})
